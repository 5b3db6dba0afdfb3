"""Other people's plugins: a good one is everywhere, a broken one is left out, a clash is told."""

from __future__ import annotations

import json

import pytest

from cado_sentinelone.console.complete import candidates

BROKEN = ("cannot_import", "raises", "wrong_type", "no_hook", "exits", "no_such_module")


def words(found):
    return [word for word, _ in found]


def test_a_good_plugin_s_action_runs_like_a_built_in_one(with_plugins):
    line = with_plugins("acme_good")
    outcome = line.document(
        "run", "acme_echo", "--json", "-p", "text=hello", "-p", "times=2", "-p", "tone=loud"
    )
    assert outcome["status"] == "success" and outcome["message"] == "2 echoes"
    assert outcome["data"] == [{"text": "HELLO"}, {"text": "HELLO"}]


def test_what_a_plugin_prints_is_not_in_the_document(with_plugins):
    done = with_plugins("acme_good").run("run", "acme_echo", "--json", "-p", "text=x", status=0)
    assert "a plugin that prints" in done.stderr
    assert json.loads(done.stdout)["data"] == [{"text": "x"}]


def test_a_plugin_s_secret_is_masked_s5(with_plugins):
    parameters = json.dumps({"text": "x", "passphrase": "canary-secret"})
    done = with_plugins("acme_good").run("run", "acme_echo", "--json", "--params", parameters)
    assert "canary-secret" not in done.stdout + done.stderr
    assert json.loads(done.stdout)["warnings"] == ["the passphrase is ********"]


def test_a_good_plugin_is_in_the_catalogue_with_its_schema(with_plugins):
    line = with_plugins("acme_good")
    assert "acme_echo" in line.run("actions", status=0).stdout
    (entry,) = [
        one for one in line.document("actions", "--json") if one["identifier"] == "acme_echo"
    ]
    assert entry["params"]["properties"]["tone"]["enum"] == ["calm", "loud"]


def test_a_good_plugin_answers_a_runner_and_help(with_plugins):
    line = with_plugins("acme_good")
    request = {"action": "acme_echo", "parameters": {"text": "x"}}
    assert line.document("invoke", stdin=json.dumps(request).encode(), status=0)["data"]
    assert "How to say it." in line.run("run", "acme_echo", "--help", status=0).stdout


def test_a_good_plugin_s_mistakes_are_named_like_ours(with_plugins):
    line = with_plugins("acme_good")
    outcome = line.document("run", "acme_echo", "--json", "-p", "tme=3", status=2)
    assert "did you mean" in outcome["error"]["message"]
    outcome = line.document("run", "acme_ecko", "--json", status=2)
    assert "acme_echo" in outcome["error"]["message"]


def test_completion_knows_a_good_plugin(with_plugins):
    line = with_plugins("acme_good")
    assert "acme_echo\t" in line.run("__complete", "run", "acme", status=0).stdout
    told = line.run("__complete", "run", "acme_echo", "-p", "tone=", status=0).stdout
    assert told.split() == ["tone=calm", "tone=loud"]


def test_built_in_actions_run_beside_plugins(with_plugins):
    """With others installed the models decide, and they decide the same."""
    line = with_plugins("acme_good", "acme_broken")
    outcome = line.document("run", "list_endpoints", "--json", status=2)
    assert outcome["error"]["kind"] == "asset" and "sentinelone_url" in outcome["error"]["message"]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_shown_with_the_reason(with_plugins, name):
    rows = json.loads(with_plugins("acme_broken").run("plugins", "--json", status=1).stdout)
    (row,) = [one for one in rows if name in one["actions"]]
    assert (row["status"], row["distribution"]) == ("broken", "acme-broken")
    assert row["reason"]


def test_a_broken_plugin_is_left_out_loudly_and_never_fatal(with_plugins):
    line = with_plugins("acme_broken", "acme_good")
    done = line.run("run", "acme_echo", "--json", "-p", "text=x", status=0)
    assert "acme-broken is left out" in done.stderr
    assert "no_hook" in line.run("plugins", status=1).stdout
    outcome = line.document("run", "raises", "--json")
    assert outcome["error"]["kind"] == "plugin"
    assert "licence server" in outcome["error"]["message"]


def test_a_name_that_a_built_in_action_has_is_an_error_naming_both(with_plugins):
    line = with_plugins("acme_clash")
    outcome = line.document("run", "list_endpoints", "--json", status=1)
    assert outcome["error"]["kind"] == "plugin"
    for owner in ("cado-sentinelone", "acme-clash"):
        assert owner in outcome["error"]["message"]
    # The plugin's other action and our other actions are not touched.
    assert line.document("run", "acme_shared", "--json", status=0)["data"] == [{}]
    assert "list_endpoints" in line.run("plugins", status=1).stdout


def test_two_plugins_with_one_name_are_an_error_naming_both(with_plugins):
    line = with_plugins("acme_clash", "acme_rival")
    outcome = line.document("run", "acme_shared", "--json", status=1)
    assert outcome["error"]["kind"] == "plugin"
    for owner in ("acme-clash", "acme-rival"):
        assert owner in outcome["error"]["message"]
    assert line.document("run", "acme_own", "--json", status=0)["data"] == [{}]
    statuses = {
        (row["distribution"], row["status"])
        for row in json.loads(line.run("plugins", "--json", status=1).stdout)
    }
    assert {("acme-clash", "clash"), ("acme-rival", "clash")} <= statuses


def test_completion_of_ours_needs_no_plugin():
    assert "list_endpoints" in words(candidates(["run", "list_e"]))
    assert words(candidates(["run", "list_endpoints", "-p", "os=l"])) == ["os=linux"]
    assert words(candidates(["completion", ""])) == ["bash", "zsh", "fish"]
    assert words(candidates(["no_such", ""])) == []
