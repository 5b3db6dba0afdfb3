"""The SDK makes the app's manifest and runs its actions."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest

from cado_sentinelone.host import load_catalogue
from cado_sentinelone_manifests.splunk_soar_sdk.check import APP_ID, PROJECT, SOURCE, check


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("splunk-soar-sdk")
    return run


@pytest.fixture(scope="module")
def app(render, tmp_path_factory):
    """The app in a folder whose name is a Python package's, as the SDK imports it."""
    folder = tmp_path_factory.mktemp("apps") / "cado_sentinelone_app"
    shutil.copytree(render("splunk_soar_sdk"), folder)
    return folder


@pytest.fixture(scope="module")
def act(run, app, settings, told):
    """What an action printed and whether it succeeded, run as `python -m src.app action`."""
    # The platform's forms know no lists.
    given = {
        name: ",".join(value) if isinstance(value, list) else value
        for name, value in settings.items()
    }

    def act(action, change=None, **parameters):
        (app / "asset.json").write_text(json.dumps(given | (change or {})))
        (app / "params.json").write_text(json.dumps(parameters))
        command = ["-m", "src.app", "action", action, "-a", "asset.json"]
        if action != "test_connectivity":
            command += ["-p", "params.json"]
        done = run.run(*command, cwd=app)
        good = "Action success: True" in done.stdout
        if good:
            told.executed.append(action)
        return good, done.stdout + done.stderr

    return act


@pytest.fixture(scope="module")
def manifest(run, app, tmp_path_factory):
    """The manifest that the SDK derives from the app after a change of its source, or its words."""
    [wheel] = [
        Path(one)
        for one in run.run("-m", "pip", "freeze", cwd=app).stdout.replace("file://", "").split()
        if one.endswith(".whl") or ".whl#" in one
    ]
    wheel = Path(str(wheel).partition("#")[0])

    def manifest(change=lambda source: source):
        folder = tmp_path_factory.mktemp("project") / app.name
        shutil.copytree(app, folder)
        shutil.copy(wheel, folder)
        source = f'\n[tool.uv.sources]\ncado-sentinelone = {{ path = "{wheel.name}" }}\n'
        with (folder / PROJECT).open("a") as project:
            project.write(source)
        path = folder / SOURCE
        path.write_text(change(path.read_text()))
        # Where the packages of the lock come from is the machine's business, as it was for pip.
        locked = run.run("uv", "lock", "--python", run.python, cwd=folder, variables=index())
        assert locked.returncode == 0, locked.stderr
        done = run.run("soarapps", "manifests", "create", "manifest.json", ".", cwd=folder)
        written = folder / "manifest.json"
        return json.loads(written.read_text()) if written.is_file() else done.stdout + done.stderr

    return manifest


def index():
    """What tells uv where packages are, of this machine's environment; it does not ask pip's."""
    told = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "SSL_"))}
    if url := os.environ.get("PIP_INDEX_URL"):
        told.setdefault("UV_DEFAULT_INDEX", url)
    return told


def test_the_sdk_derives_the_manifest_and_refuses_twins(manifest, app, told):
    made = manifest()
    actions = {one["identifier"]: one for one in made["actions"]}
    classic = {one.identifier for one in load_catalogue().actions()}
    assert actions.keys() == classic
    assert made["configuration"]["sentinelone_token"]["data_type"] == "password"
    assert made["configuration"]["timeout_seconds"]["data_type"] == "numeric"
    launch = actions["run_collection"]
    assert launch["parameters"]["profile"]["value_list"] == ["balanced", "light", "max", "custom"]
    assert launch["parameters"]["endpoint"]["contains"][0] == "host name"
    assert launch["parameters"]["investigation"]["required"] and not launch["read_only"]
    paths = {one["data_path"] for one in actions["test_connectivity"].get("output", [])}
    assert not any("checks" in path for path in paths)
    paths = {one["data_path"]: one for one in actions["get_task_status"]["output"]}
    assert "action_result.data.*.steps.*.state" in paths
    for old, new in (
        (APP_ID, "no uuid"),
        ("limit: int | None", "limit: list[int] | None"),
        ("-> list[ListEndpointsOutput]", "-> dict"),
    ):
        refused = manifest(lambda source, old=old, new=new: source.replace(old, new))
        assert isinstance(refused, str) and "Error" in refused
    told.validator = "the SDK derives the manifest from it; three twins refused"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("or global scope.', sensitive=True", "or global scope.', sensitive=False"),
        ("@app.test_connectivity()", "@app.action()"),
    ],
)
def test_what_the_sdk_lets_pass_our_check_refuses(app, tmp_path, old, new):
    shutil.copytree(app, tmp_path / "app")
    path = tmp_path / "app" / SOURCE
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert list(check(tmp_path / "app"))


def test_connectivity(act):
    good, output = act("test_connectivity")
    assert good and "Run add_exclusions" in output
    good, output = act("test_connectivity", {"cado_url": ""})
    assert not good and "Asset misconfiguration" in output


def test_the_main_job(act, hostname):
    good, output = act("list_endpoints", hostname_contains=hostname)
    assert good and f'"hostname": "{hostname}"' in output and "'endpoints': 1" in output
    good, output = act("run_collection", endpoint=hostname, investigation="INC-2187")
    assert good, output
    wanted = {"collection_id": re.search(r"col-[0-9a-f]{20}", output)[0]}
    deadline = time.monotonic() + 150
    while '"terminal": true' not in (output := act("get_task_status", **wanted)[1]):
        assert time.monotonic() < deadline, output
    assert '"state": "completed"' in output
    good, output = act("get_findings", **wanted)
    assert good and '"verdict"' in output and '"verdict": "pending"' not in output


def test_a_failure_tells_the_operator_why_and_what_to_do(act, settings):
    good, output = act("get_endpoint", endpoint="no-such-endpoint")
    assert not good and "no-such-endpoint" in output and "[not_found]" in output
    assert "Traceback" not in output
    for name in ("sentinelone_token", "cado_api_key"):
        assert settings[name] not in output
