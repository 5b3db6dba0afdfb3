"""The gate refuses only what the model refuses too, for every action (gate.py)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cado_sentinelone.discovery import index
from cado_sentinelone.gate import refusal
from cado_sentinelone.host import load_catalogue

ACTIONS = {action.identifier: action for action in load_catalogue().actions()}
INDEXED = {name: known["params"] for name, known in index().items() if name in ACTIONS}


def spoken(schema):
    """Values that this schema speaks of, on either side of its bounds."""
    found = [*schema.get("enum", ()), *schema.get("examples", ())]
    for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if bound in schema:
            found += [schema[bound] + step for step in (-1, 0, 1)]
            found += [str(schema[bound])]
    for part in schema.get("anyOf", ()):
        found += spoken(part)
    return found


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.lists(st.text(max_size=4) | st.integers() | st.none(), max_size=3)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
    | st.sampled_from(["", " ", "1", "1.0", "1e3", "true", "NO", "a,b", ",", "null", "9" * 400])
    | st.sampled_from(["2026-01-31T08:00:00Z", "2026-01-31", 1e300, -0.0, b"bytes", ("a",)])
)


@pytest.mark.parametrize("name", sorted(INDEXED))
def test_what_it_refuses_the_model_refuses(name):
    schema, model = INDEXED[name], ACTIONS[name].params
    fields = schema.get("properties", {})
    values = st.fixed_dictionaries(
        {},
        optional={
            field: ANYTHING
            | (st.sampled_from(known) if (known := spoken(fields.get(field, {}))) else st.nothing())
            for field in model.model_fields
        }
        | {"no_such": ANYTHING},
    )

    @given(values)
    def check(parameters):
        words = refusal(schema, parameters)
        if words:
            with pytest.raises(ValidationError):
                model.model_validate(parameters)

    check()


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
