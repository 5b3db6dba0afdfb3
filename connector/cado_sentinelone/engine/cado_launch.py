"""Sending one collection through Cado: the intent first, then the one POST."""

from __future__ import annotations

from cado_sentinelone.engine.advance import advance
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.preflight import check_account, check_endpoint, find_device
from cado_sentinelone.errors import AnswerLostError, ConflictError, ConnectorError
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.models.endpoint import Endpoint


def check_import(endpoint: Endpoint, desk: Desk) -> str:
    """The endpoint's id in Cado's listing, when nothing stands against collecting from it.

    Raises RefusedError with the reason, ConflictError for several that match.
    """
    check_endpoint(endpoint)
    check_account(desk)
    return find_device(endpoint, desk).device_id


def launch_import(
    collection: Collection, device_id: str, desk: Desk, watermark: int | None = None
) -> Collection:
    """Sends the one POST of `collection`, intent first; a lost answer leaves `unknown`.

    `watermark` is a pipeline of the investigation that is older than this launch, asked for
    when it is not given.
    Raises what Cado says when it refuses; the collection is `failed` in the ledger then.
    """
    run, ledger = desk.run, desk.ledger
    if watermark is None:
        watermark = newest_pipeline(collection.investigation_id, desk)
    try:
        collection = ledger.step(
            collection.collection_id,
            "requested",
            at=run.utcnow(),
            run_id=run.run_id,
            note="intent: import through Cado",
            device_id=device_id,
            pipeline_watermark=watermark,
        )
    except ConflictError:
        # Another process took the step, so it sends the POST and this one must not.
        return ledger.get(collection.collection_id)
    run.progress(f"collection {collection.collection_id} of {collection.hostname} requested")
    try:
        pipeline_id = desk.cado.import_xdr(
            account_name=desk.asset.cado_account_name,
            investigation_id=collection.investigation_id,
            device_id=device_id,
            host_options=collection.options,
        )
    except AnswerLostError as error:
        run.warn(f"{error.message}; {error.remedy}")
        return advance(collection, "unknown", desk, note=error.message, error=error.message)
    except ConnectorError as error:
        advance(collection, "failed", desk, note=error.message, error=error.message)
        raise
    return ledger.step(
        collection.collection_id,
        "requested",
        at=run.utcnow(),
        run_id=run.run_id,
        note=f"Cado accepted it as pipeline {pipeline_id}",
        pipeline_id=pipeline_id,
    )


def newest_pipeline(investigation_id: int, desk: Desk) -> int | None:
    """The investigation's newest pipeline; what a launch starts is newer."""
    newest = next(
        iter(desk.cado.pipelines(project_id=investigation_id, order_by="-created", page_size=1)),
        None,
    )
    return newest.pipeline_id if newest else None
