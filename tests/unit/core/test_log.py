"""What leaves for people: masked, printable, and tied to the run (S5, S16)."""

from __future__ import annotations

import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cado_sentinelone.log import (
    LOGGER,
    MASK,
    Mask,
    PrintableFormatter,
    log_to_stderr,
    masked,
    printable,
    with_passwords,
)


@given(st.text(min_size=4), st.text(), st.text())
def test_a_secret_is_masked_wherever_it_stands(secret, before, after):
    told = Mask([secret])(before + secret + after)
    assert secret not in told.replace(MASK, "")


@given(st.text(min_size=4).filter(lambda text: text not in MASK))
def test_a_secret_is_masked_as_repr_and_inside_json(secret):
    mask = Mask([secret])
    assert secret not in mask(repr(secret)).replace(MASK, "")
    assert json.loads(mask.json(json.dumps([secret]).encode())) == [MASK]
    assert json.loads(mask.json(json.dumps([secret], ensure_ascii=False).encode())) == [MASK]


def test_a_secret_that_contains_another_leaves_no_rest():
    mask = Mask(["secret", "secret-longer"])
    assert mask("the secret-longer one") == f"the {MASK} one"


def test_texts_too_short_to_be_secrets_are_left_alone():
    assert Mask(["", "a", "abc"])("a cab") == "a cab"


def test_a_password_in_a_url_is_a_secret_too_also_decoded():
    found = with_passwords(["http://user:p%40ss-word@proxy.example.com:8080"])
    assert {"p%40ss-word", "p@ss-word"} <= set(found)


@pytest.fixture
def logged():
    """A logger like ours, with a mask, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrintableFormatter("%(message)s"))
    mask = Mask(["canary-secret"])
    handlers, level = LOGGER.handlers[:], LOGGER.level
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel("DEBUG")
    LOGGER.addFilter(mask)
    yield stream
    LOGGER.removeFilter(mask)
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


def test_logs_are_masked_with_their_arguments_and_tracebacks_s5(logged):
    LOGGER.info("token %s", "canary-secret")
    try:
        raise ValueError("canary-secret")
    except ValueError:
        LOGGER.exception("failed with %r", {"t": "canary-secret"})
    told = logged.getvalue()
    assert "canary" not in told and MASK in told and "Traceback" in told


def test_a_run_that_ends_leaves_the_masks_of_the_others_in_place_s5(logged):
    """Also for the record that is being logged at that very moment."""
    ends = masked(Mask(["of the run that ends"]))

    class EndsMeanwhile(Mask):
        def filter(self, record):
            ends.__exit__(None, None, None)
            return True

    ends.__enter__()
    with masked(EndsMeanwhile()), masked(Mask(["canary-of-another"])):
        LOGGER.getChild("below").warning("canary-of-another")
    assert "canary" not in logged.getvalue() and MASK in logged.getvalue()


def test_one_line_of_a_log_stays_one_line_whatever_an_endpoint_is_called_s16(logged):
    LOGGER.info("endpoint %s", "lap\x1b[31m\rfake\u202egnp")
    (line,) = logged.getvalue().splitlines()
    assert "\x1b" not in line and "\u202e" not in line and "\\x1b[31m" in line


@given(st.text())
def test_what_is_printable_has_no_control_character_s16(text):
    assert printable(text).isprintable()


def test_the_log_names_the_run(capsys):
    handlers, level, propagate = LOGGER.handlers[:], LOGGER.level, LOGGER.propagate
    try:
        log_to_stderr("info", "run-7")
        LOGGER.info("hello")
        LOGGER.debug("not this")
    finally:
        LOGGER.handlers[:] = handlers
        LOGGER.setLevel(level)
        LOGGER.propagate = propagate
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("INFO run-7 hello")
