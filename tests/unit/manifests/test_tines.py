"""Tines' stories: they fit the actions that they call, and what our check finds."""

from __future__ import annotations

import json
import re

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.packing import write_files
from cado_sentinelone_manifests.description import describe
from cado_sentinelone_manifests.tines.check import BASE, FILES, check, event_name
from cado_sentinelone_manifests.tines.runner import files


@pytest.fixture
def bundle(tmp_path):
    write_files(files(load_catalogue().actions()), tmp_path / "tines", field="--out")
    return tmp_path / "tines"


@pytest.fixture(scope="module")
def description():
    return describe(load_catalogue().actions())


def calls(bundle, name):
    """The action that each HTTP request calls, and its payload, by the name of its events."""
    story = json.loads((bundle / name).read_text())
    return {
        event_name(agent["name"]): (
            agent["options"]["url"].removeprefix(BASE),
            agent["options"]["payload"],
        )
        for agent in story["agents"]
        if agent["type"] == "Agents::HTTPRequestAgent"
    }


def test_what_is_rendered_has_no_problem(bundle):
    assert list(check(bundle)) == []


def test_every_action_can_be_called(bundle, description):
    called = dict(calls(bundle, "actions.json").values())
    assert called == {one.identifier: one.example_parameters for one in description.actions}


def test_the_story_of_the_main_job_sends_and_reads_what_there_is(bundle, description):
    called = calls(bundle, "collect.json")
    for action, payload in called.values():
        known = description.action(action)
        assert payload.keys() <= {one.name for one in known.parameters}
    places = re.findall(r"<<(\w+)\.body\.data\[0\]\.(\w+)>>", (bundle / "collect.json").read_text())
    assert {name for name, _ in places} == {"collect", "look"}
    for name, place in places:
        assert place in description.action(called[name][0]).output_schema["properties"], place


def test_the_loop_leads_back_to_the_wait_and_to_an_end(bundle):
    story = json.loads((bundle / "collect.json").read_text())
    names = [agent["name"] for agent in story["agents"]]
    links = {(names[link["source"]], names[link["receiver"]]) for link in story["links"]}
    assert {("Look again", "Wait"), ("Looked long enough", "Left")} <= links


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Agents::HTTPRequestAgent", "Agents::HttpAgent", "does not have"),
        ("<<settings.base_url>>/v1", "https://10.0.0.1/v1", "base URL"),
        ("<<CREDENTIAL.cado_sentinelone>>", "a-real-key", "key of the credential"),
        ("field<value", "field>=value", "no end"),
        ("field>=value", "field=>value", "has a rule"),
        ("<<look.body", "<<lock.body", "no action"),
        ('"receiver": 13', '"receiver": 14', "no action"),
        ('"name": "Left"', '"name": "Look"', "one name"),
        ('"diagram_layout": "{', '"diagram_layout": "{\\"0\\": 1, ', "place every action"),
        ('"guid": "', '"guid": "x', "hexadecimal"),
        ('"agents"', '"actions"', "not a story"),
    ],
)
def test_a_twin_is_found(bundle, old, new, words):
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
