"""Launch a collection, list collections, cancel one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, Field

from cado_sentinelone.engine.plan import CollectionRequest
from cado_sentinelone.errors import RefusedError
from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import Collection, Route, State
from cado_sentinelone.plugin import hookimpl

if TYPE_CHECKING:
    from cado_sentinelone.engine.desk import Desk


class RunCollectionParams(CollectionRequest):
    """The parameters of run_collection."""


class LaunchedCollection(Output):
    """The handle of a collection, to resume by."""

    collection_id: str = Field(description="Our id; empty in a dry run.")
    state: State
    route: Route
    hostname: str = Field("", json_schema_extra={"soar": "hostname"})
    agent_id: str = Field("", json_schema_extra={"soar": "agent id"})
    investigation_id: int = Field(description="Cado's id; 0 in a dry run that would create it.")
    pipeline_id: int | None = Field(None, description="Cado's pipeline that the import started.")
    parent_task_id: str = Field("", description="SentinelOne's task; empty via=cado.")
    script_id: str = Field("", description="RemoteOps script; empty via=cado.")
    deduplicated: bool = Field(description="Whether the collection was there already.")
    pending_execution_id: str = Field("", description="What a reviewer has to approve.")
    script: str = Field(
        "", description="Dry run via=remoteops: the script as it would be sent, secrets masked."
    )
    evidence_ids: tuple[int, ...] = ()
    error: str = ""

    @classmethod
    def of(cls, collection: Collection, *, deduplicated: bool) -> LaunchedCollection:
        names = set(cls.model_fields) & set(Collection.model_fields)
        return cls(deduplicated=deduplicated, **collection.model_dump(include=names))


def run_collection(asset: Asset, params: RunCollectionParams, run: Run) -> LaunchedCollection:
    """Launches a collection, or finds the one that there is."""
    from cado_sentinelone.engine.collect import collect
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.engine.follow import follow

    if params.via == "cado":
        asset.require("cado_account_name")
    desk = Desk(asset, run)
    if params.dry_run:
        return _dry_run(params, desk)
    collection, there_already = collect(params, desk)
    run.summary["state"] = collection.state
    if collection.state == "failed":
        raise RefusedError(
            f"{collection.error} (collection {collection.collection_id} has failed)",
            remedy="Look at the endpoint with get_endpoint; running it again starts a new one.",
        )
    if params.wait_seconds:
        collection, _ = follow(collection, params.wait_seconds, desk)
    run.summary["state"] = collection.state
    run.message = f"collection {collection.collection_id} of {collection.hostname} "
    if there_already:
        run.message += f"was there already: {collection.state.replace('_', ' ')}"
    elif collection.state == "unknown":
        run.message += "may have been launched, the answer was lost: get_task_status looks it up"
    else:
        run.message += f"launched: {collection.state.replace('_', ' ')}"
    return LaunchedCollection.of(collection, deduplicated=there_already)


def _dry_run(params: RunCollectionParams, desk: Desk) -> LaunchedCollection:
    from cado_sentinelone.engine.collect import plan_only

    plan, fate = plan_only(params, desk)
    desk.run.message = (
        f"dry run: {plan.hostname} would be collected into {plan.investigation_name!r}, "
        f"which {fate}; nothing was sent"
    )
    desk.run.summary["plan"] = {
        "route": plan.route,
        "device_id": plan.device_id,
        "host_options" if plan.route == "cado" else "options": plan.options,
        "dedupe_key": plan.dedupe_key,
        "investigation": plan.investigation_name,
    }
    script = ""
    if plan.route == "remoteops":
        from cado_sentinelone.engine.remoteops_scripts import masked_script

        script = masked_script(plan, desk)
    empty = plan.model_copy(update={"collection_id": ""})
    return LaunchedCollection.of(empty, deduplicated=False).model_copy(update={"script": script})


class ListCollectionsParams(Params):
    """The parameters of list_collections."""

    state: tuple[State, ...] = Field((), description="Only these states.", examples=[["running"]])
    endpoint: str = Field("", description="Agent id or hostname, exactly.")
    investigation: str = Field("", description="Investigation id or exact name.")
    since: AwareDatetime | None = Field(
        None, description="Created at or after this time.", examples=["2026-01-31T08:00:00Z"]
    )
    limit: int | None = Field(None, ge=1, description="At most so many; default all.")
    refresh: bool = Field(
        False, description="Look at the open ones in Cado first; default is the ledger as it is."
    )


def list_collections(asset: Asset, params: ListCollectionsParams, run: Run) -> Iterator[Collection]:
    """Collections of this ledger, newest first."""
    ledger = run.ledger(asset)
    is_id = params.endpoint.isdigit()
    investigation_id = None
    if params.investigation.isdigit():
        investigation_id = int(params.investigation)
    found = ledger.collections(
        states=params.state,
        agent_id=params.endpoint if is_id else "",
        hostname="" if is_id else params.endpoint,
        investigation_id=investigation_id,
        since=params.since,
        limit=None if params.investigation and investigation_id is None else params.limit,
    )
    if params.investigation and investigation_id is None:
        found = _first(
            (c for c in found if c.investigation_name == params.investigation), params.limit
        )
    if not params.refresh:
        return found
    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.engine.look import look_at_many

    asset.require("cado_url", "cado_api_key")
    return look_at_many(found, Desk(asset, run))


def _first(found: Iterable[Collection], limit: int | None) -> Iterator[Collection]:
    for number, collection in enumerate(found):
        if limit is not None and number >= limit:
            return
        yield collection


class CancelCollectionParams(Params):
    """The parameters of cancel_collection."""

    collection_id: str = Field(min_length=1, description="The collection to cancel.")


class Cancellation(Output):
    """What was cancelled, what could not be and why."""

    collection_id: str
    state: State = Field(description="The collection's state after it.")
    cancelled: tuple[str, ...] = Field((), description="What ended because of this.")
    not_cancelled: tuple[str, ...] = Field((), description="What goes on or had ended, and why.")


def cancel_collection(asset: Asset, params: CancelCollectionParams, run: Run) -> Cancellation:
    """Cancels a collection and looks whether it really ended."""
    from cado_sentinelone.engine.cancel import cancel
    from cado_sentinelone.engine.desk import Desk

    collection = run.ledger(asset).get(params.collection_id)
    done = cancel(collection, Desk(asset, run))
    run.message = f"collection {collection.collection_id} of {collection.hostname} "
    run.message += (
        f"is {done.collection.state.replace('_', ' ')}"
        if done.cancelled or not done.not_cancelled
        else f"could not be cancelled: {done.not_cancelled[0]}"
    )
    run.summary["cancellations"] = len(done.cancelled)
    return Cancellation(
        collection_id=collection.collection_id,
        state=done.collection.state,
        cancelled=done.cancelled,
        not_cancelled=done.not_cancelled,
    )


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="run_collection",
        summary="Collect forensic evidence from an endpoint into a Cado investigation.",
        params=RunCollectionParams,
        output=LaunchedCollection,
        run=run_collection,
        noun=("collection", "collections"),
        group="collections",
        uses=("cado",),
        read_only=False,
        long_running=True,
        columns=("collection_id", "state", "hostname", "investigation_id", "deduplicated"),
    )
    yield Action(
        identifier="list_collections",
        summary="List the collections that this ledger knows.",
        params=ListCollectionsParams,
        output=Collection,
        run=list_collections,
        noun=("collection", "collections"),
        group="collections",
        columns=("collection_id", "state", "hostname", "investigation_name", "created_at", "error"),
    )
    yield Action(
        identifier="cancel_collection",
        summary="Cancel a collection and verify that it ended.",
        params=CancelCollectionParams,
        output=Cancellation,
        run=cancel_collection,
        noun=("cancellation", "cancellations"),
        group="collections",
        uses=("cado",),
        read_only=False,
        columns=("collection_id", "state", "cancelled", "not_cancelled"),
    )
