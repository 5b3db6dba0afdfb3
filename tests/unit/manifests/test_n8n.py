"""n8n's workflows: no key inside, one base URL, a loop that ends; and what our check finds."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.n8n.check import BASE, FILES, check
from cado_sentinelone_manifests.n8n.runner import files


@pytest.fixture
def bundle(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "n8n", field="--out")
    return tmp_path / "n8n"


def test_what_is_rendered_has_no_problem(bundle):
    assert list(check(bundle)) == []


def test_every_action_is_a_node_that_says_what_it_takes(bundle):
    workflow = json.loads((bundle / "actions.json").read_text())
    calls = [node for node in workflow["nodes"] if node["type"].endswith(".httpRequest")]
    actions = load_catalogue().actions()
    assert sorted(node["parameters"]["url"] for node in calls) == sorted(
        f"{BASE}{action.identifier}" for action in actions
    )
    for action in actions:
        (node,) = (n for n in calls if n["parameters"]["url"] == f"{BASE}{action.identifier}")
        required = {name for name, one in action.params.model_fields.items() if one.is_required()}
        assert json.loads(node["parameters"]["jsonBody"]).keys() == required
        assert all(f"\n{name}" in node["notes"] for name in action.params.model_fields)
    assert workflow["connections"] == {}, "run as a whole, it would run every action"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("n8n-nodes-base.httpRequest", "n8n-nodes-base.http", "does not have"),
        ("={{ $('Settings').first().json.base_url }}/v1", "http://10.0.0.1:8788/v1", "base URL"),
        ('"httpHeaderAuth": {', '"httpBasicAuth": {', "no credential"),
        ('"sendBody": true', '"sendHeaders": true', "may hold a key"),
        ("$runIndex", "0", "no end"),
        ('"node": "Wait"', '"node": "Weit"', "no node"),
        ('"name": "Look"', '"name": "Wait"', "one name"),
        ('"nodes": [', '"knots": [', "not a workflow"),
    ],
)
def test_a_twin_that_n8n_would_import_is_found(bundle, old, new, words):
    path = bundle / "collect.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    problems = list(check(bundle))
    assert problems and any(words in problem.message for problem in problems)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(bundle, name):
    (bundle / name).unlink()
    assert [problem.path for problem in check(bundle)] == [name]
