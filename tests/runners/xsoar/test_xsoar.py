"""demisto-sdk passes, prepares and packs the pack; the integration runs on a stand-in for the platform."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import tomllib
from pathlib import Path

import pytest

from cado_sentinelone_manifests.xsoar.check import check

HERE = Path(__file__).parent
ID = "CadoSentinelOne"
# They ask a graph database, the Docker hub or other servers.
NEED_SERVERS = {
    "DO100", "DO101", "DO102", "DO103", "DO104", "GR100", "GR102", "GR104", "GR105", "GR108",
    "GR113", "GR118", "IF117", "LO100", "PA124", "PB133", "SC109",
}  # fmt: skip


@pytest.fixture(scope="module")
def tools(environment, told):
    tools = environment("tools")
    told.version = tools.version("demisto-sdk")
    return tools


@pytest.fixture(scope="module")
def rules(tools, tmp_path_factory):
    """A configuration with every rule of the vendor's own list that runs offline, and how many."""
    code = (
        "import demisto_sdk.commands.validate as v, pathlib;"
        "print((pathlib.Path(v.__file__).parent / 'sdk_validation_config.toml').read_text())"
    )
    done = tools.run("-c", code, cwd="/tmp")  # noqa: S108 - any folder
    known = tomllib.loads(done.stdout)["path_based_validations"]["select"]
    wanted = [rule for rule in known if rule not in NEED_SERVERS]
    lines = [
        "ignorable_errors = []", "[path_based_validations]",
        f"select = {json.dumps(wanted)}", "warning = []",
        "[use_git]", "select = []", "warning = []",
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("rules") / "offline.toml"
    path.write_text("\n".join(lines))
    return path, len(wanted)


@pytest.fixture
def content(render, tmp_path):
    """A content repository with the pack in it, as demisto-sdk wants it."""
    shutil.copytree(HERE / "content", tmp_path / "content")
    shutil.copytree(render("xsoar"), tmp_path / "content" / "Packs" / ID)
    return tmp_path / "content"


@pytest.fixture
def sdk(tools, content):
    """Runs demisto-sdk in the repository, whose files are committed first."""

    def sdk(*arguments):
        identity = ("-c", "user.name=proof", "-c", "user.email=proof@example.com")
        for command in (
            ("init", "-q"),
            ("add", "-A"),
            ("commit", "-q", "--allow-empty", "-m", "x"),
        ):
            subprocess.run(["git", *identity, *command], cwd=content, check=True)  # noqa: S603, S607
        done = tools.run(
            "demisto-sdk",
            *arguments,
            cwd=content,
            variables={
                "DEMISTO_SDK_IGNORE_CONTENT_WARNING": "1",
                "DEMISTO_SDK_CONTENT_PATH": str(content),
            },
        )
        return done.stdout + done.stderr

    return sdk


def validate(sdk, rules):
    return sdk(
        *("validate", "-i", f"Packs/{ID}", "--config-path", str(rules[0])),
        "--ignore-support-level",
    )


def test_the_rules_pass_it(sdk, rules, told):
    text = validate(sdk, rules)
    assert "All validations passed." in text, text
    assert rules[1] >= 178
    told.validator = f"{rules[1]} rules of demisto-sdk pass; twins refused"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("category: Forensics & Malware Analysis", "category: Nonsense", "IN104"),
        ("Use system proxy settings", "Use a proxy", "IN100"),
        ("commonfields:", "nonsense: 1\ncommonfields:", "ST110"),
    ],
)
def test_twins_are_refused(sdk, rules, content, old, new, rule):
    path = content / "Packs" / ID / "Integrations" / ID / f"{ID}.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    text = validate(sdk, rules)
    assert "All validations passed." not in text and rule in text, text


def test_it_is_prepared_and_packed(sdk, content, tmp_path):
    (tmp_path / "out").mkdir()
    sdk("prepare-content", "-i", f"Packs/{ID}/Integrations/{ID}", "-o", str(tmp_path / "out"))
    unified = (tmp_path / "out" / f"integration-{ID}.yml").read_text()
    assert "cado-s1-run-collection" in unified and "xsoar.presenter" in unified
    sdk("zip-packs", "-i", f"Packs/{ID}", "-o", str(tmp_path / "out"))
    assert list((tmp_path / "out").rglob(f"{ID}.zip"))


@pytest.fixture(scope="module")
def call(environment, render, settings, told, tmp_path_factory):
    """What one run of the integration returned, entry by entry."""
    run = environment("run")
    folder = render("xsoar") / "Integrations" / ID
    secrets = ("sentinelone_token", "cado_api_key", "ledger_url")
    params = {
        name: {"identifier": "", "password": value} if name in secrets else value
        for name, value in settings.items()
    } | {"insecure": False, "proxy": False}

    def call(command, params=params, **args):
        results = tmp_path_factory.mktemp("results") / "results.jsonl"
        asked = {"command": command, "params": params, "args": args}
        done = run.run(
            "python",
            folder / f"{ID}.py",
            cwd=folder,
            variables={
                "CALL": json.dumps(asked),
                "RESULTS": str(results),
                "PYTHONPATH": str(HERE / "standin"),
            },
        )
        assert done.returncode == 0, done.stderr
        (entry,) = [json.loads(line) for line in results.read_text().splitlines()]
        if command != "test-module" and entry["Type"] == 1:
            told.executed.append(entry["Contents"]["action"])
        return entry

    call.params = params
    return call


def test_connectivity(call, told):
    assert call("test-module") == "ok"
    told.executed.append("test_connectivity")
    words = call("test-module", call.params | {"cado_url": ""})
    assert "cado_url" in words


def test_endpoints_are_listed(call, hostname):
    entry = call("cado-s1-list-endpoints", hostname_contains=hostname)
    ((path, records),) = entry["EntryContext"].items()
    assert path == "CadoS1.Endpoint(val.agent_id == obj.agent_id)"
    assert [one["hostname"] for one in records] == [hostname]
    assert (
        entry["HumanReadable"].startswith("### 1 endpoint\n|")
        and hostname in entry["HumanReadable"]
    )


def test_a_collection_is_come_back_for_until_it_has_ended(call, hostname):
    entry = call("cado-s1-run-collection", endpoint=hostname, investigation="INC-2187", wait="true")
    assert entry["PollingCommand"] == "cado-s1-get-task-status" and entry["NextRun"] == "60"
    (records,) = entry["EntryContext"].values()
    deadline = time.monotonic() + 120
    while "PollingCommand" in entry:
        assert time.monotonic() < deadline
        entry = call(entry["PollingCommand"], **entry["PollingArgs"])
    (ended,) = entry["EntryContext"].values()
    assert ended[0]["state"] == "completed"
    findings = call("cado-s1-get-findings", collection_id=records[0]["collection_id"])
    assert findings["Contents"]["data"][0]["verdict"] != "pending"


def test_without_wait_it_returns_at_once(call, hostname):
    entry = call("cado-s1-run-collection", endpoint=hostname, investigation="INC-2188")
    assert entry["Type"] == 1 and "PollingCommand" not in entry


def test_a_failure_tells_the_operator_why_and_what_to_do(call):
    entry = call("cado-s1-get-endpoint", endpoint="no-such-endpoint")
    assert entry["Type"] == 4
    assert "no-such-endpoint" in entry["Contents"] and "[not_found]" in entry["Contents"]
    assert call("cado-s1-no-such-command")["Type"] == 4


@pytest.mark.parametrize(
    ("old", "new"), [('"type": 9', '"type": 99'), ('"type": "String"', '"type": "Strang"')]
)
def test_what_the_rules_let_pass_our_check_refuses(content, old, new):
    path = content / "Packs" / ID / "Integrations" / ID / f"{ID}.yml"
    path.write_text(path.read_text().replace(old, new, 1))
    assert list(check(content / "Packs" / ID))
