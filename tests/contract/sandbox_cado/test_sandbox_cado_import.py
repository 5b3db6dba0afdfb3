"""The life of an import, from the request to the evidence (Cado contract 3.2, 3.3 and 6)."""

import io
import zipfile

import pytest

from cado_sentinelone.sandbox import landmarks

MINUTE = 60.0
HOUR = 3600.0
ENDS = {"complete", "failed", "cancelled"}


def ended(platform, pipeline_id):
    """The pipeline once nothing of it can change any more."""
    platform.advance(7 * HOUR)
    return platform.pipeline(pipeline_id)


def test_an_import_goes_through_three_pipelines(platform):
    """`Never stop at P`: evidence is on the children only (Cado contract 6)."""
    project_id = platform.project()
    started_at = platform.world.clock.now()
    first = platform.collect(project_id)
    assert platform.pipeline(first)["status"] == "queued"
    assert platform.pipeline(first)["start_time"] is None
    chain, moments = [first], []
    while len(chain) < 4:
        pipeline = platform.pipeline(chain[-1])
        if pipeline["status"] == "complete":
            moments.append(platform.world.clock.now() - started_at)
            children = platform.children(chain[-1])
            if not children:
                break
            chain += [child["pipeline"]["id"] for child in children]
        platform.advance(MINUTE)
    family = [platform.pipeline(pipeline_id) for pipeline_id in chain]
    assert [one["pipeline"]["type"] for one in family] == ["acquisition", "processing", "analysis"]
    assert [one.get("triggering_pipeline_id") for one in family] == [None, *chain[:2]]
    evidence = platform.evidences(project_id)
    assert [one["evidence"] and one["evidence"]["id"] for one in family] == [
        None,
        evidence[0]["id"],
        evidence[0]["id"],
    ]
    assert 40 * MINUTE <= moments[-1] <= 62 * MINUTE
    assert all(one["project"]["id"] == project_id for one in family)


def test_times_differ_from_one_import_to_the_next(platform):
    project_id = platform.project()
    first, second = platform.collect(project_id, 0), platform.collect(project_id, 1)
    platform.advance(2 * HOUR)
    durations = [
        [task["execution_duration"] for task in platform.pipeline(one)["subtasks"]]
        for one in (first, second)
    ]
    assert durations[0] != durations[1]


def test_no_look_is_needed_for_time_to_pass(platform):
    """A pure function of the clock: one look at the end finds all that happened on the way."""
    project_id = platform.project()
    watched, unwatched = platform.collect(project_id, 0), platform.collect(project_id, 1)
    for _ in range(10):
        platform.advance(12 * MINUTE)
        assert platform.pipeline(watched)
    for pipeline_id in (watched, unwatched):
        assert platform.pipeline(pipeline_id)["status"] == "complete"
        assert platform.children(pipeline_id)[0]["status"] == "complete"
    starts = [
        platform.children(pipeline_id)[0]["created"]
        - platform.pipeline(pipeline_id)["subtasks"][-1]["finish_time"]
        for pipeline_id in (watched, unwatched)
    ]
    assert starts == [pytest.approx(0, abs=1), pytest.approx(0, abs=1)]


def test_tasks_move_one_way_and_the_summary_counts_them(platform):
    order = ["PENDING", "RUNNING", "SUCCESS"]
    pipeline_id = platform.collect(platform.project())
    last = [0, 0, 0]
    for _ in range(30):
        pipeline = platform.pipeline(pipeline_id)
        states = [task["state"] for task in pipeline["subtasks"]]
        now = [order.index(state) for state in states]
        assert all(new >= old for old, new in zip(last, now, strict=True))
        assert pipeline["summary"] == {
            "total": 3,
            "success": states.count("SUCCESS"),
            "failure": 0,
            "pending": states.count("PENDING"),
            "cancelled": 0,
            "running": states.count("RUNNING"),
        }
        assert pipeline["terminated"] == (pipeline["status"] in ENDS)
        assert pipeline["can_be_terminated"] != pipeline["terminated"]
        for task in pipeline["subtasks"]:
            assert (task["start_time"] > 0) == (task["state"] != "PENDING")
            assert (task["finish_time"] > 0) == (task["state"] == "SUCCESS")
        last = now
        platform.advance(MINUTE)
    assert last == [2, 2, 2]


def test_pipeline_times_are_milliseconds(platform):
    """Time units are mixed on purpose (Cado contract 0.5)."""
    now = platform.world.clock.now()
    pipeline_id = platform.collect(platform.project())
    pipeline = ended(platform, pipeline_id)
    assert pipeline["created"] == pytest.approx(now * 1000)
    assert pipeline["start_time"] > pipeline["created"]
    assert pipeline["subtasks"][0]["start_time"] == pipeline["start_time"]
    evidence = platform.get("/evidences")["data"][0]
    assert now < evidence["last_processed"] < now + 2 * HOUR


def test_a_second_import_is_a_second_collection(platform):
    """There is no idempotency key: R1 is the client's to keep (Cado contract 0.2)."""
    project_id = platform.project()
    device_id = platform.world.agents[0].agent_id
    first, second = platform.collect(project_id), platform.collect(project_id)
    assert first != second
    assert platform.world.effects[device_id] == 2
    platform.advance(2 * HOUR)
    assert len(platform.evidences(project_id)) == 2


@pytest.mark.parametrize(
    ("number", "reason", "hours", "effects"),
    [
        (landmarks.OFFLINE, "did not come online", 7, 0),
        (landmarks.ISOLATED, "isolated from the network", 1, 1),
        (landmarks.MACOS, "does not support macOS", 1, 0),
        (landmarks.WINDOWS_LEGACY, "does not support this operating system", 1, 0),
        (landmarks.ON_SITE_WITHOUT_RSO, "not enabled on the site", 1, 0),
        (landmarks.RSO_LEVEL_NONE, "not available on this device", 1, 0),
    ],
)
def test_what_cannot_work_is_accepted_and_fails_with_the_reason(
    platform, number, reason, hours, effects
):
    project_id = platform.project()
    pipeline_id = platform.collect(project_id, number)
    platform.advance((hours - 1) * HOUR + 1)
    assert platform.pipeline(pipeline_id)["status"] in {"queued", "in_progress"}
    platform.advance(HOUR)
    pipeline = platform.pipeline(pipeline_id)
    assert pipeline["status"] == "failed"
    failed = [task for task in pipeline["subtasks"] if task["state"] == "FAILURE"]
    assert [task["notification_level"] for task in failed] == ["Error"]
    assert reason in failed[0]["progress_text"][-1]
    assert pipeline["subtasks"][-1]["state"] == "CANCELLED"
    assert platform.children(pipeline_id) == []
    assert platform.evidences(project_id) == []
    assert platform.world.effects[platform.world.agents[number].agent_id] == effects


@pytest.mark.parametrize(
    ("change", "status", "named"),
    [
        ({"account_name": "nobody"}, 404, "account"),
        ({"account_name": "aws-forensics"}, 400, "account_name"),
        ({"investigation_id": 999}, 404, "project"),
        ({"investigation_id": "1"}, 400, "investigation_id"),
        ({"device_id": "1"}, 404, "device"),
        ({"device_id": 1}, 400, "device_id"),
        ({"host_options": None}, 400, "host_options"),
        ({"host_options": {"max_mode": True}}, 400, "max_mode"),
        ({"host_options": {"collection_type": "light"}}, 400, "collection_type"),
        ({"host_options": {"light_mode": "yes"}}, 400, "light_mode"),
        ({"host_options": {"groups": ["processes"]}}, 400, "groups"),
        ({"host_options": {"additional_files_only": True}}, 400, "additional_files_only"),
        ({"os": "windows"}, 400, "os"),
        ({"project_id": 1}, 400, "project_id"),
    ],
)
def test_an_import_is_taken_at_its_word(still_platform, change, status, named):
    body = {
        "account_name": still_platform.account,
        "investigation_id": 1,
        "device_id": still_platform.world.agents[0].agent_id,
        "host_options": {},
    }
    assert named in still_platform.refusal("POST", "/import/xdr", status, json=body | change)
    assert not still_platform.world.effects


@pytest.mark.parametrize("field", ["account_name", "investigation_id", "device_id", "host_options"])
def test_an_import_needs_all_four(still_platform, field):
    body = {"account_name": "a", "investigation_id": 1, "device_id": "1", "host_options": {}}
    del body[field]
    assert field in still_platform.refusal("POST", "/import/xdr", 400, json=body)


@pytest.mark.parametrize("number", [landmarks.DECOMMISSIONED, landmarks.UNINSTALLED, -1])
def test_a_device_that_is_not_listed_cannot_be_imported(still_platform, number):
    """Decommissioned, uninstalled, or of another SentinelOne account than Cado's token sees."""
    body = {
        "account_name": still_platform.account,
        "investigation_id": 1,
        "device_id": still_platform.world.agents[number].agent_id,
        "host_options": {},
    }
    still_platform.refusal("POST", "/import/xdr", 404, json=body)


def test_custom_options_are_told_by_the_first_task(platform):
    options = {"collection_type": "custom", "groups": ["processes"], "additional_files": ["/x"]}
    pipeline_id = platform.collect(platform.project(), 1, **options)
    platform.advance(2 * MINUTE)
    words = platform.pipeline(pipeline_id)["subtasks"][0]["progress_text"]
    assert "processes" in words[0]
    assert "/x" in words[0]


@pytest.mark.parametrize(("minutes", "effects"), [(0, 0), (10, 1)])
def test_a_cancelled_import_has_no_children(platform, minutes, effects):
    """Before Cado Host started on the endpoint, it had no effect there either."""
    project_id = platform.project()
    pipeline_id = platform.collect(project_id)
    platform.advance(minutes * MINUTE)
    answer = platform.send("PATCH", f"/pipelines/{pipeline_id}", {"aborted": True})
    assert answer == {"pipeline_id": pipeline_id}
    assert platform.world.effects[platform.world.agents[0].agent_id] == effects
    platform.advance(2 * HOUR)
    pipeline = platform.pipeline(pipeline_id)
    assert (pipeline["status"], pipeline["aborted"], pipeline["terminated"]) == (
        "cancelled",
        True,
        True,
    )
    assert pipeline["summary"]["cancelled"] > 0
    assert pipeline["summary"]["running"] == pipeline["summary"]["pending"] == 0
    assert platform.children(pipeline_id) == []
    assert platform.evidences(project_id) == []
    platform.refusal("PATCH", f"/pipelines/{pipeline_id}", 409, json={"aborted": True})


def test_a_cancelled_processing_leaves_the_evidence_unprocessed(platform):
    project_id = platform.project()
    pipeline_id = platform.collect(project_id)
    while not platform.children(pipeline_id):
        platform.advance(MINUTE)
    child_id = platform.children(pipeline_id)[0]["pipeline"]["id"]
    platform.refusal("PATCH", f"/pipelines/{pipeline_id}", 409, json={"aborted": True})
    platform.send("PATCH", f"/pipelines/{child_id}", {"aborted": True})
    platform.advance(2 * HOUR)
    assert platform.children(child_id) == []
    assert [one["processing_ran"] for one in platform.evidences(project_id)] == [False]


def test_cancel_all_cancels_what_has_not_ended(platform):
    project_id = platform.project()
    ids = [platform.collect(project_id, number) for number in (0, 1)]
    answer = platform.send("PATCH", "/pipelines/cancel-all")
    assert answer == {"message": "2 pipelines have been cancelled", "ids": ids}
    assert platform.send("PATCH", "/pipelines/cancel-all")["ids"] == []


def test_running_again_is_a_new_id_and_a_new_effect(platform):
    project_id = platform.project()
    pipeline_id = platform.collect(project_id)
    platform.refusal("POST", "/pipelines/rerun", 409, json={"pipeline_id": pipeline_id})
    platform.send("PATCH", f"/pipelines/{pipeline_id}", {"aborted": True})
    ids = platform.send("POST", "/pipelines/rerun", {"project_id": project_id}, 201)["pipeline_ids"]
    assert len(ids) == 1
    assert ids[0] > pipeline_id
    assert platform.world.effects[platform.world.agents[0].agent_id] == 1
    platform.advance(2 * HOUR)
    assert platform.pipeline(ids[0])["status"] == "complete"
    processing = platform.children(ids[0])[0]["pipeline"]["id"]
    again = platform.send("POST", "/pipelines/rerun", {"pipeline_id": processing}, 201)
    platform.advance(2 * HOUR)
    for one in again["pipeline_ids"]:
        pipeline = platform.pipeline(one)
        assert pipeline["pipeline"]["type"] == "processing"
        assert "triggering_pipeline_id" not in pipeline
        analysis = platform.children(one)[0]["pipeline"]["id"]
        rerun = platform.send("POST", "/pipelines/rerun", {"pipeline_id": analysis}, 201)
        assert platform.pipeline(rerun["pipeline_ids"][0])["pipeline"]["type"] == "analysis"
    assert len(platform.evidences(project_id)) == 1
    check_id = platform.send("POST", "/system/healthcheck")["pipeline_id"]
    platform.advance(HOUR)
    rerun = platform.send("POST", "/pipelines/rerun", {"pipeline_id": check_id}, 201)
    assert platform.pipeline(rerun["pipeline_ids"][0])["pipeline"]["type"] == "healthcheck"


def test_an_import_cannot_run_again_without_its_account(platform):
    pipeline_id = platform.collect(platform.project())
    ended(platform, pipeline_id)
    platform.send("DELETE", f"/accounts/{platform.account}")
    platform.refusal("POST", "/pipelines/rerun", 404, json={"pipeline_id": pipeline_id})


def test_the_logs_are_a_zip_of_what_the_tasks_said(platform):
    pipeline_id = platform.collect(platform.project(), landmarks.MACOS)
    ended(platform, pipeline_id)
    response = platform.call("GET", f"/pipelines/{pipeline_id}/logs")
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "macOS" in text
