"""S5, S6: the upload credential is in the script alone, and the script does not outlive its use."""

from __future__ import annotations

import base64
import json
import logging
import re

import pytest

from cado_sentinelone.sandbox import landmarks

LINUX = landmarks.HEALTHY_LINUX
FAULTS = (
    "", "capture_fails", "upload_refused", "rso_none", "rso_approval", "script_changed*1",
    "task_expires", "no_output", "endpoint_reboots", "missing_permission=Task Management.view",
    "missing_permission=Remote Script Orchestration.upload",
    "missing_permission=Remote Script Orchestration.runArtifactCollectionScript",
    "drop_reply@POST:/web/api/v2.1/remote-scripts/execute*1",
    "error_500@POST:/web/api/v2.1/remote-scripts*1",
)  # fmt: skip


@pytest.fixture
def credentials(bench, monkeypatch):
    """Every upload credential that the sandbox gave out."""
    given = []
    real = bench.sandbox.world.bucket.form

    def form(folder, url):
        made = real(folder, url)
        given.append(base64.b64encode(json.dumps(made).encode()).decode())
        return made

    monkeypatch.setattr(bench.sandbox.world.bucket, "form", form)
    return given


@pytest.mark.parametrize("fault", FAULTS)
def test_no_part_of_an_upload_credential_leaves(bench, credentials, caplog, tmp_path, fault):
    caplog.set_level(logging.DEBUG)
    if fault:
        bench.sandbox.world.faults.set(fault)
    told = []

    def run(action, **parameters):
        outcome = bench.run(action, **parameters)
        told.append(json.dumps(outcome.as_dict(), default=str) + repr(outcome.error))
        return outcome

    asked = {"endpoint": bench.sandbox.world.agents[LINUX].agent_id, "investigation": "INC-1"}
    launched = run("run_collection", **asked, via="remoteops")
    collection_id = launched.summary.get("collection_id", "col-none")
    for _ in range(4):
        bench.sandbox.world.clock.advance(400)
        run("get_task_status", collection_id=collection_id)
    run("list_collections", refresh=True)
    run("get_collection_output", collection_id=collection_id, folder=str(tmp_path))
    run("get_custody_record", collection_id=collection_id, html_file=str(tmp_path / "c.html"))
    run("cancel_collection", collection_id=collection_id)
    assert credentials
    written = [
        path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()
    ]
    everything = "".join([*told, caplog.text, *written])
    for credential in credentials:
        # Any thirty characters of it are a part; its signature is what makes it one.
        assert not re.search(re.escape(credential[200:230]), everything)
        assert credential[-60:-10] not in everything


def test_the_script_that_holds_it_is_gone_when_the_collection_ended(bench):
    """S6."""
    launched = bench.launch(LINUX, via="remoteops")
    bench.to_the_end(launched["collection_id"])
    assert not bench.sandbox.world.sentinelone.remote.scripts


def test_a_credential_reaches_one_prefix_and_expires(bench):
    """S6, as the bucket enforces it."""
    from cado_sentinelone.sandbox.bucket import S3Error

    bucket = bench.sandbox.world.bucket
    fields = bucket.form("cado-collector/project-1/cado-host/x", "http://x")["fields"]
    with pytest.raises(S3Error, match="starts-with"):
        bucket.put(fields | {"key": "cado-collector/project-2/${filename}"}, "a", b"x")
    with pytest.raises(S3Error, match="signature"):
        bucket.put(fields | {"policy": fields["policy"][:-4] + "AAAA"}, "a", b"x")
    bucket.put(fields, "a", b"x")
    bench.sandbox.world.clock.advance(2 * 3600 + 1)
    with pytest.raises(S3Error, match="expired"):
        bucket.put(fields, "a", b"x")
