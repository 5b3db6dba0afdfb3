"""Launching one collection through Cado: never twice, whatever happens in between."""

from __future__ import annotations

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.engine.investigations import resolve_investigation
from cado_sentinelone.engine.ledger import Ledger
from cado_sentinelone.engine.plan import CollectionRequest, draft, host_options
from cado_sentinelone.engine.preflight import (
    check_account,
    check_endpoint,
    find_device,
    find_endpoint,
)
from cado_sentinelone.engine.reconcile import reconcile
from cado_sentinelone.errors import AnswerLostError, ConflictError, ConnectorError, RefusedError
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.collection import Collection, State


def collect(
    request: CollectionRequest, asset: Asset, cado: Cado, ledger: Ledger, run: Run
) -> tuple[Collection, bool]:
    """The collection that answers `request`, and whether it was there already.

    The order makes it safe: the key is claimed in the ledger, then every check that needs no
    effect is made, then the intent is written, and only the one process whose step to
    `requested` was taken sends the one POST. A lost answer leaves `unknown`. Raises
    RefusedError for what cannot work, and the errors of both clients; a launch that a vendor
    refused is `failed` in the ledger with the vendor's words.
    """
    host_options(request)
    endpoint = find_endpoint(request.endpoint, asset, cado, run)
    investigation = resolve_investigation(cado, request.investigation, create=True)
    planned = draft(
        request,
        endpoint,
        investigation_id=investigation.investigation_id,
        investigation_name=investigation.name,
        run=run,
    )
    collection, created = ledger.claim(planned, allow_repeat=request.allow_repeat)
    if not created:
        collection = reconcile(collection, cado, ledger, run)
        if collection.state == "failed":
            # It is proven now that the lost launch never arrived, so the key is free again.
            collection, created = ledger.claim(planned)
    run.summary["collection_id"] = collection.collection_id
    if not created and collection.state != "planned":
        return collection, True
    try:
        check_endpoint(endpoint)
        check_account(asset, cado, run)
        device = find_device(endpoint, asset, cado)
    except (RefusedError, ConflictError) as error:
        _refuse(collection, error.message, ledger, run)
        raise
    return launch(collection, device.device_id, asset, cado, ledger, run), not created


def _refuse(collection: Collection, words: str, ledger: Ledger, run: Run) -> None:
    try:
        ledger.step(
            collection.collection_id,
            "refused",
            at=run.utcnow(),
            run_id=run.run_id,
            note=words,
            from_state="planned",
            error=words,
        )
    except ConflictError:
        # Another run found it planned, too, and launched it: its key must stay held.
        run.warn(f"collection {collection.collection_id} was launched by another run meanwhile")


def plan_only(
    request: CollectionRequest, asset: Asset, cado: Cado, run: Run
) -> tuple[Collection, str]:
    """What `collect` would launch and the investigation's fate, with every check made.

    Nothing is written or sent. Raises what `collect` would raise.
    """
    host_options(request)
    endpoint = find_endpoint(request.endpoint, asset, cado, run)
    check_endpoint(endpoint)
    check_account(asset, cado, run)
    device = find_device(endpoint, asset, cado)
    try:
        investigation = resolve_investigation(cado, request.investigation)
        number, name, fate = investigation.investigation_id, investigation.name, "is used"
    except ConnectorError as error:
        if error.kind != "not_found":
            raise
        number, name, fate = 0, request.investigation, "would be created"
    planned = draft(
        request, endpoint, investigation_id=number, investigation_name=name, run=run
    ).model_copy(update={"collection_id": "", "device_id": device.device_id})
    return planned, fate


def launch(
    collection: Collection, device_id: str, asset: Asset, cado: Cado, ledger: Ledger, run: Run
) -> Collection:
    """Sends the one POST of `collection`, intent first. Raises as `collect` does."""
    newest = next(
        iter(
            cado.pipelines(project_id=collection.investigation_id, order_by="-created", page_size=1)
        ),
        None,
    )
    try:
        collection = ledger.step(
            collection.collection_id,
            "requested",
            at=run.utcnow(),
            run_id=run.run_id,
            note="intent: import through Cado",
            device_id=device_id,
            pipeline_watermark=newest.pipeline_id if newest else None,
        )
    except ConflictError:
        # Another process took the step, so it sends the POST and this one must not.
        return ledger.get(collection.collection_id)
    run.progress(f"collection {collection.collection_id} of {collection.hostname} requested")
    try:
        pipeline_id = cado.import_xdr(
            account_name=asset.cado_account_name,
            investigation_id=collection.investigation_id,
            device_id=device_id,
            host_options=collection.options,
        )
    except AnswerLostError as error:
        run.warn(f"{error.message}; {error.remedy}")
        return _after_launch(collection, "unknown", error.message, ledger, run)
    except ConnectorError as error:
        _after_launch(collection, "failed", error.message, ledger, run)
        raise
    return ledger.step(
        collection.collection_id,
        "requested",
        at=run.utcnow(),
        run_id=run.run_id,
        note=f"Cado accepted it as pipeline {pipeline_id}",
        pipeline_id=pipeline_id,
    )


def _after_launch(
    collection: Collection, state: State, words: str, ledger: Ledger, run: Run
) -> Collection:
    return ledger.step(
        collection.collection_id,
        state,
        at=run.utcnow(),
        run_id=run.run_id,
        note=words,
        error=words,
    )
