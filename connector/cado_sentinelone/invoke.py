"""One request: a raw dict in, one outcome out. The only place that turns errors into outcomes."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing

from cado_sentinelone.asset_index import ASSET
from cado_sentinelone.assets import asset_of, asset_settings
from cado_sentinelone.errors import (
    AssetError,
    ConnectorError,
    InternalError,
    ParamsError,
    PluginError,
)
from cado_sentinelone.gate import nearest
from cado_sentinelone.log import LOGGER, Mask, masked, with_passwords
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.models.run import Run
from cado_sentinelone.plain import PlainAction, plain_action, plain_asset, secrets_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Protocol

    from cado_sentinelone.models.action import Action, Params

    class Emit(Protocol):
        """Takes one record as JSON and says whether anybody still reads; `alone`: it is the only
        one.
        """

        def __call__(self, line: bytes, action: Action | PlainAction, *, alone: bool) -> bool: ...


REQUEST_KEYS = ("action", "asset", "parameters")


def invoke(
    request: object,
    *,
    asset_file: Path | None = None,
    emit: Emit | None = None,
    run: Run | None = None,
) -> Outcome:
    """Runs the action that `request` names and tells what came of it. Never raises an Exception.

    `request` is {"action": ..., "asset": {...}, "parameters": {...}}. With `emit` every record
    goes there as it comes and `data` stays empty, so that a listing of any length needs no
    memory; when nobody reads any more, a read-only action stops and any other one goes on to its
    end. No secret of the asset or the parameters leaves in either.
    """
    run = run or Run()
    outcome = Outcome(_action_name(request), run.run_id)
    mask = Mask()
    with masked(mask):
        try:
            with closing(run):
                action, asset, params = _read(request, asset_file, mask)
                _carry_out(action, asset, params, emit, run, outcome, mask)
        except ConnectorError as error:
            outcome.fail(error)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - the boundary: whatever it is, the runner gets an outcome
            outcome.fail(_internal(error))
    return _told(outcome, run, mask)


def _read(
    request: object, asset_file: Path | None, mask: Mask
) -> tuple[Action | PlainAction, Any, Any]:
    """The action, the asset and the parameters of `request`, by the index alone where that is
    certain, else by the models. What is secret among them is masked from then on.
    """
    name, settings, parameters = _parts(request)
    mask.add(with_passwords(secrets_in(ASSET, settings)))
    plain = plain_action(name, parameters)
    given = None
    if plain is not None:
        # No plain action takes a secret: what holds one is left to the models.
        given = asset_settings(settings, asset_file)
        mask.add(with_passwords(secrets_in(ASSET, given)))
        asset = plain_asset(given)
        if asset is not None:
            return plain[0], asset, plain[1]
    action, params = _read_with_models(name, parameters, mask)
    # Secrets that are given by reference are looked up once.
    model = asset_of(asset_settings(settings, asset_file) if given is None else given)
    mask.add(type(model).secrets_in(dict(model)))
    return action, model, params


def _read_with_models(
    name: str, parameters: Mapping[str, Any], mask: Mask
) -> tuple[Action, Params]:
    """The action and its parameters."""
    from pydantic import ValidationError
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

    from cado_sentinelone.host import find_action, unbuilt
    from cado_sentinelone.models.problems import problems

    action = find_action(name)
    mask.add(action.params.secrets_in(parameters))
    try:
        params = action.params.model_validate(dict(parameters))
    except ValidationError as error:
        raise ParamsError(problems(error, action.params.model_fields)) from None
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise unbuilt(action, error) from None
    return action, params


def _carry_out(
    action: Action | PlainAction,
    asset: Any,  # noqa: ANN401 - the model, or what stands for it
    params: Any,  # noqa: ANN401
    emit: Emit | None,
    run: Run,
    outcome: Outcome,
    mask: Mask,
) -> None:
    _require(action, asset)
    if not asset.verify_tls:
        run.warn("TLS verification is off (verify_tls=false): answers may come from anybody.")
    run.start_deadline(asset.total_timeout_seconds)
    result = action.run(asset, params, run)
    alone = _is_record(result) or not isinstance(result, Iterable)
    count = 0
    for record in (result,) if alone else result:
        count += 1
        line = mask.json(_json(action, record))
        if emit is None:
            outcome.data.append(json.loads(line))
        elif not emit(line, action, alone=alone) and action.read_only:
            break
    outcome.message = run.message or f"{count} {action.noun[count != 1]}"
    outcome.summary[action.noun[1].replace(" ", "_")] = count


def _is_record(result: object) -> bool:
    return isinstance(result, dict) or hasattr(result, "__pydantic_serializer__")


def _json(action: Action | PlainAction, record: Any) -> bytes:  # noqa: ANN401 - what an action returns
    if isinstance(record, dict) and isinstance(action, PlainAction):
        # A long listing has loaded the faster writer already; a short one does not wait for it.
        if core := sys.modules.get("pydantic_core"):
            fast: bytes = core.to_json(record)
            return fast
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    from cado_sentinelone.models.action import Output

    if not isinstance(record, Output):
        raise PluginError(
            f"the action {action.identifier!r} returned a {type(record).__name__}"
            " where an Output belongs"
        )
    return type(record).__pydantic_serializer__.to_json(record)


def _action_name(request: object) -> str:
    name = request.get("action") if isinstance(request, Mapping) else None
    return name if isinstance(name, str) else ""


def _parts(request: object) -> tuple[str, Mapping[str, Any], Mapping[str, Any]]:
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
    return name, asset, parameters


def _require(action: Action | PlainAction, asset: Any) -> None:  # noqa: ANN401
    needed: list[str] = []
    if "sentinelone" in action.uses:
        needed += ["sentinelone_url", "sentinelone_token"]
    if "cado" in action.uses:
        needed += ["cado_url", "cado_api_key"]
    if "cado_account_name" in action.uses:
        needed += ["cado_account_name"]
    asset.require(*needed)


def _internal(error: BaseException) -> InternalError:
    import traceback

    frame = traceback.extract_tb(error.__traceback__)[-1]
    LOGGER.log(logging.DEBUG, "internal error", exc_info=error)
    place = f"{frame.filename.replace(chr(92), '/').rpartition('/')[2]}:{frame.lineno}"
    # The exception's own text may quote what a vendor sent; its type and place are enough.
    return InternalError(f"unexpected {type(error).__name__} at {place}")


def _told(outcome: Outcome, run: Run, mask: Mask) -> Outcome:
    """`outcome` with what the run has to say besides its records, and without any secret."""
    try:
        summary = json.dumps(outcome.summary | run.summary, default=str)
        outcome.summary = json.loads(mask.json(summary.encode()))
    except (TypeError, ValueError, RecursionError):
        outcome.summary = {}
        outcome.fail(
            outcome.error or PluginError(f"the action {outcome.action!r} says what is not JSON")
        )
    outcome.message = mask(str(outcome.message))
    outcome.warnings = [mask(str(warning)) for warning in run.warnings]
    if outcome.error is not None:
        outcome.error.message = mask(str(outcome.error.message))
        outcome.error.remedy = mask(str(outcome.error.remedy))
    return outcome
