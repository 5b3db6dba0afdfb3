"""One call: envelope, status codes, writes whose answer is no use, and what never leaks."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.errors import (
    AnswerLostError,
    AssetError,
    ParamsError,
    UnauthorizedError,
    VendorError,
)
from cado_sentinelone.models.asset import Asset

NGINX = "<html><head><title>502 Bad Gateway</title></head></html>"


def start_import(cado, **host_options):
    return cado.import_xdr(
        account_name="s1-prod", investigation_id=12, device_id="9", host_options=host_options
    )


def test_the_client_needs_url_and_key(run):
    with pytest.raises(AssetError, match="cado_url, cado_api_key"):
        Cado(Asset(), run)


def test_the_key_goes_out_as_bearer(api, cado):
    api.answer("GET", "/auth/whoami", {"username": "soar", "rbac_role": "Lead Analyst"})
    me = cado.whoami()
    assert (me.username, me.role) == ("soar", "Lead Analyst")
    assert api.mock.calls[0].request.headers["Authorization"] == "Bearer canary-cado-key"


def test_the_platform_is_read(api, cado):
    api.answer("GET", "/system/status", {"status": "Running", "setup_complete": True})
    api.answer("GET", "/platform", {"deployment_details": {"saas": True}, "warnings": None})
    api.answer("GET", "/license", {"license": {"level": "triage_only", "signature": "x"}})
    assert cado.system_status().running
    assert cado.platform().saas is True
    assert cado.licence().level == "TRIAGE_ONLY"


def test_a_licence_that_is_missing_is_an_error(api, cado):
    api.answer("GET", "/license", {})
    with pytest.raises(VendorError):
        cado.licence()


@pytest.mark.parametrize("status", [200, 201])
def test_200_and_201_are_both_a_success(api, cado, status):
    api.answer("POST", "/projects", {"id": 12, "message": "ok"}, status=status)
    api.answer("POST", "/accounts/check", {"pipeline_id": 64}, status=status)
    assert cado.create_investigation("a") == 12
    assert cado.check_account("s1-prod") == 64


def test_a_delete_answers_without_an_object(api, cado):
    api.answer("DELETE", "/accounts/s1-prod")
    assert cado.delete_account("s1-prod") is None


def test_a_delete_that_the_answer_calls_no_success_is_not_claimed(api, cado):
    api.refuse("DELETE", "/accounts/s1-prod", 200, {"status": "error", "message": "no"})
    with pytest.raises(AnswerLostError):
        cado.delete_account("s1-prod")


def test_an_error_page_of_the_proxy_is_survived(api, cado):
    api.refuse("GET", "/auth/whoami", 401, NGINX)
    with pytest.raises(UnauthorizedError, match="a page"):
        cado.whoami()


@pytest.mark.parametrize("body", [[], "text", "null", {"status": "error", "message": "no"}])
def test_an_answer_that_is_no_success_is_an_error(api, cado, body):
    api.refuse("GET", "/platform", 200, body)
    with pytest.raises(VendorError):
        cado.platform()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, NGINX),
        (200, ""),
        (200, {"status": "success"}),
        (200, {"status": "success", "data": {"pipeline_id": None}}),
        (200, {"status": "error"}),
        (202, {"status": "success", "data": {"pipeline_id": 65}}),
        (500, {"status": "error", "message": "boom", "code": "x"}),
        (502, NGINX),
    ],
)
def test_an_import_whose_answer_is_no_use_may_have_started_and_is_sent_once(
    api, cado, status, body
):
    """R1, R2: the answer is lost, and we do not send it again."""
    api.refuse("POST", "/import/xdr", status, body)
    with pytest.raises(AnswerLostError):
        start_import(cado)
    assert api.asked == [("POST", "/import/xdr")]


def test_a_connection_that_breaks_after_an_import_is_a_lost_answer(api, cado):
    """R1: the transport's own AnswerLostError passes through unchanged."""
    api.mock.add("POST", "https://cado.example.com/api/v3/import/xdr", body=ConnectionResetError())
    with pytest.raises(AnswerLostError):
        start_import(cado)
    assert len(api.asked) == 1


def test_the_import_names_the_investigation_by_investigation_id(api, cado):
    api.answer("POST", "/import/xdr", {"pipeline_id": 65})
    assert start_import(cado, light_mode=True) == 65
    assert api.body() == {
        "account_name": "s1-prod",
        "investigation_id": 12,
        "device_id": "9",
        "host_options": {"light_mode": True},
    }


@pytest.mark.parametrize("option", ["max_mode", "enable_memory", "filename", "os"])
def test_options_that_the_import_does_not_have_are_refused_before_sending(api, cado, option):
    with pytest.raises(ParamsError, match=option):
        start_import(cado, **{option: True})
    assert api.asked == []


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_no_path_can_hold_is_refused_before_sending(api, cado, name):
    with pytest.raises(ParamsError):
        cado.delete_account(name)
    assert api.asked == []


def test_a_name_with_reserved_characters_stays_one_segment(api, cado):
    api.answer("GET", "/accounts/a%2Fb%3Fc%20%C3%A9", {"account_name": "a/b?c é"})
    assert cado.account("a/b?c é").name == "a/b?c é"


def test_secrets_appear_in_no_error_log_or_repr(api, cado, caplog):
    """S5: the key and a token that is being added, echoed by the platform."""
    caplog.set_level(logging.DEBUG, "cado_sentinelone")
    echo = {"status": "error", "code": "x", "message": "bad: canary-cado-key canary-new-token"}
    api.refuse("POST", "/accounts", 400, echo)
    with pytest.raises(ParamsError) as caught:
        cado.add_account("s1-prod", "https://console.example.com", SecretStr("canary-new-token"))
    shown = repr(caught.value) + repr(vars(caught.value)) + repr(vars(cado)) + caplog.text
    assert "canary" not in shown
    assert b"canary-new-token" in api.mock.calls[0].request.body
