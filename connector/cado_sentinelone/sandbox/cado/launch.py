"""Launching pipelines: each is planned whole, with the children that it will have."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from cado_sentinelone.sandbox.bucket import Stored
from cado_sentinelone.sandbox.cado import tasks
from cado_sentinelone.sandbox.cado.events import events_of_files
from cado_sentinelone.sandbox.cado.fate import (
    Ending,
    Fate,
    account_problem,
    foresee,
    foresee_processing,
)
from cado_sentinelone.sandbox.cado.findings import alarms_of
from cado_sentinelone.sandbox.cado.lives import Pipeline
from cado_sentinelone.sandbox.cado.records import CadoAccount, Evidence, ImportOrder, User
from cado_sentinelone.sandbox.fleet import Agent

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.cado.state import CadoState

_FAILING = {
    "complete": ("", True),
    "partly": ("plugins.yara", False),
    "failed": ("timeline_builder.macb_events", True),
}


def import_device(state: "CadoState", order: ImportOrder, path: str) -> Pipeline:
    """Start a collection now and count its effect on the endpoint.

    Whoever counts effects must see a second launch at once, so the effect counts from the launch
    on and is taken back if the pipeline is cancelled before Cado Host starts.
    """
    fate = foresee(state.world, order.account, order.agent, path)
    pipeline = acquire(state, order, fate, state.now)
    if pipeline.reaches_endpoint_at is not None:
        state.world.effects[order.agent.agent_id] += 1
    return pipeline


def acquire(state: "CadoState", order: ImportOrder, fate: Fate, at: float) -> Pipeline:
    """The acquisition of one endpoint, with the processing of what arrives."""
    number = state.number("pipeline")
    rng = state.world.rng(f"cado/acquisition/{number}")
    queued_seconds = rng.uniform(20, 70)
    steps = tasks.acquisition(rng, order.options, fate.stop)
    starts_running_at = at + queued_seconds + steps[0].seconds
    acquisition = Pipeline(
        pipeline_id=number,
        kind="acquisition",
        name=f"Acquiring {order.agent.hostname}",
        user=order.user,
        created_at=at,
        queued_seconds=queued_seconds,
        tasks=steps,
        project=order.project,
        order=order,
        reaches_endpoint_at=starts_running_at if fate.runs else None,
    )
    state.add_pipeline(acquisition)
    order.account.last_used_at = at
    if fate.arriving is not None:
        evidence = Evidence(
            evidence_id=(evidence_id := state.number("evidence")),
            project=order.project,
            account_name=order.account.name,
            agent=fate.arriving,
            hostname=fate.arriving.hostname,
            size_bytes=rng.randint(200, 1_500) * 1024 * 1024,
            archive=f"cado-collector/project-{order.project.project_id}/cado-host/"
            f"cado-host-capture-{acquisition.planned_end:.0f}.tar.lz4",
            alarms=alarms_of(state.world, fate.arriving, evidence_id),
        )
        state.add_evidence(evidence)
        start_processing(
            state, evidence, order.user, acquisition.planned_end, fate.processing, acquisition
        )
    return acquisition


class Origin(NamedTuple):
    """Whose an archive is. Of a machine that is none of the world's, `agent` stands for what the
    archive does not say of it.
    """

    agent: Agent
    hostname: str
    is_known: bool


def start_on_archive(
    state: "CadoState",
    project_id: int,
    origin: Origin,
    stored: Stored,
    members: Mapping[str, bytes],
) -> None:
    """The processing of an archive that landed in the bucket by itself: nothing acquired it, so
    no pipeline is its parent (contract 6). With members beyond the facts, its timeline is theirs.
    """
    project = state.project(project_id)
    number = state.number("evidence")
    is_real = len(members) > 1 or not origin.is_known
    evidence = Evidence(
        evidence_id=number,
        project=project,
        account_name="",
        agent=origin.agent,
        hostname=origin.hostname,
        size_bytes=len(stored.content),
        archive=stored.key,
        alarms=() if is_real else alarms_of(state.world, origin.agent, number),
    )
    if is_real:
        evidence.timeline += events_of_files(evidence, members, stored.at)
    state.add_evidence(evidence)
    ending = foresee_processing(state.world, "/bucket")
    start_processing(state, evidence, state.keys[0].user, state.now, ending)


def start_processing(
    state: "CadoState",
    evidence: Evidence,
    user: User,
    at: float,
    ending: Ending,
    parent: Pipeline | None = None,
) -> Pipeline:
    """The processing of an evidence, and the analysis that follows unless it fails."""
    number = state.number("pipeline")
    rng = state.world.rng(f"cado/processing/{number}")
    failing, fatal = _FAILING[ending]
    processing = Pipeline(
        pipeline_id=number,
        kind="processing",
        name="",
        user=user,
        created_at=at,
        queued_seconds=rng.uniform(10, 40),
        tasks=tasks.processing(rng, failing, fatal=fatal),
        project=evidence.project,
        parent=parent,
        evidence=evidence,
    )
    state.add_pipeline(processing)
    if ending != "failed":
        start_analysis(state, evidence, user, processing.planned_end, processing)
    return processing


def start_analysis(
    state: "CadoState", evidence: Evidence, user: User, at: float, parent: Pipeline | None = None
) -> Pipeline:
    """The analysis of a processed evidence."""
    number = state.number("pipeline")
    rng = state.world.rng(f"cado/analysis/{number}")
    analysis = Pipeline(
        pipeline_id=number,
        kind="analysis",
        name="",
        user=user,
        created_at=at,
        queued_seconds=rng.uniform(5, 20),
        tasks=tasks.analysis(rng),
        project=evidence.project,
        parent=parent,
        evidence=evidence,
    )
    state.add_pipeline(analysis)
    return analysis


def check_account(state: "CadoState", account: CadoAccount, user: User, at: float) -> Pipeline:
    """The check of one account (Cado contract 2); nothing says its type, so a health check."""
    number = state.number("pipeline")
    rng = state.world.rng(f"cado/check/{number}")
    check = Pipeline(
        pipeline_id=number,
        kind="healthcheck",
        name=f"Account check of {account.name}",
        user=user,
        created_at=at,
        queued_seconds=rng.uniform(2, 8),
        tasks=tasks.account_check(rng, problem_of(state, account)),
        account=account,
    )
    state.add_pipeline(check)
    account.checks.append(check)
    return check


def check_platform(state: "CadoState", user: User, at: float) -> Pipeline:
    """The check of the platform and of every account on it."""
    number = state.number("pipeline")
    rng = state.world.rng(f"cado/check/{number}")
    problems = (problem_of(state, account) for account in state.accounts())
    check = Pipeline(
        pipeline_id=number,
        kind="healthcheck",
        name="Platform check",
        user=user,
        created_at=at,
        queued_seconds=rng.uniform(2, 8),
        tasks=tasks.platform_check(rng, next(filter(None, problems), "")),
    )
    state.add_pipeline(check)
    return check


def problem_of(state: "CadoState", account: CadoAccount) -> str:
    """What a check of the account finds: its credentials' problem, or the one set as a fault."""
    if problem := account_problem(state.world, account):
        return problem
    issue = state.world.faults.value("account_issue") if account.kind == "sentinelone" else None
    return issue or ""


def rerun(state: "CadoState", ended: Pipeline, user: User, path: str) -> Pipeline:
    """The same work once more, under a new id and as things stand now.

    Raises:
        Refusal: the account through which it went is gone.
    """
    if ended.order is not None:
        state.account(ended.order.account.name)
        return import_device(state, ended.order._replace(user=user), path)
    if ended.account is not None:
        return check_account(state, ended.account, user, state.now)
    if ended.evidence is None:
        return check_platform(state, user, state.now)
    if ended.kind == "analysis":
        return start_analysis(state, ended.evidence, user, state.now)
    ending = foresee_processing(state.world, path)
    return start_processing(state, ended.evidence, user, state.now, ending)


def cancel(state: "CadoState", pipeline: Pipeline, now: float) -> None:
    """End it here, with the children that it would have had."""
    pipeline.cancelled_at = now
    if (
        pipeline.order is not None
        and pipeline.reaches_endpoint_at is not None
        and now < pipeline.reaches_endpoint_at
    ):
        state.world.effects[pipeline.order.agent.agent_id] -= 1
