"""Sending our own script to endpoints: the intents first, then the one POST that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance, advance_all
from cado_sentinelone.engine.cado_launch import newest_pipeline
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.plan import LIFETIME
from cado_sentinelone.engine.remoteops_preflight import is_only_offline
from cado_sentinelone.engine.remoteops_scripts import (
    Prepared,
    check_content,
    drop,
    key_of,
    prepare,
    tidy,
    upload,
)
from cado_sentinelone.engine.remoteops_sweep import sweep
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ConnectorError,
    NotFoundError,
    UnavailableError,
)
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.endpoint import Endpoint

if TYPE_CHECKING:
    from cado_sentinelone.clients.sentinelone_script_records import Execution, RemoteScript

AGAIN = (
    "nothing shows what became of the launch, so it is sent again with the same key; an endpoint "
    "that has seen the key does nothing a second time"
)


def launch_script(collection: Collection, endpoint: Endpoint, desk: Desk) -> Collection:
    """`collection` sent, or waiting for an endpoint that is offline: its upload credential would
    die before the endpoint comes back, so nothing is sent to it now.

    Raises what the vendors say when they refuse.
    """
    if is_only_offline(endpoint):
        until = f"{collection.deadline_at:%Y-%m-%d %H:%M} UTC" if collection.deadline_at else "ever"
        return advance(
            collection,
            "waiting_endpoint",
            desk,
            note=f"{endpoint.hostname} is offline; it is waited for until {until}",
            from_state=collection.state,
        )
    return dispatch(collection, desk)


def dispatch(collection: Collection, desk: Desk) -> Collection:
    """`collection` with its script executed on its endpoint, or on the way to it.

    A lost answer leaves `unknown`; an approval that is asked for, `waiting_approval`. Raises
    what the vendors say when they refuse: before the intent nothing has happened and the state
    stays, after it the collection is `failed` in the ledger.
    """
    [collection] = dispatch_all([collection], desk)
    return collection


def dispatch_all(
    collections: Sequence[Collection], desk: Desk, *, key: str | None = None
) -> list[Collection]:
    """`collections`, of one account, operating system, investigation and options, with one script
    executed on all their endpoints by one call; as `dispatch` has it otherwise.

    Several share `key`, by which each endpoint runs it once; it is that of their first launch. One
    that another process launches meanwhile is left to that.
    """
    sweep(desk)
    key = collections[0].batch_id if key is None else key
    first = collections[0].model_copy(update={"batch_id": key})
    sites = sorted({one.site_id for one in collections})
    prepared = prepare(first, desk)
    remote = upload(first, prepared, desk, site_id=sites[0] if len(sites) == 1 else "")
    try:
        _foretell_approval(collections, remote.script_id, desk)
        watermark = newest_pipeline(first.investigation_id, desk)
        check_content(remote.script_id, prepared.script.sha256, desk)
    except ConnectorError:
        drop(remote.script_id, desk)
        raise
    intended = _intend(collections, key, prepared, remote, watermark, desk)
    sent = _execute(intended, prepared, remote, desk) if intended else []
    if not intended:
        # Other processes took the step to `requested` with scripts of their own.
        drop(remote.script_id, desk)
    now = {one.collection_id: one for one in sent}
    return [now.get(o.collection_id) or desk.ledger.get(o.collection_id) for o in collections]


def _intend(
    collections: Sequence[Collection],
    key: str,
    prepared: Prepared,
    remote: RemoteScript,
    watermark: int | None,
    desk: Desk,
) -> list[Collection]:
    """Those of `collections` that took the step to `requested`, all in one transaction."""
    now, run = desk.run.utcnow(), desk.run
    intended: list[Collection] = []
    with desk.ledger.together():
        for one in collections:
            try:
                if one.state == "unknown":
                    one = desk.ledger.step(
                        one.collection_id,
                        "planned",
                        at=now,
                        run_id=run.run_id,
                        note=AGAIN,
                        from_state="unknown",
                    )
                one = desk.ledger.step(
                    one.collection_id,
                    "requested",
                    at=now,
                    run_id=run.run_id,
                    note="intent: execute the script through RemoteOps",
                    batch_id=key,
                    script_id=remote.script_id,
                    script_name=prepared.name,
                    script_sha256=prepared.script.sha256,
                    script_deleted_at=None,
                    archive_name=prepared.archive or one.archive_name,
                    attempts=one.attempts + 1,
                    pipeline_watermark=watermark,
                    deadline_at=now + LIFETIME,
                    error="",
                )
            except ConflictError:
                continue
            intended.append(one)
    for one in intended:
        run.progress(f"collection {one.collection_id} of {one.hostname} requested")
    return intended


def _execute(
    intended: Sequence[Collection], prepared: Prepared, remote: RemoteScript, desk: Desk
) -> list[Collection]:
    first = intended[0]
    sites = sorted({one.site_id for one in intended})
    try:
        execution = desk.sentinelone.execute_script(
            script_id=remote.script_id,
            agent_ids=[one.agent_id for one in intended],
            site_ids=sites if all(sites) else [],
            account_ids=[first.account_id] if first.account_id else [],
            description=task_description(first),
            runtime_limit_seconds=prepared.time_limit_seconds + 120,
        )
    except AnswerLostError as error:
        desk.run.warn(f"{error.message}; {error.remedy}")
        return advance_all(intended, "unknown", desk, note=error.message, error=error.message)
    except ConnectorError as error:
        failed = advance_all(intended, "failed", desk, note=error.message, error=error.message)
        tidy(failed[0], desk)
        raise
    return _sent(intended, execution, desk)


def task_description(collection: Collection) -> str:
    """What the collection's task is called in the console, and found by."""
    return f"Cado collection {key_of(collection)} (cado-sentinelone)"


def _foretell_approval(collections: Sequence[Collection], script_id: str, desk: Desk) -> None:
    agent_ids = [one.agent_id for one in collections]
    try:
        required = desk.sentinelone.approval_required(script_id, agent_ids)
    except (NotFoundError, UnavailableError) as error:
        # A question with no effect; whether one is asked for shows in the launch itself.
        desk.run.warn(f"whether an approval will be asked for is not known: {error.message}")
        return
    if required:
        desk.run.warn(
            f"a guardrail of the console asks for an approval before {_named(collections)} is "
            "collected: somebody has to approve the pending execution there"
        )


def _sent(intended: Sequence[Collection], execution: Execution, desk: Desk) -> list[Collection]:
    if execution.pending:
        return advance_all(
            intended,
            "waiting_approval",
            desk,
            note=f"pending execution {execution.pending_execution_id} waits for an approval",
            pending_execution_id=execution.pending_execution_id,
        )
    if execution.affected < 1:
        words = (
            f"SentinelOne sent the script to no endpoint: it does not reach {_named(intended)}, "
            "whatever the console's rows say"
        )
        failed = advance_all(intended, "failed", desk, note=words, error=words)
        return [tidy(one, desk) for one in failed]
    if execution.affected != len(intended):
        desk.run.warn(
            f"SentinelOne says that the script reached {execution.affected} endpoints, and "
            f"{len(intended)} were asked for: look at the task {execution.parent_task_id} in the "
            "console"
        )
    if not execution.parent_task_id:
        words = "SentinelOne took the script but named no task, so what it does cannot be followed"
        return advance_all(intended, "unknown", desk, note=words, error=words)
    return advance_all(
        intended,
        "requested",
        desk,
        note=f"SentinelOne accepted it as task {execution.parent_task_id}",
        parent_task_id=execution.parent_task_id,
    )


def _named(collections: Sequence[Collection]) -> str:
    first = collections[0]
    others = f" and {len(collections) - 1} more" if len(collections) > 1 else ""
    return f"{first.hostname} (agent {first.agent_id}){others}"
