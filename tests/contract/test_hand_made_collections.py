"""Collections that somebody makes by hand from the contracts alone: Cado's own script through RemoteOps,
and an archive put into the bucket by its form. No client of ours has a part in it.
"""

from __future__ import annotations

import base64
import io
import json
import tarfile

import lz4.frame
import pytest
import requests

from cado_sentinelone.sandbox.landmarks import HEALTHY_LINUX, HEALTHY_WINDOWS
from cado_sentinelone.sandbox.running import RunningSandbox

HOUR = 3600.0


class Analyst:
    """Talks to both vendors as their documents say."""

    def __init__(self, sandbox):
        self.world, self.url = sandbox.world, sandbox.url
        asset = sandbox.asset
        self.session = requests.Session()
        self.session.trust_env = False
        self.tokens = {
            "/web/api/v2.1": f"ApiToken {asset['sentinelone_token']}",
            "/api/v3": f"Bearer {asset['cado_api_key']}",
        }

    def ask(self, method, base, path, **more):
        headers = {"Authorization": self.tokens[base]}
        answer = self.session.request(
            method, f"{self.url}{base}{path}", headers=headers, timeout=10, **more
        )
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["data"]

    def sentinelone(self, method, path, **more):
        return self.ask(method, "/web/api/v2.1", path, **more)

    def cado(self, method, path, **more):
        return self.ask(method, "/api/v3", path, **more)

    def host_script(self, project_id, **options):
        body = {
            "deployment": "auto",
            "os": "linux",
            "downloadable": False,
            "command_options": options,
            "project_id": project_id,
        }
        return self.cado("POST", "/import/cado-host", json=body)

    def project(self, name):
        return self.cado("POST", "/projects", json={"case_name": name})["id"]

    def run_script(self, text, agent, kind="dataCollection"):
        """The status row of the script on one agent, when its task has ended."""
        form = {
            "scriptName": "by hand",
            "scriptType": kind,
            "osTypes": agent.os_type,
            "scopeLevel": "account",
            "scopeId": agent.account_id,
            "inputRequired": "false",
        }
        script = self.sentinelone(
            "POST", "/remote-scripts", data=form, files={"file": ("hand.sh", text)}
        )
        body = {
            "filter": {"ids": [agent.agent_id], "accountIds": [agent.account_id]},
            "data": {
                "scriptId": script["id"],
                "taskDescription": "by hand",
                "outputDestination": "SentinelCloud",
            },
        }
        parent = self.sentinelone("POST", "/remote-scripts/execute", json=body)["parentTaskId"]
        self.world.clock.advance(HOUR)
        (row,) = self.sentinelone("GET", f"/remote-scripts/status?parentTaskId={parent}")
        return row

    def evidence(self, project_id):
        """What Cado has of the project after an hour."""
        self.world.clock.advance(HOUR)
        return self.cado("GET", f"/evidences?project_id={project_id}")


@pytest.fixture
def analyst():
    with RunningSandbox(endpoints=30, speed=0) as sandbox:
        analyst = Analyst(sandbox)
        yield analyst
        analyst.session.close()


def archive(**members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name.replace("__", "/"))
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return lz4.frame.compress(packed.getvalue())


def put(analyst, script, name, content):
    """The answer to an upload by the script's form, every field as it came."""
    form = json.loads(base64.b64decode(script["presigned_data"]))
    return analyst.session.post(
        form["url"], data=form["fields"], files={"file": (name, content)}, timeout=10
    )


@pytest.mark.parametrize("options", [{}, {"filename": "cado-host-capture-mine-1.tar.lz4"}])
def test_cados_own_script_collects_the_endpoint_that_it_runs_on(analyst, options):
    agent = analyst.world.agents[HEALTHY_LINUX]
    project_id = analyst.project("by hand")
    script = analyst.host_script(project_id, **options)
    row = analyst.run_script(script["command"], agent)
    assert row["status"] == "completed" and row["scriptResultsSignature"]
    (evidence,) = analyst.evidence(project_id)
    assert evidence["details"]["hostname"] == agent.hostname
    assert evidence["processing_ran"] is True
    if options:
        assert evidence["preservation"]["raw"].endswith(options["filename"])
    pipelines = analyst.cado("GET", f"/pipelines?project_id={project_id}")
    assert sorted(bool(one.get("triggering_pipeline_id")) for one in pipelines) == [False, True]


@pytest.mark.parametrize("fault", ["capture_fails", "disk_full", "upload_refused"])
def test_cados_own_script_hides_its_failure(analyst, fault):
    """Contract 4.2: the task is completed, and nothing arrived."""
    analyst.world.faults.set(fault)
    project_id = analyst.project("by hand")
    script = analyst.host_script(project_id)
    row = analyst.run_script(script["command"], analyst.world.agents[HEALTHY_LINUX])
    assert row["status"] == "completed"
    assert analyst.evidence(project_id) == []


def test_a_script_without_a_credential_collects_nothing(analyst):
    project_id = analyst.project("by hand")
    row = analyst.run_script("hostname\n", analyst.world.agents[HEALTHY_WINDOWS], "action")
    assert row["status"] == "completed"
    assert analyst.evidence(project_id) == []


@pytest.mark.parametrize(
    ("content", "hostname"),
    [
        (archive(etc__hostname=b"acme-db-1\n", var__log__syslog=b"..."), "acme-db-1"),
        (archive(notes=b"nothing about the machine"), "cado-host-capture-1700000000"),
        (b"no archive at all", "cado-host-capture-1700000000"),
    ],
)
def test_an_archive_put_by_hand_is_processed_whoever_made_it(analyst, content, hostname):
    project_id = analyst.project("by hand")
    script = analyst.host_script(project_id)
    done = put(analyst, script, "cado-host-capture-1700000000.tar.lz4", content)
    assert done.status_code == 204
    (evidence,) = analyst.evidence(project_id)
    assert evidence["details"]["hostname"] == hostname
    assert evidence["processing_ran"] is True
    # Of whom it is, nobody knows: no account's machine is named.
    assert "resource" not in evidence


def test_an_archive_of_another_name_waits_for_a_person(analyst):
    """Contract 4.4: only names of captures are imported by themselves."""
    project_id = analyst.project("by hand")
    script = analyst.host_script(project_id)
    assert put(analyst, script, "triage.tar.lz4", archive(a=b"a")).status_code == 204
    assert analyst.evidence(project_id) == []
    assert analyst.cado("GET", f"/pipelines?project_id={project_id}") == []


def test_an_archive_in_another_projects_folder_is_refused(analyst):
    script = analyst.host_script(analyst.project("by hand"))
    form = json.loads(base64.b64decode(script["presigned_data"]))
    fields = form["fields"] | {"key": "cado-collector/project-1/cado-host/x/${filename}"}
    name = "cado-host-capture-1.tar.lz4"
    done = analyst.session.post(form["url"], data=fields, files={"file": (name, b"x")}, timeout=10)
    assert (done.status_code, b"AccessDenied" in done.content) == (403, True)
