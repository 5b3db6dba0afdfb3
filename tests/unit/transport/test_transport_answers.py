"""What a call does with the vendor's answers: retries, errors, redirects. No socket in here."""

import json
import logging

import pytest
import requests
import responses

from cado_sentinelone import __version__
from cado_sentinelone.clients.rates import Limit, PrefixRates
from cado_sentinelone.errors import (
    AnswerLostError,
    AssetError,
    ConnectorError,
    DeadlineError,
    RefusedError,
    UnavailableError,
    VendorError,
)

HOST = "https://vendor.example.com"
URL = f"{HOST}/api/v3/things"
PATH = "/api/v3/things"
THROTTLED = b"<html><head><title>429 Too Many Requests</title></head></html>"


@pytest.fixture
def vendor():
    with responses.RequestsMock(
        registry=responses.registries.OrderedRegistry, assert_all_requests_are_fired=True
    ) as mock:
        yield mock


@pytest.fixture
def transport(connect):
    return connect(HOST)


def test_a_call_carries_the_token_and_says_who_is_calling(vendor, transport):
    vendor.get(URL, json={"data": []}, headers={"X-Request-ID": "rq-1"})
    reply = transport.send("GET", PATH, params=[("a", "1"), ("a", "2"), ("b", "x y")])
    assert (reply.vendor, reply.method, reply.path, reply.status) == ("cado", "GET", PATH, 200)
    assert reply.json() == {"data": []}
    assert reply.request_id == "rq-1"
    assert reply.headers["x-request-id"] == "rq-1"
    sent = vendor.calls[0].request
    assert sent.url == f"{URL}?a=1&a=2&b=x+y"
    assert sent.headers["Authorization"].startswith("Bearer canary")
    assert sent.headers["User-Agent"] == f"cado-sentinelone/{__version__}"
    assert sent.headers["Accept-Encoding"] == "gzip"


def test_a_body_is_sent_as_json(vendor, transport):
    vendor.post(URL, json={"data": {}}, status=201)
    transport.send("POST", PATH, body={"name": "é"})
    sent = vendor.calls[0].request
    assert sent.headers["Content-Type"] == "application/json"
    assert json.loads(sent.body) == {"name": "é"}


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_tried_again_until_it_succeeds(vendor, transport, clock, status):
    vendor.get(URL, status=status, body=THROTTLED)
    vendor.get(URL, status=status, body=THROTTLED)
    vendor.get(URL, json={"data": 1})
    assert transport.send("GET", PATH).json() == {"data": 1}
    assert len(clock.pauses) == 2
    assert clock.pauses[1] == 2 * clock.pauses[0]


def test_a_read_gives_up_with_the_vendors_own_error(vendor, transport):
    for _ in range(5):
        vendor.get(URL, status=503, headers={"X-Request-ID": "rq-9"})
    with pytest.raises(ConnectorError, match="explained") as raised:
        transport.send("GET", PATH)
    assert raised.value.http_status == 503
    assert raised.value.request_id == "rq-9"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_401_is_asked_once(vendor, transport, clock, method):
    """S17."""
    vendor.add(method, URL, status=401, json={"errors": [{"code": 4010010}]})
    with pytest.raises(ConnectorError, match="explained"):
        transport.send(method, PATH)
    assert clock.pauses == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_throttling_slows_down_as_asked_and_is_visible(vendor, transport, clock, run, method):
    """R6: an HTML page, with Retry-After once and without once; contract 12.2."""
    vendor.add(method, URL, status=429, body=THROTTLED, headers={"Retry-After": "7"})
    vendor.add(method, URL, status=429, body=THROTTLED, content_type="text/html")
    vendor.add(method, URL, json={"data": 1})
    assert transport.send(method, PATH).json() == {"data": 1}
    assert clock.pauses == [7, 2]
    assert run.summary["throttled"] == 2
    assert len(run.warnings) == 1


def test_a_retry_after_that_is_a_date_is_read_by_the_servers_clock(vendor, transport, clock):
    headers = {
        "Date": "Tue, 24 Nov 2020 10:00:00 GMT",
        "Retry-After": "Tue, 24 Nov 2020 10:00:09 GMT",
    }
    vendor.get(URL, status=429, headers=headers)
    vendor.get(URL, json={})
    transport.send("GET", PATH)
    assert clock.pauses == [9]


def test_a_wait_longer_than_ours_goes_to_the_caller(vendor, transport, clock):
    vendor.get(URL, status=429, headers={"Retry-After": "600"})
    with pytest.raises(ConnectorError, match="explained") as raised:
        transport.send("GET", PATH)
    assert raised.value.retry_after_seconds == 600
    assert clock.pauses == []


def test_no_pause_outlasts_the_run(vendor, transport, clock, run):
    """R8."""
    run.start_deadline(5)
    vendor.get(URL, status=429, headers={"Retry-After": "6"})
    with pytest.raises(ConnectorError, match="explained"):
        transport.send("GET", PATH)
    assert clock.pauses == []


def test_a_run_that_is_over_sends_nothing(vendor, transport, clock, run):
    """R8."""
    run.start_deadline(5)
    clock.now = 5
    with pytest.raises(DeadlineError, match="total_timeout_seconds"):
        transport.send("GET", PATH)


def test_the_tries_of_a_call_share_its_time_and_the_pauses_do_not(
    vendor, transport, clock, monkeypatch
):
    """R8: timeout_seconds, 10 here, is all that the tries of one call may take together."""
    real = transport._exchange

    def slow(*args):
        clock.now += 6
        return real(*args)

    monkeypatch.setattr(transport, "_exchange", slow)
    vendor.get(URL, status=503, headers={"Retry-After": "30"})
    vendor.get(URL, status=503, headers={"Retry-After": "30"})
    with pytest.raises(ConnectorError, match="explained"):
        transport.send("GET", PATH)
    assert clock.pauses == [30]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_that_broke_down_is_lost_not_failed_and_not_repeated(
    vendor, transport, method, status
):
    """R1, R2."""
    vendor.add(method, URL, status=status, headers={"X-Request-ID": "rq-2"})
    with pytest.raises(AnswerLostError) as raised:
        transport.send(method, PATH)
    assert raised.value.http_status == status
    assert raised.value.request_id == "rq-2"


def test_the_vendors_words_for_a_lost_write_are_kept(vendor, connect):
    transport = connect(HOST, explain=lambda reply: AnswerLostError("look in the console"))
    vendor.post(URL, status=502, headers={"X-Request-ID": "rq-3"})
    with pytest.raises(AnswerLostError, match="look in the console") as raised:
        transport.send("POST", PATH)
    assert raised.value.request_id == "rq-3"


def test_a_write_to_a_function_that_does_not_exist_is_not_lost(vendor, transport):
    """SentinelOne contract 1.2: 501 Not supported."""
    vendor.post(URL, status=501)
    with pytest.raises(ConnectorError, match="explained"):
        transport.send("POST", PATH)


@pytest.mark.parametrize("body", [THROTTLED, b'{"data": {"affec', b"OK"])
def test_a_write_whose_success_is_not_told_in_json_is_lost(vendor, transport, body):
    """R2."""
    vendor.post(URL, body=body)
    with pytest.raises(AnswerLostError, match="instead of JSON"):
        transport.send("POST", PATH)


def test_a_read_that_is_not_json_is_the_vendors_error(vendor, transport):
    vendor.get(URL, body=b"<html>maintenance</html>")
    with pytest.raises(VendorError, match="a page of HTML"):
        transport.send("GET", PATH).json()


def test_only_accepted_statuses_come_back(vendor, transport):
    vendor.delete(URL, status=204)
    assert transport.send("DELETE", PATH, accept=frozenset({204})).body == b""
    vendor.get(URL, status=404, body=b"404 page not found")
    assert transport.send("GET", PATH, accept=frozenset({200, 404})).status == 404
    vendor.post(URL, status=400, body=b"<html>")
    assert transport.send("POST", PATH, accept=frozenset({200, 400})).status == 400
    vendor.get(URL, status=204)
    with pytest.raises(VendorError, match="status 204"):
        transport.send("GET", PATH)
    vendor.post(URL, status=202, json={})
    with pytest.raises(AnswerLostError, match="status 202"):
        transport.send("POST", PATH)


def test_a_redirect_on_the_same_server_is_followed(vendor, transport):
    vendor.get(URL, status=307, headers={"Location": "/api/v3/there?page=2"})
    vendor.get(f"{HOST}/api/v3/there?page=2", json={"data": 2})
    assert transport.send("GET", PATH).json() == {"data": 2}


def test_a_redirect_to_another_host_is_refused_and_nothing_is_sent_there(vendor, transport):
    """S3: the mock knows no other host, so a call there would fail differently."""
    vendor.get(URL, status=302, headers={"Location": "https://evil.example.net/"})
    with pytest.raises(RefusedError, match=r"redirects .* to https://evil\.example\.net"):
        transport.send("GET", PATH)
    assert len(vendor.calls) == 1


def test_redirects_end(vendor, transport):
    for _ in range(6):
        vendor.get(URL, status=302, headers={"Location": PATH})
    with pytest.raises(VendorError, match="one redirect after the other"):
        transport.send("GET", PATH)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_write_is_never_redirected(vendor, transport, status):
    """R1: it may have been done before the redirect was answered."""
    vendor.post(URL, status=status, headers={"Location": PATH})
    with pytest.raises(AnswerLostError, match=str(status)):
        transport.send("POST", PATH)


@pytest.mark.parametrize(
    "failure", [requests.ConnectionError("canary"), requests.ReadTimeout("canary")]
)
def test_a_lost_answer_is_tried_again_for_a_read_and_told_for_a_write(
    vendor, transport, clock, failure
):
    vendor.get(URL, body=failure)
    vendor.get(URL, json={"data": 1})
    assert transport.send("GET", PATH).json() == {"data": 1}
    assert len(clock.pauses) == 1
    vendor.post(URL, body=failure)
    with pytest.raises(AnswerLostError) as raised:
        transport.send("POST", PATH)
    # S5: the library's error holds the request, and the request the token.
    assert raised.value.__context__ is None
    assert "canary" not in str(raised.value)


def test_a_read_that_stays_lost_ends(vendor, transport):
    for _ in range(5):
        vendor.get(URL, body=requests.ConnectionError())
    with pytest.raises(UnavailableError, match="Cado cannot be reached") as raised:
        transport.send("GET", PATH)
    assert raised.value.retryable


@pytest.mark.parametrize("token", ["a\r\nX: y", "a b\n", "ключ", "a\x00", "a "])
def test_a_token_that_no_header_can_hold_is_refused_without_being_shown(connect, token):
    """S5: the library's own error would quote it."""
    with pytest.raises(AssetError) as raised:
        connect(HOST, token=token)
    assert token not in str(raised.value)


def test_the_base_url_is_checked_again(connect):
    """S3: whoever builds the asset, nothing else is dispatched."""
    with pytest.raises(AssetError, match="cado_url"):
        connect("https://10.0.0.1", allow_private_addresses=False)


def test_the_budget_is_asked_before_every_try(vendor, connect, run, clock):
    """R6."""
    transport = connect(HOST, rates=PrefixRates(run, {"/api/v3": Limit(0.1, 1)}))
    vendor.get(URL, status=503)
    vendor.get(URL, json={})
    transport.send("GET", PATH)
    assert clock.now == pytest.approx(10)


def test_the_log_tells_the_call_and_none_of_its_secrets(vendor, transport, caplog):
    """S5."""
    caplog.set_level(logging.DEBUG)
    vendor.post(URL, json={"data": "canary"}, headers={"X-Request-ID": "rq-7", "X-A": "canary"})
    transport.send("POST", PATH, params=[("q", "canary")], body={"apiToken": "canary"})
    assert f"POST {PATH}: 200 after" in caplog.text
    assert "rq-7" in caplog.text
    assert "canary" not in caplog.text
    assert "canary" not in repr(vars(transport))


def test_switching_verification_off_marks_every_run_and_is_logged_once(connect, run, caplog):
    """S2."""
    connect(HOST, verify_tls=False)
    connect(HOST, verify_tls=False)
    assert run.warnings == ["TLS certificates are not verified: verify_tls is off"]
    run.warnings.clear()
    connect(HOST, verify_tls=False)
    assert len(run.warnings) == 1
    assert caplog.text.count("verify_tls is off") == 1


def test_verification_is_on_by_default(connect, run):
    connect(HOST)
    assert run.warnings == []
