"""S5: no secret leaves, in no part, over every action and every way it can go wrong."""

from __future__ import annotations

import json
import logging
from urllib.parse import unquote

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.sandbox.faults import FAULTS

CANARY = "canary-Zq7!%40/x"
# What a fault needs as its value, where it needs one.
VALUES = {
    "latency": "0.01",
    "dribble": "100000",
    "missing_permission": "Endpoints.view",
    "missing_permission_status": "403",
    "token_expiring": "1",
    "cado_role": "Read Only Analyst",
    "license": "RESTRICTED",
    "account_issue": "x",
}
PARAMETERS = {
    "get_endpoint": {"endpoint": "ws-hq-00000"},
    "run_collection": {"endpoint": "ws-hq-00000", "investigation": "INC-1"},
    "get_task_status": {"pipeline_id": 1},
    "cancel_collection": {"collection_id": "col-none"},
    "get_findings": {"evidence_id": 1},
    "enrich_endpoint": {"endpoint": "ws-hq-00000"},
    "search_timeline": {"investigation": "1", "query": "x"},
    "add_exclusions": {"scope": "account", "scope_ids": "1391000000000000000"},
    "list_exclusions": {"scope": "account", "scope_ids": "1391000000000000000"},
    "remove_exclusions": {"scope": "account", "scope_ids": "1391000000000000000"},
    "add_account": {"name": "again", "check": False, "token": CANARY},
    "check_account": {"name": "sandbox-acme", "wait_seconds": 0},
    "delete_account": {"name": "again"},
    "create_investigation": {"name": "INC-2"},
}
ACTIONS = sorted(action.identifier for action in load_catalogue().actions())


def leaks(text: str) -> list[str]:
    """The parts of the canary that `text` holds: eight characters in a row are a part."""
    spellings = (CANARY, unquote(CANARY), json.dumps(CANARY)[1:-1])
    return [
        spelling[start : start + 8]
        for spelling in spellings
        for start in range(len(spelling) - 7)
        if spelling[start : start + 8] in text
    ]


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("cado_sentinelone")
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = True
    yield caplog
    logger.setLevel(level)
    logger.propagate = propagate


def look_for_leaks(bench, log, tmp_path) -> None:
    for action in ACTIONS:
        outcome = bench.run(action, **PARAMETERS.get(action, {}))
        assert not leaks(json.dumps(outcome.as_dict(), default=str)), action
        assert not leaks(repr(outcome.error)), action
    assert not leaks(log.text)
    for file in tmp_path.iterdir():
        if file.is_file():
            assert not leaks(file.read_bytes().decode("latin-1")), file.name


@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_no_secret_leaves_whatever_goes_wrong(bench, log, tmp_path, fault):
    """The canaries are the tokens themselves: both vendors refuse them, or answer wrongly."""
    if fault:
        value = f"={VALUES[fault]}" if fault in VALUES else ""
        bench.sandbox.world.faults.set(f"{fault}{value}")
    bench.asset |= {
        "sentinelone_token": f"s1-{CANARY}",
        "cado_api_key": f"cado-{CANARY}",
        "timeout_seconds": 2,
        "total_timeout_seconds": 4,
    }
    look_for_leaks(bench, log, tmp_path)


def test_no_password_of_a_proxy_leaves(bench, log, tmp_path):
    bench.asset |= {
        "proxy_url": "http://user:canary-Zq7!%40%2Fx@127.0.0.1:9",
        "timeout_seconds": 2,
        "total_timeout_seconds": 2,
    }
    look_for_leaks(bench, log, tmp_path)


def test_no_password_of_a_ledger_url_leaves(bench, log, tmp_path):
    bench.asset["ledger_url"] = f"postgresql://user:{CANARY}@db.example/ledger"
    look_for_leaks(bench, log, tmp_path)


def test_no_mistyped_asset_is_quoted(bench, log, tmp_path):
    bench.asset |= {"timeout_seconds": CANARY, "sentinelone_url": f"https://u:{CANARY}@x.example"}
    look_for_leaks(bench, log, tmp_path)
