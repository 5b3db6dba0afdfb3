"""One request: a raw dict in, one outcome out. The only place that turns errors into outcomes."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from cado_sentinelone.assets import load_asset
from cado_sentinelone.errors import AssetError, ConnectorError, InternalError, ParamsError
from cado_sentinelone.gate import nearest
from cado_sentinelone.host import find_action
from cado_sentinelone.log import LOGGER, Mask
from cado_sentinelone.models.action import Action, ErrorRecord, Outcome, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.problems import problems

REQUEST_KEYS = ("action", "asset", "parameters")
Emit = Callable[[Output], None]


def invoke(
    request: object,
    *,
    asset_file: Path | None = None,
    emit: Emit | None = None,
    run: Run | None = None,
) -> Outcome:
    """Runs the action that `request` names and tells what came of it. Never raises an Exception.

    `request` is {"action": ..., "asset": {...}, "parameters": {...}} (design: one request, one
    outcome). With `emit` every record goes there as it comes and `data` stays empty, so that a
    listing of any length needs no memory.
    """
    run = run or Run()
    outcome = Outcome(action=_action_name(request), status="success", message="", run_id=run.run_id)
    mask = Mask(())
    try:
        action, asset_settings, parameters = _parts(request)
        params = _params(action, parameters)
        asset = load_asset(asset_settings, asset_file)
        mask = Mask(secrets_of(asset, params))
        LOGGER.addFilter(mask)
        _perform(action, asset, params, run, outcome, emit)
    except ConnectorError as error:
        _fail(outcome, error)
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is, the runner gets an outcome
        _fail(outcome, _internal(error))
    finally:
        run.close()
        LOGGER.removeFilter(mask)
    outcome.warnings = run.warnings
    outcome.summary |= run.summary
    return _masked(outcome, mask)


def exit_status(outcome: Outcome) -> int:
    """0 success, 1 the action failed, 2 the request was wrong."""
    if outcome.error is None:
        return 0
    return 2 if outcome.error.kind in ("params", "asset") else 1


def secrets_of(*models: Asset | Params) -> list[str]:
    """The plain value of every SecretStr in `models`, for masking."""
    return [
        value.get_secret_value()
        for model in models
        for _, value in model
        if isinstance(value, SecretStr)
    ]


def _action_name(request: object) -> str:
    name = request.get("action") if isinstance(request, Mapping) else None
    return name if isinstance(name, str) else ""


def _parts(request: object) -> tuple[Action, Mapping[str, Any], Mapping[str, Any]]:
    if not isinstance(request, Mapping):
        raise ParamsError("the request is not a JSON object with action, asset and parameters")
    for key in request:
        if key not in REQUEST_KEYS:
            raise ParamsError(f"the request has an unknown key {key!r}{nearest(key, REQUEST_KEYS)}")
    name = _action_name(request)
    if not name:
        raise ParamsError("the request names no action")
    asset, parameters = request.get("asset") or {}, request.get("parameters") or {}
    if not isinstance(asset, Mapping):
        raise AssetError("the request's asset is not a JSON object")
    if not isinstance(parameters, Mapping):
        raise ParamsError("the request's parameters are not a JSON object")
    return find_action(name), asset, parameters


def _params(action: Action, parameters: Mapping[str, Any]) -> Params:
    try:
        return action.params.model_validate(dict(parameters))
    except ValidationError as error:
        raise ParamsError(problems(error, action.params.model_fields)) from None


def _perform(
    action: Action, asset: Asset, params: Params, run: Run, outcome: Outcome, emit: Emit | None
) -> None:
    _require(action, asset)
    if not asset.verify_tls:
        run.warn("TLS verification is off (verify_tls=false): answers may come from anybody.")
    run.start_deadline(asset.total_timeout_seconds)
    result = action.run(asset, params, run)
    records: Iterable[Output] = (result,) if isinstance(result, Output) else result
    count = 0
    for record in records:
        count += 1
        if emit is None:
            outcome.data.append(record.model_dump(mode="json"))
        else:
            emit(record)
    outcome.message = run.message or f"{count} {action.noun[count != 1]}"
    outcome.summary.setdefault(action.noun[1].replace(" ", "_"), count)


def _require(action: Action, asset: Asset) -> None:
    needed: list[str] = []
    if "sentinelone" in action.uses:
        needed += ["sentinelone_url", "sentinelone_token"]
    if "cado" in action.uses:
        needed += ["cado_url", "cado_api_key"]
    if "cado_account_name" in action.uses:
        needed += ["cado_account_name"]
    asset.require(*needed)


def _fail(outcome: Outcome, error: ConnectorError) -> None:
    outcome.status = "failure"
    outcome.message = error.message
    outcome.error = ErrorRecord.of(error)


def _internal(error: Exception) -> InternalError:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    LOGGER.log(logging.DEBUG, "internal error", exc_info=error)
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    # The exception's own text may quote what a vendor sent; its type and place are enough.
    return InternalError(f"unexpected {type(error).__name__} at {place}")


def _masked(outcome: Outcome, mask: Mask) -> Outcome:
    outcome.message = mask(outcome.message)
    outcome.warnings = [mask(warning) for warning in outcome.warnings]
    if outcome.error is not None:
        outcome.error = outcome.error.model_copy(
            update={
                "message": mask(outcome.error.message),
                "remedy": mask(outcome.error.remedy),
            }
        )
    return outcome
