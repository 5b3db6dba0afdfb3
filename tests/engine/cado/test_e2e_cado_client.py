"""The Cado client against the sandbox, which was written from the contract and not from it."""

from __future__ import annotations

import pytest

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_timeline import search_phrase, severity_range
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    ParamsError,
    UnauthorizedError,
    UnavailableError,
)


@pytest.fixture
def case(cado) -> int:
    return cado.create_investigation("e2e case", "why", ["alice"], ["IR"])


def test_the_platform_tells_who_and_how_it_is(cado):
    me = cado.whoami()
    assert me.role == "Administrator"
    assert "import_data_triage" in me.permissions
    assert cado.system_status().running
    assert cado.platform().warnings == ()
    assert cado.licence().level == "FULL"


def test_every_device_of_the_account_comes_once(cado, asset):
    walked = [one.device_id for one in cado.devices(asset.cado_account_name, page_size=7)]
    assert walked
    assert len(walked) == len(set(walked))
    assert walked == [one.device_id for one in cado.devices(asset.cado_account_name)]


def test_a_limited_listing_goes_on_from_its_cursor(cado, asset, run):
    everything = [one.device_id for one in cado.devices(asset.cado_account_name)]
    first = [one.device_id for one in cado.devices(asset.cado_account_name, limit=7, page_size=3)]
    cursor = run.summary.pop("next_cursor")
    rest = [one.device_id for one in cado.devices(asset.cado_account_name, cursor=cursor)]
    assert first + rest == everything


def test_devices_of_an_account_that_is_not_there_are_not_found(cado):
    with pytest.raises((NotFoundError, ParamsError)):
        list(cado.devices("nobody"))


def test_a_collection_becomes_evidence_alarms_indicators_and_events(
    cado, sandbox, case, launch, follow
):
    agent = sandbox.world.agents[0]
    family = follow(launch(agent, case))
    assert {one.status for one in family} == {"complete"}
    assert {one.project_id for one in family} == {case}
    (evidence_id,) = {one.evidence_id for one in family} - {None}

    evidence = cado.evidence(evidence_id)
    assert (evidence.hostname, evidence.project_id) == (agent.hostname, case)
    assert evidence.malicious
    assert evidence.last_processed_at.tzinfo

    alarms = list(cado.alarms(evidence_id=evidence_id))
    worst = [one for one in alarms if one.severity_word == "malicious"]
    assert len(worst) == evidence.malicious
    assert [one.alarm_id for one in cado.alarms(investigation_id=case, severities=[1])] == [
        one.alarm_id for one in worst
    ]
    summary = cado.alarm_summary(case, evidence_id)
    assert sum(kind.total_count for kind in summary.breakdown) == len(alarms)
    found = cado.indicators(case, evidence_id)
    assert {one.evidence_id for one in found.detected} == {evidence_id}

    events = list(cado.timeline(case))
    assert len({one.event_id for one in events}) == len(events) > 100
    assert [one.occurred_at for one in events] == sorted(one.occurred_at for one in events)
    bad = list(cado.timeline(case, search_text=severity_range(1, 1)))
    assert {one.severity_word for one in bad} == {"malicious"}
    name = bad[0].filename
    same = list(cado.timeline(case, search_text=search_phrase(name, "filename")))
    assert {one.filename for one in same} == {name}


def test_hostile_search_text_finds_nothing_and_breaks_nothing(cado, sandbox, case, launch, follow):
    follow(launch(sandbox.world.agents[0], case))
    for text in ('" OR source: "FILE', "a AND b", "[1 TO 3]", "\\", '\\"', "*", "user: jdoe"):
        assert list(cado.timeline(case, search_text=search_phrase(text, "user"))) == []


def test_a_pipeline_in_the_middle_of_its_work_is_read(cado, sandbox, case, launch):
    number = launch(sandbox.world.agents[0], case)
    first = cado.pipeline(number)
    assert (first.status, first.started_at, first.evidence_id) == ("queued", None, None)
    sandbox.world.clock.advance(120)
    then = cado.pipeline(number)
    assert (then.status, then.can_be_terminated) == ("in_progress", True)
    assert {task.state for task in then.subtasks} >= {"RUNNING", "PENDING"}
    assert then.summary.running == 1


def test_a_cancelled_pipeline_becomes_cancelled_and_is_not_cancelled_twice(
    cado, sandbox, case, launch
):
    number = launch(sandbox.world.agents[0], case)
    cado.cancel_pipeline(number)
    assert cado.pipeline(number).status == "cancelled"
    with pytest.raises((ConflictError, ParamsError)):
        cado.cancel_pipeline(number)


def test_pipelines_of_an_investigation_come_in_both_orders(cado, sandbox, case, launch):
    ids = []
    for index in (0, 1):
        ids.append(launch(sandbox.world.agents[index], case))
        sandbox.world.clock.advance(1)
    assert [one.pipeline_id for one in cado.pipelines(project_id=case)] == ids
    newest_first = cado.pipelines(project_id=case, order_by="-created", page_size=1)
    assert [one.pipeline_id for one in newest_first] == ids[::-1]


def test_what_is_not_there_is_not_found(cado):
    for call in (cado.pipeline, cado.evidence, cado.investigation):
        with pytest.raises(NotFoundError):
            call(999_999)


def test_a_taken_name_is_a_conflict(cado, case):
    assert cado.investigation(case).users[0].username == "alice"
    with pytest.raises(ConflictError):
        cado.create_investigation("e2e case")


@pytest.mark.parametrize("options", [{"collection_type": "custom", "groups": ["processes"]}, {}])
def test_the_platform_takes_the_options_that_we_know(cado, asset, case, options):
    device = next(iter(cado.devices(asset.cado_account_name)))
    assert cado.import_xdr(
        account_name=asset.cado_account_name,
        investigation_id=case,
        device_id=device.device_id,
        host_options=options,
    )


def test_a_revoked_key_is_unauthorized(cado, sandbox):
    sandbox.world.faults.set("key_revoked")
    with pytest.raises(UnauthorizedError):
        cado.whoami()


@pytest.mark.parametrize(
    ("role", "call"),
    [
        ("Analyst", lambda cado: cado.create_investigation("x")),
        ("Platform Administrator", lambda cado: list(cado.pipelines())),
        ("Lead Analyst", lambda cado: cado.check_account("sandbox-acme")),
        ("Read Only Analyst", lambda cado: cado.cancel_pipeline(1)),
        ("Read Only Analyst", lambda cado: list(cado.accounts())),
        ("Platform Administrator", lambda cado: list(cado.devices("sandbox-acme"))),
    ],
)
def test_a_role_that_is_too_small_is_forbidden_and_told_which_would_do(cado, sandbox, role, call):
    sandbox.world.faults.set(f"cado_role={role}")
    with pytest.raises(ForbiddenError) as caught:
        call(cado)
    needed = caught.value.remedy.partition(":")[0].removeprefix("The key's role must be ")
    assert "Administrator" in needed
    assert role not in needed.split(" or ")
    for one in needed.split(" or "):
        sandbox.world.faults.clear()
        sandbox.world.faults.set(f"cado_role={one}")
        try:
            call(cado)
        except ForbiddenError:
            pytest.fail(f"{one} was said to be enough")
        except (ConflictError, NotFoundError, ParamsError):
            pass


@pytest.mark.parametrize(
    "fault", ["drop_reply", "truncate", "html", "error_500", "error_502", "error_503"]
)
def test_an_import_whose_answer_is_lost_is_launched_at_most_once(cado, sandbox, case, fault):
    """R1: counted at the endpoint."""
    agent = sandbox.world.agents[0]
    (device,) = cado.devices("sandbox-acme", hostname=agent.hostname)
    sandbox.world.faults.set(f"{fault}@/api/v3/import/xdr*1")
    with pytest.raises(AnswerLostError):
        cado.import_xdr(
            account_name="sandbox-acme",
            investigation_id=case,
            device_id=device.device_id,
            host_options={},
        )
    assert sandbox.world.effects[agent.agent_id] <= 1


def test_reading_survives_short_trouble(cado, sandbox):
    for fault in ("drop_reply", "error_502", "throttle=1"):
        sandbox.world.faults.set(f"{fault}@/api/v3/projects*1")
        assert list(cado.investigations())


@pytest.mark.parametrize("fault", ["html", "truncate"])
def test_reading_what_is_no_answer_is_the_vendors_error(cado, sandbox, fault):
    sandbox.world.faults.set(f"{fault}@/api/v3/projects")
    with pytest.raises(UnavailableError):
        list(cado.investigations())


def test_unknown_fields_change_nothing(cado, sandbox, case, launch, follow):
    ids = [one.pipeline_id for one in follow(launch(sandbox.world.agents[0], case))]
    before = [cado.pipeline(number) for number in ids]
    sandbox.world.faults.set("extra_fields")
    assert [cado.pipeline(number) for number in ids] == before
    assert cado.whoami().role == "Administrator"


def test_a_wrong_key_is_unauthorized(asset, run):
    wrong = asset.model_copy(update={"cado_api_key": type(asset.cado_api_key)("nobody")})
    with pytest.raises(UnauthorizedError):
        Cado(wrong, run).whoami()
