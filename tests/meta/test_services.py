"""The files by which workers run as services say what the connector knows (S18, S20)."""

import os
import re
import shlex
import shutil
import subprocess

import pytest
import yaml

from cado_sentinelone.arguments import parser
from cado_sentinelone.assets import NOT_SETTINGS, PREFIX
from cado_sentinelone.models.asset import Asset

SECRETS = re.compile(r"PASS|TOKEN|KEY|LEDGER_URL|BROKER_URL")


@pytest.fixture(scope="module")
def compose(root):
    return yaml.safe_load((root / "packaging" / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def unit(root):
    """The unit's settings, each with all its values."""
    path = root / "packaging" / "systemd" / "cado-sentinelone-fleet@.service"
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def works_by_queue(arguments):
    parsed = parser("fleet").parse_args(arguments)
    return (parsed.module, parsed.what, parsed.celery) == ("fleet", "work", True)


def test_the_commands_are_commands(compose, unit):
    assert works_by_queue(compose["services"]["worker"]["command"])
    [line] = unit["ExecStart"]
    program, *arguments = shlex.split(line)
    assert program.endswith("/cado-sentinelone") and works_by_queue(arguments)


def test_every_name_of_the_environment_is_one(root, compose):
    files = [root / "packaging" / "compose.yaml", *(root / "packaging" / "systemd").iterdir()]
    known = {*NOT_SETTINGS, *map(str.upper, Asset.model_fields)}
    for path in files:
        names = re.findall(rf"\b{PREFIX}([A-Z_]+)", path.read_text(encoding="utf-8"))
        assert names and set(names) <= known, path.name
    assert f"{PREFIX}BROKER_URL" in compose["services"]["worker"]["environment"]


def test_no_secret_is_written_down_and_nothing_is_published_s20(compose):
    for name, service in compose["services"].items():
        assert "ports" not in service and service["restart"] == "unless-stopped", name
        for variable, value in service["environment"].items():
            if SECRETS.search(variable):
                assert re.search(r"\$\{\w+:\?", value), variable
    assert compose["networks"]["inside"]["internal"] is True
    assert all("healthcheck" in compose["services"][name] for name in ("postgres", "rabbitmq"))
    worker = compose["services"]["worker"]
    assert worker["read_only"] and worker["cap_drop"] == ["ALL"]


def test_the_workers_image_is_built_of_what_is_locked_s18(root, compose):
    built = compose["services"]["worker"]["build"]
    recipe = (root / "packaging" / built["context"] / built["dockerfile"]).read_text()
    locks = (root / "packaging" / "lock.py").read_text(encoding="utf-8")
    for name, value in built["args"].items():
        assert f"ARG {name}=" in recipe
        assert f'"{value.removeprefix("requirements/").removesuffix(".txt")}": [' in locks


def test_the_unit_is_stopped_as_the_worker_stops_s20(unit):
    assert unit["KillSignal"] == ["SIGTERM"] and unit["Restart"] == ["always"]
    for name in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "ProtectHome"):
        assert unit[name] == ["yes"], name


def test_systemd_takes_the_unit(root, tmp_path):
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd is not installed here")
    name = "cado-sentinelone-fleet@.service"
    text = (root / "packaging" / "systemd" / name).read_text(encoding="utf-8")
    program = tmp_path / "cado-sentinelone"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    path = tmp_path / name.replace("@", "@acme")
    path.write_text(text.replace("/opt/cado-sentinelone/bin/cado-sentinelone", str(program)))
    done = subprocess.run(  # noqa: S603 - systemd's own program
        [verify, "verify", "--man=no", str(path)],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert (done.returncode, done.stderr) == (0, "")
