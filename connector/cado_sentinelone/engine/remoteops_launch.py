"""Sending our own script to one endpoint: the intent first, then the one POST that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.cado_launch import newest_pipeline
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.plan import LIFETIME
from cado_sentinelone.engine.remoteops_preflight import is_only_offline
from cado_sentinelone.engine.remoteops_scripts import (
    Prepared,
    check_content,
    drop,
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
    sweep(desk)
    prepared = prepare(collection, desk)
    remote = upload(collection, prepared, desk)
    try:
        return _send(collection, prepared, remote, desk)
    except ConflictError:
        # Another process took the step to `requested` with a script of its own.
        drop(remote.script_id, desk)
        return desk.ledger.get(collection.collection_id)


def _send(
    collection: Collection, prepared: Prepared, remote: RemoteScript, desk: Desk
) -> Collection:
    try:
        _foretell_approval(collection, remote.script_id, desk)
        watermark = newest_pipeline(collection.investigation_id, desk)
        check_content(remote.script_id, prepared.script.sha256, desk)
    except ConnectorError:
        drop(remote.script_id, desk)
        raise
    now = desk.run.utcnow()
    if collection.state == "unknown":
        collection = desk.ledger.step(
            collection.collection_id,
            "planned",
            at=now,
            run_id=desk.run.run_id,
            note=AGAIN,
            from_state="unknown",
        )
    collection = desk.ledger.step(
        collection.collection_id,
        "requested",
        at=now,
        run_id=desk.run.run_id,
        note="intent: execute the script through RemoteOps",
        script_id=remote.script_id,
        script_name=prepared.name,
        script_sha256=prepared.script.sha256,
        script_deleted_at=None,
        archive_name=prepared.archive,
        attempts=collection.attempts + 1,
        pipeline_watermark=watermark,
        deadline_at=now + LIFETIME,
        error="",
    )
    desk.run.progress(f"collection {collection.collection_id} of {collection.hostname} requested")
    try:
        execution = desk.sentinelone.execute_script(
            script_id=remote.script_id,
            agent_ids=[collection.agent_id],
            site_ids=[collection.site_id] if collection.site_id else [],
            account_ids=[collection.account_id] if collection.account_id else [],
            description=task_description(collection),
            runtime_limit_seconds=prepared.time_limit_seconds + 120,
        )
    except AnswerLostError as error:
        desk.run.warn(f"{error.message}; {error.remedy}")
        return advance(collection, "unknown", desk, note=error.message, error=error.message)
    except ConnectorError as error:
        failed = advance(collection, "failed", desk, note=error.message, error=error.message)
        tidy(failed, desk)
        raise
    return _sent(collection, execution, desk)


def task_description(collection: Collection) -> str:
    """What the collection's task is called in the console, and found by."""
    return f"Cado collection {collection.collection_id} (cado-sentinelone)"


def _foretell_approval(collection: Collection, script_id: str, desk: Desk) -> None:
    try:
        required = desk.sentinelone.approval_required(script_id, [collection.agent_id])
    except (NotFoundError, AnswerLostError) as error:
        # A question with no effect; whether one is asked for shows in the launch itself.
        desk.run.warn(f"whether an approval will be asked for is not known: {error.message}")
        return
    if required:
        desk.run.warn(
            f"a guardrail of the console asks for an approval before {collection.hostname} is "
            "collected: somebody has to approve the pending execution there"
        )


def _sent(collection: Collection, execution: Execution, desk: Desk) -> Collection:
    if execution.pending:
        return advance(
            collection,
            "waiting_approval",
            desk,
            note=f"pending execution {execution.pending_execution_id} waits for an approval",
            pending_execution_id=execution.pending_execution_id,
        )
    if execution.affected < 1:
        words = (
            f"SentinelOne sent the script to no endpoint: it does not reach {collection.hostname} "
            f"(agent {collection.agent_id}), whatever its row says"
        )
        return tidy(advance(collection, "failed", desk, note=words, error=words), desk)
    if execution.affected > 1:
        desk.run.warn(
            f"SentinelOne says that the script reached {execution.affected} endpoints, and one was "
            "asked for: look at the task in the console"
        )
    if not execution.parent_task_id:
        words = "SentinelOne took the script but named no task, so what it does cannot be followed"
        return advance(collection, "unknown", desk, note=words, error=words)
    return desk.ledger.step(
        collection.collection_id,
        "requested",
        at=desk.run.utcnow(),
        run_id=desk.run.run_id,
        note=f"SentinelOne accepted it as task {execution.parent_task_id}",
        parent_task_id=execution.parent_task_id,
    )
