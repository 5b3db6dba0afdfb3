"""What the script wrote, fetched; and the record of it all, written out (S13, S15)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cado_sentinelone.errors import UnavailableError
from cado_sentinelone.sandbox import landmarks

LINUX = landmarks.HEALTHY_LINUX


@pytest.fixture
def collected(bench):
    launched = bench.launch(LINUX, via="remoteops")
    bench.to_the_end(launched["collection_id"])
    return launched["collection_id"]


def test_the_output_is_kept_as_it_came_and_unpacked(bench, collected, tmp_path):
    outcome = bench.run("get_collection_output", collection_id=collected, folder=str(tmp_path))
    assert outcome.error is None, outcome.error
    archive, member = outcome.data
    assert (archive["kind"], member["kind"]) == ("archive", "member")
    for file in outcome.data:
        content = Path(file["path"]).read_bytes()
        assert file["digest_sha256"] == hashlib.sha256(content).hexdigest()
        assert file["size_bytes"] == len(content)
    line = json.loads(Path(member["path"]).read_text().splitlines()[-1])
    assert (line["key"], line["outcome"]) == (collected, "uploaded")


def test_what_is_there_already_is_not_fetched_again(bench, collected, tmp_path):
    first = bench.run("get_collection_output", collection_id=collected, folder=str(tmp_path)).data
    for task in bench.sandbox.world.sentinelone.remote.tasks.values():
        task.result = b""
    again = bench.run("get_collection_output", collection_id=collected, folder=str(tmp_path))
    assert again.error is None and again.data == first


def test_a_download_that_broke_off_goes_on_where_it_was(bench, collected, tmp_path, monkeypatch):
    from cado_sentinelone.clients.presigned import Link
    from cado_sentinelone.engine import fetching

    real, asked = Link.part, []

    def breaks_once(self, start, size_bytes):
        asked.append(start)
        if len(asked) == 3:
            raise UnavailableError("the connection broke off")
        return real(self, start, size_bytes)

    monkeypatch.setattr(Link, "part", breaks_once)
    monkeypatch.setattr(fetching, "PART_BYTES", 64)
    outcome = bench.run("get_collection_output", collection_id=collected, folder=str(tmp_path))
    assert outcome.error is not None and outcome.error.kind == "unavailable"
    assert list(tmp_path.glob("*.zip")) == []
    outcome = bench.run("get_collection_output", collection_id=collected, folder=str(tmp_path))
    assert outcome.error is None and asked[:4] == [0, 64, 128, 128]
    task = next(iter(bench.sandbox.world.sentinelone.remote.tasks.values()))
    assert Path(outcome.data[0]["path"]).read_bytes() == task.result


def test_a_result_of_another_task_is_not_taken(bench, collected, tmp_path, monkeypatch):
    """S13."""
    from cado_sentinelone.clients.sentinelone_remoteops import RemoteOpsCalls

    real = RemoteOpsCalls.result_links

    def anothers(self, task_ids):
        links, errors = real(self, task_ids)
        return [link.model_copy(update={"task_id": "1"}) for link in links], errors

    monkeypatch.setattr(RemoteOpsCalls, "result_links", anothers)
    outcome = bench.run("get_collection_output", collection_id=collected, folder=str(tmp_path))
    assert outcome.error is not None and "another task" in outcome.message
    assert list(tmp_path.glob("*.zip")) == []


def test_a_hostile_archive_is_kept_and_refused(bench, collected, tmp_path):
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil", b"x")
    for task in bench.sandbox.world.sentinelone.remote.tasks.values():
        task.result = packed.getvalue()
    (tmp_path / "in").mkdir()
    outcome = bench.run(
        "get_collection_output", collection_id=collected, folder=str(tmp_path / "in")
    )
    assert outcome.error is not None and outcome.error.kind == "refused"
    names = {path.name for path in tmp_path.rglob("*")} - {
        "ledger.db",
        "ledger.db-wal",
        "ledger.db-shm",
    }
    assert names == {"in", f"{collected}.zip"}


def test_without_a_result_it_says_why(bench, tmp_path):
    bench.sandbox.world.faults.set("no_output")
    launched = bench.launch(LINUX, via="remoteops")
    bench.to_the_end(launched["collection_id"])
    outcome = bench.run(
        "get_collection_output", collection_id=launched["collection_id"], folder=str(tmp_path)
    )
    assert outcome.error is not None and outcome.error.kind == "not_found"


def test_a_collection_through_cado_has_no_output_of_ours(bench, tmp_path):
    launched = bench.launch()
    outcome = bench.run(
        "get_collection_output", collection_id=launched["collection_id"], folder=str(tmp_path)
    )
    assert outcome.error is not None and "went through Cado" in outcome.message
    outcome = bench.run("get_collection_output", collection_id="col-9", folder=str(tmp_path))
    assert outcome.error is not None and outcome.error.kind == "not_found"


@pytest.mark.parametrize("via", ["cado", "remoteops"])
def test_the_custody_record_is_one_for_both_routes(bench, tmp_path, via):
    launched = bench.launch(LINUX, via=via, reason="<b>why</b>", requested_by="an analyst")
    bench.to_the_end(launched["collection_id"])
    page, file = tmp_path / "custody.html", tmp_path / "custody.json"
    record = bench.record(
        "get_custody_record",
        collection_id=launched["collection_id"],
        html_file=str(page),
        json_file=str(file),
    )
    assert record["verified"] and record["problems"] == []
    assert record["entries_count"] == len(record["entries"]) >= 4
    assert record["entries"][0]["details"]["requested_by"] == "an analyst"
    assert json.loads(file.read_text())["head_sha256"] == record["head_sha256"]
    assert "&lt;b&gt;why&lt;/b&gt;" in page.read_text()
    for secret in ("sandbox-cado-key", "sandbox-sentinelone-collector", "eyJ1cmwi"):
        assert secret not in json.dumps(record) + page.read_text() + file.read_text()


def test_a_record_that_was_changed_says_so(bench, collected):
    import sqlite3

    file = bench.asset["ledger_url"].removeprefix("sqlite:///")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE custody SET entry = replace(entry, 'uploaded', 'uploadeD')")
    connection.commit()
    connection.close()
    outcome = bench.run("get_custody_record", collection_id=collected)
    assert outcome.error is None and outcome.data[0]["verified"] is False
    assert "does NOT verify" in outcome.message and outcome.warnings


def test_a_file_that_cannot_be_written_is_named(bench, collected, tmp_path):
    outcome = bench.run(
        "get_custody_record", collection_id=collected, html_file=str(tmp_path / "no" / "x.html")
    )
    assert outcome.error is not None and "html_file" in outcome.message
