"""Every secret of the asset by reference, from the command line to both vendors and the ledger (S5)."""

import json
import os
import subprocess
import sys

import pytest

from cado_sentinelone.sandbox.running import RunningSandbox

SECRETS = ("sentinelone_token", "cado_api_key", "ledger_url")


class Tenant:
    """One tenant's asset file, whose secrets are in files beside it, and the command line."""

    def __init__(self, folder, asset):
        self.folder = folder
        values = {name: asset[name] for name in SECRETS[:2]}
        # The ledger's folder has a name that must not be shown either.
        values["ledger_url"] = f"sqlite:///{folder}/canary-ledger.db"
        self.canaries = [*values.values(), "canary-ledger"]
        references = {}
        for name, value in values.items():
            (folder / name).write_text(value + "\n", encoding="utf-8")
            (folder / name).chmod(0o444)
            references[name] = {"from": "file", "path": str(folder / name)}
        (folder / "asset.json").write_text(json.dumps(asset | references), encoding="utf-8")

    def run(self, *arguments, status=0, **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CADO_SENTINELONE_")}
        variables = {"CADO_SENTINELONE_ASSET": str(self.folder / "asset.json")} | variables
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "cado_sentinelone", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=environment | variables | {"CADO_SENTINELONE_LOG_LEVEL": "debug"},
        )
        for canary in self.canaries:
            assert canary not in done.stdout + done.stderr
        assert done.returncode == status, done.stderr
        return done

    def outcome(self, *arguments, **settings):
        return json.loads(self.run("run", *arguments, "--json", **settings).stdout)


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox(endpoints=40, speed=3600) as sandbox:
        yield sandbox


@pytest.fixture
def tenant(tmp_path, sandbox):
    return Tenant(tmp_path, sandbox.asset)


def test_a_collection_runs_with_nothing_but_references(tenant):
    found = tenant.outcome("list_endpoints", "-p", "online_only=true", "-p", "os=windows")
    endpoint = next(one for one in found["data"] if one["collectable"])
    launched = tenant.outcome(
        *("run_collection", "-p", f"endpoint={endpoint['agent_id']}"),
        *("-p", "investigation=INC-2187", "-p", "wait_seconds=60"),
    )
    collection_id = launched["data"][0]["collection_id"]
    assert (tenant.folder / "canary-ledger.db").is_file()
    status = tenant.outcome("get_task_status", "-p", f"collection_id={collection_id}")
    assert status["data"][0]["state"] == launched["data"][0]["state"]


def test_the_doctors_work_with_references(tenant):
    (found,) = tenant.outcome("test_connectivity")["data"]
    passed = {check["name"] for check in found["checks"] if check["status"] == "ok"}
    assert {"SentinelOne: token accepted", "Cado: API key accepted", "ledger writable"} <= passed, (
        passed
    )
    assert "workers" in tenant.run("fleet", "doctor").stdout


def test_the_environment_may_hold_the_references(tenant):
    settings = json.loads((tenant.folder / "asset.json").read_text())
    variables = {
        f"CADO_SENTINELONE_{name.upper()}" + "_FROM" * (name in SECRETS): value
        if isinstance(value, str)
        else json.dumps(value)
        for name, value in settings.items()
    }
    outcome = tenant.outcome(
        "list_endpoints", "-p", "limit=3", CADO_SENTINELONE_ASSET="", **variables
    )
    assert len(outcome["data"]) == 3


def test_a_proxy_s_password_by_reference_is_not_shown(tenant):
    (tenant.folder / "proxy").touch(0o600)
    (tenant.folder / "proxy").write_text("http://acme:canary-pass-2187@127.0.0.1:9\n")
    settings = json.loads((tenant.folder / "asset.json").read_text())
    settings["proxy_url"] = {"from": "file", "path": "proxy"}  # from the working directory
    (tenant.folder / "asset.json").write_text(json.dumps(settings))
    tenant.canaries.append("canary-pass-2187")
    error = tenant.outcome("list_endpoints", status=1)["error"]
    assert error["kind"] == "unavailable"  # nobody listens there; without it, it would succeed


def test_a_secret_that_changes_is_read_anew(tenant, sandbox):
    token = tenant.folder / "sentinelone_token"
    token.chmod(0o600)
    token.write_text("no-such-token-canary")
    tenant.canaries.append("no-such-token-canary")
    assert tenant.outcome("list_endpoints", status=1)["error"]["kind"] == "unauthorized"
    token.write_text(sandbox.asset["sentinelone_token"])
    assert tenant.outcome("list_endpoints", "-p", "limit=1")["data"]


def test_a_secret_that_is_not_there_is_a_wrong_asset(tenant):
    (tenant.folder / "cado_api_key").unlink()
    error = tenant.outcome("list_endpoints", status=2)["error"]
    assert error["kind"] == "asset"
    assert error["message"].startswith("cado_api_key: the file ")


def test_a_request_may_not_bring_a_reference(tenant):
    reference = {"from": "file", "path": str(tenant.folder / "sentinelone_token")}
    request = {"action": "list_endpoints", "asset": {"sentinelone_token": reference}}
    done = subprocess.run(
        [sys.executable, "-m", "cado_sentinelone", "invoke"],
        check=False,
        capture_output=True,
        input=json.dumps(request).encode(),
        cwd=tenant.folder,
    )
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["kind"]) == (2, "asset")
    assert "only from the asset file and the environment" in error["message"]
