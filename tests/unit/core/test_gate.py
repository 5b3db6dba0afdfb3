"""The words in which the gate refuses; that the model refuses the same is tested beside this."""

from __future__ import annotations

import pytest

from cado_sentinelone.discovery import index
from cado_sentinelone.gate import refusal
from cado_sentinelone.host import load_catalogue

ACTIONS = {action.identifier: action for action in load_catalogue().actions()}
INDEXED = {name: known["params"] for name, known in index().items() if name in ACTIONS}


@pytest.mark.parametrize(
    ("action", "parameters", "words"),
    [
        ("list_endpoints", {"onlin_only": True}, "did you mean 'online_only'?"),
        ("list_endpoints", {"limit": 0}, "limit: is less than 1"),
        ("list_endpoints", {"limit": "many"}, "limit: is not a whole number"),
        ("list_endpoints", {"os": "beos"}, "os: is not one of windows"),
        ("list_endpoints", {"online_only": "perhaps"}, "online_only: is neither true nor false"),
        ("run_collection", {"investigation": "INC-1"}, "endpoint: is required"),
        ("run_collection", {"endpoint": "", "investigation": "INC-1"}, "endpoint: is empty"),
        ("get_endpoint", {"endpoint": []}, "endpoint: is not text"),
    ],
)
def test_a_plain_mistake_is_named_with_its_field(action, parameters, words):
    assert words in refusal(INDEXED[action], parameters)


def test_it_never_repeats_a_value():
    told = refusal(INDEXED["list_endpoints"], {"limit": "canary-value", "os": "canary-value"})
    assert told and "canary" not in told
