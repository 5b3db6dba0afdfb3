"""A secret is masked however it is spelled, and what was JSON stays JSON (S5)."""

from __future__ import annotations

import base64
import io
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cado_sentinelone.invoke import invoke
from cado_sentinelone.log import LOGGER, MASK, Mask, PrintableFormatter
from cado_sentinelone.models.action import Action, Output, Params

SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=4)


@given(SECRETS, st.text(max_size=5), st.text(max_size=5))
@example("p@ss word/%", "user:", "@host")
def test_in_a_url_it_is_masked_too(secret, before, after):
    mask = Mask([secret])
    for spelled in (quote(secret, safe=""), quote_plus(secret)):
        assert spelled not in mask(before + spelled + after).replace(MASK, "")


@given(st.binary(max_size=4), SECRETS.filter(lambda text: len(text.encode()) >= 8), st.binary())
@example(b"user:", "canary-secret", b"")
def test_in_base64_it_is_masked_with_whatever_stands_around_it(before, secret, after):
    """As in the header of a proxy: base64 of user:password."""
    everything = before + secret.encode() + after
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        told = Mask([secret])(encode(everything).decode())
        assert MASK in told
        left = told.replace(MASK, "").rstrip("=")
        # What it shares a character with on either side may stay, and no more.
        assert len(left) <= len(encode(before)) + len(encode(after)) + 2


def test_of_a_part_that_is_left_nobody_gets_the_secret():
    coded = base64.b64encode(b"user:canary-secret").decode()
    told = Mask(["canary-secret"])(f"Proxy-Authorization: Basic {coded}")
    assert b"canary" not in base64.b64decode(told.rpartition(" ")[2].replace(MASK, "") + "====")


@pytest.mark.parametrize(
    "secret", ["1234", "true", "null", '": "', "a_id", '{"a"', "\\u00", "[1, 2"]
)
def test_whatever_the_secret_is_json_stays_json(secret):
    """An archive's password may be 1234, and a number may hold it."""
    document = {
        "agent_id": secret,
        "count": 12345,
        "online": True,
        "none": None,
        "list": ["x", "y"],
        "quoted": '{"a": "b"}',
    }
    for text in (json.dumps(document), json.dumps(document, separators=(",", ":"))):
        found = json.loads(Mask([secret]).json(text.encode()))
        assert set(found) == set(document)
        assert found["agent_id"] == MASK
        assert (found["count"], found["online"], found["none"]) == (12345, True, None)


@given(
    st.sampled_from(["1234", "true", "name", '":"', "é€𝄞\n", "\\"]) | SECRETS,
    st.recursive(
        st.none() | st.booleans() | st.integers() | SECRETS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SECRETS, inner, max_size=3),
        max_leaves=6,
    ),
)
def test_no_text_of_a_document_holds_the_secret(secret, value):
    masked = Mask([secret]).json(json.dumps({"field": [value, f"x{secret}x"]}).encode())
    left = []

    def look(found):
        if isinstance(found, str):
            left.append(found.replace(MASK, ""))
        elif isinstance(found, list):
            list(map(look, found))
        elif isinstance(found, dict):
            list(map(look, [*found, *found.values()]))

    look(json.loads(masked)["field"])
    assert len(secret) < 4 or not any(secret in text for text in left)


class Nothing(Params):
    """Nothing."""


class Counted(Output):
    name: str
    count: int


def test_a_secret_that_looks_like_a_number_breaks_no_outcome(monkeypatch):
    def act(asset, params, run):
        run.summary["size"] = 12345
        yield Counted(name="12345", count=12345)

    action = Action("act", "Acts.", Nothing, Counted, act, ("line", "lines"), "test")
    monkeypatch.setattr("cado_sentinelone.host.find_action", lambda name: action)
    outcome = invoke({"action": "act", "asset": {"cado_api_key": "1234"}})
    assert outcome.data == [{"name": f"{MASK}5", "count": 12345}]
    assert outcome.summary == {"size": 12345, "lines": 1}


@pytest.fixture
def written():
    """What our log writes, and a logger below ours."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrintableFormatter("%(levelname)s %(message)s"))
    handlers, level = LOGGER.handlers[:], LOGGER.level
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel("DEBUG")
    yield stream
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


def test_no_name_of_an_endpoint_writes_a_line_of_its_own_s16(written):
    LOGGER.warning("endpoint %s", "lap\nERROR forged\r\nERROR again\u2028ERROR once more")
    (line,) = written.getvalue().splitlines()
    assert line.startswith(r"WARNING endpoint lap\nERROR forged\r\nERROR again\u2028")


def test_no_line_of_a_traceback_looks_like_a_message_s16(written):
    try:
        raise ValueError("lap\nERROR forged")
    except ValueError:
        LOGGER.exception("failed")
    first, *rest = written.getvalue().splitlines()
    assert first == "ERROR failed"
    assert "Traceback" in rest[0] and all(line.startswith("    ") for line in rest)


def test_while_an_action_runs_loggers_below_ours_are_masked_too(written, monkeypatch):
    def act(asset, params, run):
        below = logging.getLogger("cado_sentinelone.acme")
        below.warning("token %s", asset.sentinelone_token.get_secret_value())
        return Counted(name="x", count=1)

    action = Action("act", "Acts.", Nothing, Counted, act, ("line", "lines"), "test")
    monkeypatch.setattr("cado_sentinelone.host.find_action", lambda name: action)
    invoke({"action": "act", "asset": {"sentinelone_token": "canary-token"}})
    assert written.getvalue() == f"WARNING token {MASK}\n"
    assert not LOGGER.filters and not LOGGER.handlers[0].filters
