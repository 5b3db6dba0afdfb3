"""Plugins that are wrong in ways nobody thinks of: one of them is out, everything else works."""

from __future__ import annotations

import json

import pytest

PLUGIN = """
from cado_sentinelone.models.action import Action, Output, Params
from cado_sentinelone.plugin import hookimpl


class Taken(Params):
    text: str = "x"


class Given(Output):
    text: str = "x"


FACTS = dict(
    identifier="acme_act",
    summary="Act.",
    params=Taken,
    output=Given,
    run=lambda asset, params, run: Given(),
    noun=("act", "acts"),
    group="acme",
)


@hookimpl
def cado_sentinelone_actions():
    return [Action(**FACTS)]
"""


def plugin(**facts):
    """The plugin above with other facts, each a Python expression."""
    changed = "".join(f'FACTS["{name}"] = {value}\n' for name, value in facts.items())
    return PLUGIN + changed


def listed(line):
    """What `actions --json` lists, by identifier."""
    return {one["identifier"]: one for one in line.document("actions", "--json", status=0)}


def only_row(line, distribution):
    rows = json.loads(line.run("plugins", "--json").stdout)
    (row,) = [one for one in rows if one["distribution"] == distribution]
    return row


def test_the_plugin_that_the_others_are_made_of_is_right(command_line):
    command_line.install("acme", plugin())
    assert "acme_act" in listed(command_line)
    assert only_row(command_line, "acme")["status"] == "loaded"


WRONG = [
    ("identifier", "5"),
    ("identifier", "''"),
    ("identifier", "'two words'"),
    ("identifier", r"'clear\x1b[2J'"),
    ("identifier", "'--json'"),
    ("params", "dict"),
    ("params", "None"),
    ("params", "Given"),
    ("output", "dict"),
    ("output", "Given()"),
    ("run", "None"),
    ("summary", "None"),
    ("noun", "'act'"),
    ("noun", "None"),
    ("group", "None"),
    ("uses", "'cado'"),
    ("uses", "('everything',)"),
    ("columns", "(1, 2)"),
    ("columns", "5"),
]


def test_a_declaration_that_cannot_work_is_left_out_with_the_field_s_name(command_line):
    for number, (fact, value) in enumerate(WRONG):
        command_line.install(f"acme_{number}", plugin(**{fact: value}))
    catalogue = listed(command_line)
    assert "list_endpoints" in catalogue
    assert {one["distribution"] for one in catalogue.values()} == {"cado-sentinelone"}
    rows = json.loads(command_line.run("plugins", "--json", status=1).stdout)
    for number, (fact, value) in enumerate(WRONG):
        (row,) = [one for one in rows if one["distribution"] == f"acme-{number}"]
        assert row["status"] == "broken", (fact, value)
        assert f"wrong: {fact} " in row["reason"], (fact, value)


def test_a_model_that_cannot_be_built_costs_only_its_own_action(command_line):
    module = plugin().replace('text: str = "x"', 'text: "Nowhere" = "x"', 1)
    command_line.install("acme", module)
    assert "list_endpoints" in listed(command_line)
    outcome = command_line.document("run", "list_endpoints", "--json", status=2)
    assert outcome["error"]["kind"] == "asset"
    outcome = command_line.document("run", "acme_act", "--json", status=1)
    assert outcome["error"]["kind"] == "plugin"
    row = only_row(command_line, "acme")
    assert row["status"] == "broken" and "Taken" in row["reason"]


def test_what_a_plugin_prints_while_it_is_loaded_is_in_no_document(command_line):
    module = plugin().replace("    return [", "    print('at the hook')\n    return [")
    command_line.install("acme", "print('at its import')\n" + module)
    for command in ("actions", "plugins"):
        done = command_line.run(command, "--json", status=0)
        assert json.loads(done.stdout)
        assert "at its import" in done.stderr and "at the hook" in done.stderr
    told = command_line.run("__complete", "run", "acme").stdout
    assert told == "acme_act\tAct.\n"


BROKEN_INDEXES = [
    "raise SystemExit('no display')",
    "ACTIONS = 5",
    "ACTIONS = {'list_endpoints': None, 'acme_act': None}",
    "ACTIONS = {'acme_act': {'summary': 'x'}}",
    "ACTIONS = {'acme_act': {'summary': 5, 'params': {}}}",
    "ACTIONS = {'acme_act': {'summary': 'x', 'params': []}}",
    "ACTIONS = {5: {'summary': 'x', 'params': {}}}",
    "print('{')\nimport nowhere",
]


def test_a_broken_index_is_as_good_as_none(command_line):
    """Its actions, and ours, work without."""
    command_line.install("acme", plugin())
    for number, module in enumerate(BROKEN_INDEXES):
        command_line.install(f"acme_{number}", module, group="cado_sentinelone_index")
    assert command_line.document("run", "acme_act", "--json", status=0)["data"] == [{"text": "x"}]
    assert "text" in command_line.run("run", "acme_act", "--help", status=0).stdout
    assert command_line.run("__complete", "run", "acme_act", "-p", "te").stdout == "text=\t\n"
    outcome = command_line.document("run", "list_endpoints", "-p", "limit=0", "--json", status=2)
    assert outcome["error"]["kind"] == "params" and "limit" in outcome["error"]["message"]
    rows = json.loads(command_line.run("plugins", "--json", status=1).stdout)
    for number, module in enumerate(BROKEN_INDEXES):
        (row,) = [one for one in rows if one["distribution"] == f"acme-{number}"]
        assert row["status"] == "broken" and row["reason"], module


def test_an_index_cannot_change_what_another_s_action_takes(command_line):
    """It says that list_endpoints takes nothing: then the models decide."""
    module = (
        "ACTIONS = {'list_endpoints': {'summary': 'x', 'params': {'properties': {},"
        " 'additionalProperties': False}}}"
    )
    command_line.install("acme_index", module, group="cado_sentinelone_index")
    outcome = command_line.document("run", "list_endpoints", "-p", "limit=3", "--json", status=2)
    assert outcome["error"]["kind"] == "asset"
    assert "online_only" in command_line.run("run", "list_endpoints", "--help", status=0).stdout


def test_an_entry_point_that_leads_nowhere_is_shown(command_line):
    for number, target in enumerate(("", "acme_1:nowhere", "acme_2:FACTS", ":", "..acme_4")):
        entries = f"acme = {target}\n"
        command_line.install(f"acme_{number}", plugin(), entries=entries)
    rows = json.loads(command_line.run("plugins", "--json", status=1).stdout)
    broken = {row["distribution"] for row in rows if row["status"] == "broken"}
    assert broken == {f"acme-{number}" for number in range(5)}
    assert "list_endpoints" in listed(command_line)


def test_metadata_that_is_no_text_is_nobody_s_end(command_line):
    root = command_line.install("acme", plugin())
    other = root / "broken-1.0.dist-info"
    other.mkdir()
    (other / "entry_points.txt").write_bytes(b"[cado_sentinelone]\nx\xff = y\n")
    assert "acme_act" in listed(command_line)
    assert only_row(command_line, "broken")["status"] == "broken"


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        ("run.summary[('a', 'b')] = 1", "plugin"),
        ("run.summary = 5", "plugin"),
        ("run.summary['loop'] = run.summary", "plugin"),
        ("run.message = 5", None),
        ("run.warnings.append(5)", None),
        ("run.summary['nan'] = float('nan')", None),
        ("run.warn('half of a character: \\ud800')", None),
        ("raise SystemExit('bye')", "internal"),
        ("raise GeneratorExit", "internal"),
        ("import sys; sys.setrecursionlimit(100); f = lambda: f(); f()", "internal"),
        ("run.close()", None),
        ("import os; os.close(0)", None),
    ],
)
def test_whatever_an_action_says_or_does_one_document_comes_out(command_line, says, kind):
    module = (
        plugin(run="act") + f"\n\ndef act(asset, params, run):\n    {says}\n    return Given()\n"
    )
    module = module.replace('FACTS["run"] = act', "") + 'FACTS["run"] = act\n'
    command_line.install("acme", module)
    done = command_line.run("invoke", stdin=b'{"action": "acme_act"}', status=1 if kind else 0)
    outcome = json.loads(done.stdout, parse_constant=pytest.fail)
    assert (outcome["error"] or {}).get("kind") == kind
    assert "Traceback" not in done.stderr
    json.dumps(outcome, ensure_ascii=False).encode()  # no half of a character


def test_a_plugin_s_own_log_is_masked_below_ours(command_line):
    module = (
        "import logging\nfrom pydantic import SecretStr\n"
        + plugin(run="act").replace('text: str = "x"', 'password: SecretStr = SecretStr("")', 1)
        + "\n\ndef act(asset, params, run):\n"
        "    word = params.password.get_secret_value()\n"
        "    logging.getLogger('cado_sentinelone.acme').warning('the word is %s', word)\n"
        "    return Given()\n"
    )
    module = module.replace('FACTS["run"] = act', "") + 'FACTS["run"] = act\n'
    command_line.install("acme", module)
    parameters = '{"password": "canary-word"}'
    done = command_line.run("run", "acme_act", "--json", "--params", parameters, status=0)
    assert "the word is ********" in done.stderr
    assert "canary" not in done.stdout + done.stderr
