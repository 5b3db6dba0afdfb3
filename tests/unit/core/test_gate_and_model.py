"""Whatever the gate and the index let through, the model has the last word: for every action's
parameters, from the request to the outcome, and for the asset.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cado_sentinelone.asset_index import ASSET
from cado_sentinelone.assets import load_asset
from cado_sentinelone.console import quick
from cado_sentinelone.discovery import index
from cado_sentinelone.errors import AssetError
from cado_sentinelone.gate import refusal
from cado_sentinelone.host import load_catalogue
from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.asset import Asset

ACTIONS = {action.identifier: action for action in load_catalogue().actions()}
INDEXED = {name: known["params"] for name, known in index().items() if name in ACTIONS}

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1", "1.0", "-1", "true", "NO", "a,b", ",", "9" * 400, "\ud800", "é", "x"])
    | st.sampled_from(["2026-01-31T08:00:00Z", "12345678901234567890", "ws-hq", "10.0.0.1"])
)
ANYTHING = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS)


def spoken(schema):
    """Values that this schema speaks of, on either side of its bounds, also as text."""
    found = [*schema.get("enum", ()), *schema.get("examples", ())]
    for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if bound in schema:
            found += [schema[bound] + step for step in (-1, 0, 1)]
    for bound in ("minLength", "maxLength"):
        if bound in schema:
            found += ["x" * max(0, schema[bound] + step) for step in (-1, 0, 1)]
    for part in (*schema.get("anyOf", ()), *filter(None, [schema.get("items")])):
        found += spoken(part)
    return found + [str(one) for one in found if isinstance(one, int)]


def forms(properties, names):
    """Fields filled in at random: rightly, nearly so, and not at all; now and then one too many."""
    return st.fixed_dictionaries(
        {},
        optional={
            name: ANYTHING
            | (st.sampled_from(known) if (known := spoken(properties.get(name, {}))) else ANYTHING)
            for name in names
        },
    ) | st.dictionaries(st.sampled_from([*names, "no_such"]), ANYTHING, max_size=3)


@pytest.mark.parametrize("name", sorted(INDEXED))
def test_a_request_is_refused_just_when_the_model_refuses_it(name):
    """With an asset that is always wrong, so that nothing runs when the parameters are right."""
    model = ACTIONS[name].params

    @settings(max_examples=40)  # of each of them; where one is wrong, all are
    @given(forms(INDEXED[name].get("properties", {}), model.model_fields))
    def check(parameters):
        try:
            model.model_validate(parameters)
        except ValidationError:
            expected = "params"
        else:
            expected = "asset"
        problem = quick.problem(name, parameters)
        request = {"action": name, "parameters": parameters, "asset": {"timeout_seconds": -1}}
        outcome = invoke(request)
        assert outcome.error is not None and outcome.error.kind == expected
        assert problem is None or expected == "params"

    check()


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_every_action_is_in_the_index(name):
    """Were one not, its mistakes would wait for pydantic, and the tests here would not see it."""
    assert name in INDEXED
    assert set(INDEXED[name]["properties"]) == set(ACTIONS[name].params.model_fields)


@given(forms(ASSET["properties"], Asset.model_fields))
def test_the_gate_refuses_no_asset_that_the_model_accepts(form):
    if refusal(ASSET, form):
        with pytest.raises(ValidationError):
            Asset.model_validate(form)


@given(forms(ASSET["properties"], Asset.model_fields))
def test_an_asset_is_refused_just_when_its_model_refuses_it(form):
    # Empty counts as not given, but not for a name that does not exist.
    given = {
        name: value
        for name, value in form.items()
        if value not in (None, "") or name not in Asset.model_fields
    }
    try:
        made = Asset.model_validate(given)
    except ValidationError:
        with pytest.raises(AssetError):
            load_asset(form, environment={})
    else:
        assert load_asset(form, environment={}) == made
