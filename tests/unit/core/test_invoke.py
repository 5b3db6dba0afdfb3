"""`invoke`: whatever comes in, exactly one JSON document goes out (design 5)."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.console.invoke import MAX_REQUEST_BYTES
from cado_sentinelone.errors import ConnectorError, RefusedError
from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.action import Action, Output, Params, Run

KINDS = {
    "params",
    "asset",
    "unauthorized",
    "forbidden",
    "not_found",
    "conflict",
    "throttled",
    "unavailable",
    "timeout",
    "approval",
    "refused",
    "ledger",
    "plugin",
    "internal",
}


@pytest.mark.parametrize(
    ("request_bytes", "kind"),
    [
        (b"", "params"),
        (b"{", "params"),
        (b"null", "params"),
        (b"[]", "params"),
        (b'"list_endpoints"', "params"),
        (b"{}", "params"),
        (b'{"action": 5}', "params"),
        (b'{"action": "list_endpoints", "parameter": {}}', "params"),
        (b'{"action": "list_endpoints", "parameters": [1]}', "params"),
        (b'{"action": "list_endpoints", "parameters": {"limit": NaN}}', "params"),
        (b'{"action": "list_endpoints", "asset": "x"}', "asset"),
        (b'{"action": "list_endpoints", "asset": {"sentinelone_ur": "x"}}', "asset"),
        (b'{"action": "list_endpoints", "asset": {"verify_tls": "perhaps"}}', "asset"),
        (b'{"action": "no_such"}', "params"),
        (b"\xff\xfe", "params"),
        (b"[" * 100_000, "params"),
        (b" " * (MAX_REQUEST_BYTES + 1), "params"),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else value,
)
def test_a_wrong_request_is_one_document_and_status_2(command_line, request_bytes, kind):
    outcome = command_line.document("invoke", stdin=request_bytes, status=2)
    assert (outcome["status"], outcome["error"]["kind"]) == ("failure", kind)
    assert outcome["data"] == [] and outcome["error"]["remedy"]


def test_unknown_keys_are_refused_with_the_nearest_right_one(command_line):
    outcome = command_line.document("invoke", stdin=b'{"acton": "list_endpoints"}', status=2)
    assert "did you mean 'action'" in outcome["error"]["message"]


class Nothing(Params):
    """Nothing."""


class Line(Output):
    text: str = ""


def acting(monkeypatch, run):
    """Has the action "act" be the given function."""
    action = Action("act", "Acts.", Nothing, Line, run, ("line", "lines"), "test")
    monkeypatch.setattr("cado_sentinelone.host.find_action", lambda name: action)
    return {"action": "act"}


def test_whatever_an_action_raises_becomes_an_outcome(monkeypatch):
    def act(asset, params, run):
        yield Line(text="first")
        raise RuntimeError("canary: what a vendor said")

    outcome = invoke(acting(monkeypatch, act))
    assert outcome.error is not None and outcome.error.kind == "internal"
    assert "RuntimeError at test_invoke.py" in outcome.message and "canary" not in outcome.to_json()
    # What came before it stays.
    assert outcome.data == [{"text": "first"}] and outcome.exit_status == 1


def test_an_action_that_exits_does_not_take_the_runner_along(monkeypatch):
    def act(asset, params, run):
        raise SystemExit(3)

    outcome = invoke(acting(monkeypatch, act))
    assert outcome.error is not None and outcome.error.kind == "internal"


@pytest.mark.parametrize("result", [5, "text", [object()], [{}, 5]])
def test_a_result_that_is_no_record_is_the_plugin_s_mistake(monkeypatch, result):
    outcome = invoke(acting(monkeypatch, lambda asset, params, run: result))
    assert outcome.error is not None and outcome.error.kind == "plugin"


def test_an_action_s_own_error_keeps_all_that_it_says(monkeypatch):
    def act(asset, params, run):
        raise RefusedError(
            "no",
            remedy="Do that.",
            vendor="cado",
            http_status=409,
            request_id="r-1",
            retryable=True,
        )

    error = invoke(acting(monkeypatch, act)).as_dict()["error"]
    assert error == {
        "kind": "refused", "message": "no", "remedy": "Do that.", "vendor": "cado",
        "http_status": 409, "request_id": "r-1", "retryable": True, "retry_after_seconds": None,
    }  # fmt: skip


def test_nobody_reads_any_more_stops_what_only_reads(monkeypatch):
    seen = []

    def act(asset, params, run):
        for number in range(5):
            seen.append(number)
            yield Line(text=str(number))

    invoke(acting(monkeypatch, act), emit=lambda line, action, *, alone: False)
    assert seen == [0]


def test_tls_that_is_not_verified_marks_the_outcome_s2(monkeypatch):
    request = acting(monkeypatch, lambda asset, params, run: Line())
    assert not invoke(request).warnings
    assert "verify_tls" in invoke(request | {"asset": {"verify_tls": False}}).warnings[0]


def test_a_run_is_told_apart_by_its_id(monkeypatch):
    request = acting(monkeypatch, lambda asset, params, run: Line())
    assert invoke(request).run_id != invoke(request).run_id
    assert invoke(request, run=Run(run_id="given")).run_id == "given"


def every_error():
    """Every error there is, by its class."""
    found, left = [], [ConnectorError]
    while left:
        one = left.pop()
        found.append(one)
        left += one.__subclasses__()
    return found


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_has_a_kind_and_a_remedy_in_words(error):
    raised = error("what went wrong")
    assert raised.kind in KINDS
    assert len(raised.remedy.split()) >= 4 and raised.remedy.endswith(".")
    assert raised.remedy != raised.message


def test_every_kind_of_the_protocol_has_an_error():
    assert {error.kind for error in every_error()} == KINDS


def test_an_asset_that_lacks_something_names_it():
    outcome = invoke({"action": "get_endpoint", "parameters": {"endpoint": "x"}})
    assert "sentinelone_url, sentinelone_token" in outcome.message
    assert "CADO_SENTINELONE_SENTINELONE_URL" in json.dumps(outcome.as_dict())
