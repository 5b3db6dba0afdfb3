"""Where an asset comes from: the environment, then a file, then what the request says.

In the first two a secret may be a reference, an object that says where it lies (secret_sources.py).
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from cado_sentinelone.asset_index import ASSET
from cado_sentinelone.errors import AssetError
from cado_sentinelone.gate import nearest
from cado_sentinelone.one_json import read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from cado_sentinelone.models.asset import Asset

PREFIX = "CADO_SENTINELONE_"
REFERENCE = "_FROM"  # what follows a secret's variable when it holds a reference
NOT_SETTINGS = {"ASSET", "BROKER_URL", "LOG_LEVEL", "MCP_KEY", "SERVE_KEY"}


def asset_settings(
    explicit: Mapping[str, Any] | None = None,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The settings of all three sources; the later one wins, empty values count as not given.

    References are resolved, those of a request never: whoever sends one could have this machine
    send any of its files to an address of theirs. Raises AssetError that names the source and the
    setting, never a value.
    """
    environment = os.environ if environment is None else environment
    settings = _from_environment(environment)
    file_name = str(file) if file else environment.get(f"{PREFIX}ASSET", "")
    if file_name:
        settings |= _given(_from_file(file_name), f"the asset file {file_name}")
    asked = _given(explicit or {}, "the request's asset")
    _refuse_references(asked)
    # What the request says itself is not looked up elsewhere.
    own = {name: value for name, value in settings.items() if name not in asked}
    return _resolved(own, environment) | asked


def load_asset(
    explicit: Mapping[str, Any] | None = None,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Asset:
    """The asset that the settings of all three sources make. Raises AssetError."""
    return asset_of(asset_settings(explicit, file, environment))


def asset_of(settings: Mapping[str, Any]) -> Asset:
    """The asset that `settings` make. Raises AssetError that names the settings that are wrong."""
    from pydantic import ValidationError

    from cado_sentinelone.models.asset import Asset
    from cado_sentinelone.models.problems import problems

    try:
        return Asset.model_validate(dict(settings))
    except ValidationError as error:
        raise AssetError(f"the asset is not right: {problems(error)}") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NOT_SETTINGS
    }
    references = {
        setting: given.pop(name)
        for name in [name for name in given if name.upper().endswith(REFERENCE)]
        if (setting := name[: -len(REFERENCE)]) in ASSET["properties"]
    }
    settings = _given(given, f"the environment ({PREFIX}*)")
    for setting, text in _given(references, "the environment").items():
        variable = f"{PREFIX}{setting.upper()}"
        if setting in settings:
            raise AssetError(f"{variable} and {variable}{REFERENCE} are both set: keep one of them")
        from cado_sentinelone.secret_sources import reference_in

        settings[setting] = reference_in(text, f"{variable}{REFERENCE}")
    return settings


def _from_file(path: str) -> Mapping[str, Any]:
    try:
        with open(path, "rb") as file:
            settings = read_json(file.read())
    except OSError as error:
        raise AssetError(f"the asset file {path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise AssetError(f"the asset file {path} is not JSON ({error})") from None
    if not isinstance(settings, dict):
        raise AssetError(f"the asset file {path} holds no JSON object")
    return settings


def _refuse_references(asked: Mapping[str, Any]) -> None:
    for name, value in asked.items():
        if _is_secret(name) and isinstance(value, Mapping):
            raise AssetError(
                f"the request's asset has an object as {name}: a reference to a secret is followed "
                "only from the asset file and the environment, or a request could have any file of "
                "this machine sent elsewhere",
                remedy="Send the secret itself, or put the reference into the asset file.",
            )


def _resolved(settings: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            if not _is_secret(name):
                raise AssetError(f"{name} is an object; only a secret may be given by reference")
            from cado_sentinelone.secret_sources import resolved

            settings = settings | {name: resolved(name, value, environment)}
    return settings


def _is_secret(name: str) -> bool:
    return bool(ASSET["properties"][name].get("format") == "password")


def _given(settings: Mapping[str, Any], source: str) -> dict[str, Any]:
    for name in settings:
        if name not in ASSET["properties"]:
            raise AssetError(
                f"{source} has a setting {name!r} that does not exist"
                f"{nearest(name, ASSET['properties'])}"
            )
    return {name: value for name, value in settings.items() if value is not None and value != ""}
