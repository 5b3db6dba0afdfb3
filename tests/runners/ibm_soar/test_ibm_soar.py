"""codegen makes the app, validate finds nothing critical, package packs it, resilient-circuits runs it."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NAME = "fn_cado_sentinelone"
_COUNT = re.compile(r"^(Critical Issues|Warnings|Validations Passed):\s+\D*?(\d+)", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[\d+m")


@pytest.fixture(scope="module")
def run(environment, told):
    run = environment("run")
    told.version = run.version("resilient-sdk", "resilient-circuits")
    return run


@pytest.fixture(scope="module")
def app(run, render, tmp_path_factory):
    """The folder of the app that make.sh made of the rendered files."""
    folder = tmp_path_factory.mktemp("app") / "bundle"
    shutil.copytree(render("ibm_soar"), folder)
    done = run.run("/bin/sh", folder / "make.sh", cwd=folder)
    assert "App created at" in done.stdout + done.stderr, done.stdout + done.stderr
    return folder / NAME


@pytest.fixture(scope="module")
def counts(run):
    """What validate counted; its exit status says nothing."""

    def counts(app):
        done = run.run(
            "resilient-sdk", "validate", "-p", app, "--validate", "-c", "/dev/null", cwd=app
        )
        text = _COLOUR.sub("", done.stdout + done.stderr)
        found = {name: int(count) for name, count in _COUNT.findall(text)}
        assert found.keys() == {"Critical Issues", "Warnings", "Validations Passed"}, text
        return found

    return counts


def test_nothing_critical_is_found(app, counts, told):
    found = counts(app)
    assert (found["Critical Issues"], found["Warnings"]) == (0, 0)
    assert found["Validations Passed"] >= 40
    told.validator = f"validate: 0 critical, {found['Validations Passed']} passed; twin refused"


def test_a_twin_is_found_critical(app, counts, tmp_path):
    shutil.copytree(app, tmp_path / NAME)
    setup = tmp_path / NAME / "setup.py"
    setup.write_text(
        setup.read_text().replace('author="cado-sentinelone"', 'author="<<your name here>>"')
    )
    sample = (
        tmp_path / NAME / "payload_samples" / "cado_s1_get_endpoint" / "output_json_example.json"
    )
    sample.write_text("{}")
    assert counts(tmp_path / NAME)["Critical Issues"] == 2


def test_the_app_is_packed_whole(app):
    (packed,) = (app / "dist").glob("app-*.zip")
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
    assert {"app.json", "export.res"} <= set(names)
    assert any(name.endswith(".tar.gz") for name in names)


def test_circuits_runs_it(run, app, settings, hostname, told, tmp_path):
    done = run.run(
        "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
        "--force-reinstall", app, cwd=app,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results, inside = tmp_path / "results.jsonl", tmp_path / "test_inside.py"
    shutil.copy(HERE / "inside.py", inside)
    done = run.run(
        *("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", inside),
        *("--resilient_email", "a@example.com", "--resilient_password", "x"),
        *("--resilient_host", "localhost", "--resilient_org", "Test"),
        cwd=tmp_path,
        variables={
            "SETTINGS": json.dumps({name: text(value) for name, value in settings.items()}),
            "PROOF_HOSTNAME": hostname,
            "PROOF_RESULTS": str(results),
        },
    )
    assert "2 passed" in done.stdout, done.stdout[-3000:] + done.stderr[-2000:]
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    told.executed += [function for function, succeeded in lines if succeeded]
    assert ["get_endpoint", False] in lines


def test_the_selftest_is_the_doctor(run, app, settings):
    code = (
        "import json, sys; from fn_cado_sentinelone.util.selftest import selftest_function as t;"
        "print(json.dumps(t({'fn_cado_sentinelone': json.loads(sys.argv[1])})))"
    )
    found = {}
    for name, section in (("good", settings), ("bad", settings | {"cado_url": ""})):
        done = run.run("-c", code, json.dumps(section), cwd=app.parent)
        found[name] = json.loads(done.stdout.splitlines()[-1])
    assert found["good"]["state"] == "success"
    assert found["bad"]["state"] == "failure" and "cado_url" in found["bad"]["reason"]


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list | tuple) else str(value)
