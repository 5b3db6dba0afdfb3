"""Launching one collection, by either route: never twice, whatever happens in between."""

from __future__ import annotations

from cado_sentinelone.engine.cado_launch import check_import, launch_import
from cado_sentinelone.engine.cado_reconcile import reconcile
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.engine.investigations import existing_investigation, resolve_investigation
from cado_sentinelone.engine.plan import CollectionRequest, draft, options_of
from cado_sentinelone.engine.preflight import check_endpoint, find_endpoint
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    RefusedError,
)
from cado_sentinelone.models.collection import Collection, Route
from cado_sentinelone.models.endpoint import Endpoint


def collect(request: CollectionRequest, desk: Desk) -> tuple[Collection, bool]:
    """The collection that answers `request`, and whether it was there already.

    The order makes it safe: the key is claimed in the ledger, then every check that needs no
    effect is made, then the intent is written, and only the one process whose step to
    `requested` was taken sends the one POST. A lost answer leaves `unknown`. Raises
    RefusedError for what cannot work, and the errors of both clients; a launch that a vendor
    refused is `failed` in the ledger with the vendor's words.
    """
    options_of(request)
    ledger = desk.ledger  # opened before anything is made: it has to hold what is
    endpoint = find_endpoint(request, desk)
    # Under no key of the caller's own: no launch may ever find a plan without an investigation.
    wanted = draft(
        request.model_copy(update={"dedupe_key": ""}),
        endpoint,
        investigation_id=0,
        investigation_name=request.investigation,
        run=desk.run,
    )
    _check_options(wanted)
    device_id = ""
    investigation = existing_investigation(desk.cado, request.investigation)
    if investigation is None:
        # What cannot work makes nothing, unless a key of the caller's own has its collection
        # already, in another investigation.
        if request.allow_repeat or ledger.holder(request.dedupe_key) is None:
            try:
                device_id = _check(request.via, endpoint, request, desk)
            except (RefusedError, ConflictError) as error:
                collection, created = ledger.claim(wanted)
                if created:
                    _refuse(collection, error.message, desk)
                raise
        investigation = resolve_investigation(desk.cado, request.investigation, create=True)
    planned = draft(
        request,
        endpoint,
        investigation_id=investigation.investigation_id,
        investigation_name=investigation.name,
        run=desk.run,
    )
    collection, created = ledger.claim(planned, allow_repeat=request.allow_repeat)
    if not created:
        _check_same(planned, collection, desk)
        collection = _settled(collection, desk)
        if collection.state == "failed":
            # It is proven now that the lost launch never arrived, so the key is free again.
            collection, created = ledger.claim(planned)
    desk.run.summary["collection_id"] = collection.collection_id
    if not created and collection.state != "planned":
        return collection, True
    try:
        device_id = device_id or _check(collection.route, endpoint, request, desk)
    except (RefusedError, ConflictError) as error:
        _refuse(collection, error.message, desk)
        raise
    try:
        return _launch(collection, endpoint, device_id, desk), not created
    except AnswerLostError as error:
        if ledger.get(collection.collection_id).state == "planned":
            # What was lost is the answer to a question or to a preparation.
            error.remedy = "Nothing was launched: run run_collection again."
            error.retryable = True
        raise


def _check_options(planned: Collection) -> None:
    """Raises ParamsError for options that no script can carry; Cado judges its own by itself."""
    if planned.route == "remoteops":
        from cado_sentinelone.engine.remoteops_scripts import check_renderable

        check_renderable(planned)


def _check_same(planned: Collection, there: Collection, desk: Desk) -> None:
    """Raises ConflictError when the key is another endpoint's; warns when it collects otherwise."""
    if planned.agent_id != there.agent_id:
        raise ConflictError(
            f"dedupe_key: {planned.dedupe_key!r} is the key of collection {there.collection_id} of "
            f"{there.hostname}, not of {planned.hostname}",
            remedy="Give each endpoint a key of its own, or leave dedupe_key empty.",
        )
    if planned.route == there.route and planned.options != there.options:
        desk.run.warn(
            f"collection {there.collection_id} was asked for with other options and stays as it is; "
            "allow_repeat=true collects again"
        )


def plan_only(request: CollectionRequest, desk: Desk) -> tuple[Collection, str]:
    """What `collect` would launch and the investigation's fate, with every check made.

    Nothing is written or sent. Raises what `collect` would raise.
    """
    options_of(request)
    endpoint = find_endpoint(request, desk)
    device_id = _check(request.via, endpoint, request, desk)
    investigation = existing_investigation(desk.cado, request.investigation)
    number, name, fate = 0, request.investigation, "would be created"
    if investigation is not None:
        number, name, fate = investigation.investigation_id, investigation.name, "is used"
    planned = draft(
        request, endpoint, investigation_id=number, investigation_name=name, run=desk.run
    )
    return planned.model_copy(update={"device_id": device_id}), fate


def _settled(collection: Collection, desk: Desk) -> Collection:
    if collection.route == "cado":
        return reconcile(collection, desk)
    from cado_sentinelone.engine.remoteops_look import look_at_task

    return look_at_task(collection, desk)[0]


def _check(route: Route, endpoint: Endpoint, request: CollectionRequest, desk: Desk) -> str:
    """The endpoint's id in Cado's listing, which only the route through Cado needs."""
    if route == "cado":
        return check_import(endpoint, desk)
    from cado_sentinelone.engine.remoteops_preflight import check_endpoint_for_script

    if not request.wait_for_endpoint_hours:
        check_endpoint(endpoint)
    check_endpoint_for_script(endpoint, desk)
    return ""


def _launch(collection: Collection, endpoint: Endpoint, device_id: str, desk: Desk) -> Collection:
    if collection.route == "cado":
        return launch_import(collection, device_id, desk)
    from cado_sentinelone.engine.remoteops_launch import launch_script

    return launch_script(collection, endpoint, desk)


def _refuse(collection: Collection, words: str, desk: Desk) -> None:
    try:
        desk.ledger.step(
            collection.collection_id,
            "refused",
            at=desk.run.utcnow(),
            run_id=desk.run.run_id,
            note=words,
            from_state="planned",
            error=words,
        )
    except ConflictError:
        # Another run found it planned, too, and launched it: its key must stay held.
        desk.run.warn(
            f"collection {collection.collection_id} was launched by another run meanwhile"
        )
