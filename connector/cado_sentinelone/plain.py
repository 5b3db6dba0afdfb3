"""Requests that need no model: what they hold is right as it stands, by the index alone.

Importing pydantic and building one model takes as long as importing requests and making a call,
and a runner pays it anew for every action. Most requests hold nothing that has to be converted:
text where text belongs, a number for a number. Those are read here, and every other one by the
models; a property test holds that both read the same.
"""

from __future__ import annotations

from cado_sentinelone import discovery
from cado_sentinelone.asset_index import ASSET
from cado_sentinelone.errors import AssetError
from cado_sentinelone.urls import check_asset_urls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from cado_sentinelone.models.run import Run

    Schema = Mapping[str, Any]


class PlainSecret:
    """What pydantic's SecretStr is to those who use one."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "PlainSecret('**********')"


class PlainForm:
    """The values of a form, as attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


class PlainAsset(PlainForm):
    """An asset as models/asset.py has it, and the same words for what is missing."""

    def require(self, *names: str) -> None:
        require(self, *names)


class PlainAction:
    """As much of an action as running it plainly takes; see models/action.py."""

    def __init__(self, identifier: str, known: Mapping[str, Any]) -> None:
        declared = known["plain"]
        self.identifier = identifier
        self.noun: tuple[str, str] = tuple(declared["noun"])
        self.uses: tuple[str, ...] = tuple(declared["uses"])
        self.columns: tuple[str, ...] = tuple(declared["columns"])
        self.read_only: bool = declared["read_only"]
        self._function: str = declared["function"]

    def run(self, asset: Any, params: Any, run: Run) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - forms of either kind
        module, _, name = self._function.partition(":")
        function = getattr(__import__(module, fromlist=[name]), name)
        records: Iterator[dict[str, Any]] = function(asset, params, run)
        return records


def plain_action(name: str, parameters: Mapping[str, Any]) -> tuple[PlainAction, PlainForm] | None:
    """The action and its parameters, or None when the models have to decide.

    An action of a plugin may clash with ours, and only the plugin knows what it offers: where
    anybody else's is installed, every request takes the long way.
    """
    known = discovery.index().get(name)
    if known is None or "plain" not in known:
        return None
    if any(not offer.is_own for offer in discovery.offers()):
        return None
    values = certain(known["params"], parameters)
    if values is None or secrets_in(known["params"], parameters):
        return None
    return PlainAction(name, known), PlainForm(values)


def plain_asset(settings: Mapping[str, Any]) -> PlainAsset | None:
    """The asset, or None when the model has to decide, if only to say what is wrong."""
    values = certain(ASSET, settings)
    if values is None:
        return None
    asset = PlainAsset(values)
    try:
        check_asset_urls(asset)
    except ValueError:
        return None
    return asset


def secrets_in(schema: Schema, values: Mapping[str, Any]) -> list[str]:
    """The text of what this JSON Schema calls secret among `values`."""
    properties: Schema = schema.get("properties", {})
    return [
        str(_shown(value))
        for name, value in values.items()
        if value and properties.get(name, {}).get("format") == "password"
    ]


def require(asset: Any, *names: str) -> None:  # noqa: ANN401 - forms of either kind
    """Raises AssetError that names every one of `names` that is empty."""
    missing = [name for name in names if not _shown(getattr(asset, name))]
    if missing:
        raise AssetError(
            f"the asset lacks {', '.join(missing)}",
            remedy="Set "
            + ", ".join(f"{name} (or CADO_SENTINELONE_{name.upper()})" for name in missing)
            + " and run again.",
        )


def certain(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a model with this JSON Schema would make of `values`, defaults included, or None when
    that is not certain: something is missing, unknown, or would be converted or checked further.
    """
    properties: Schema = schema.get("properties", {})
    if not properties or schema.get("checked") or not values.keys() <= properties.keys():
        return None
    read: dict[str, Any] = {}
    for name, declared in properties.items():
        value = values.get(name)
        if value is None or (value == "" and declared.get("type") != "string"):
            if "default" not in declared:
                return None
            read[name] = _as_declared(declared, declared["default"])
            continue
        value = _from_text(declared, value) if isinstance(value, str) else value
        if declared.get("checked") or not _fits(declared, value):
            return None
        read[name] = float(value) if _kind(declared) == "number" else _as_declared(declared, value)
    return read


def _from_text(schema: Schema, text: str) -> Any:  # noqa: ANN401 - JSON
    """What a command line means by `text`, where there are no two ways to read it."""
    kind = _kind(schema)
    if kind == "integer" and text.isascii() and text.isdecimal() and len(text) < 16:
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "array":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _as_declared(schema: Schema, value: Any) -> Any:  # noqa: ANN401 - JSON
    """`value`, which fits, as a model would hold it."""
    if value is None:
        return None
    if _kind(schema) == "array":
        return tuple(value)
    return PlainSecret(value) if schema.get("format") == "password" else value


def _kind(schema: Schema) -> object:
    kinds = [schema.get("type"), *(one.get("type") for one in schema.get("anyOf", ()))]
    return next((kind for kind in kinds if kind not in (None, "null")), None)


def _fits(schema: Schema, value: object) -> bool:
    if "anyOf" in schema:
        others = [one for one in schema["anyOf"] if one.get("type") != "null"]
        return len(others) == 1 and _fits(others[0], value)
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum") or [schema["const"]]
        return isinstance(value, str) and value in choices
    kind = schema.get("type")
    if kind == "string":
        return _is_fitting_text(schema, value)
    if kind == "boolean":
        return value is True or value is False
    if kind == "integer":
        return type(value) is int and _is_within(schema, value)
    if kind == "number":
        return type(value) in (int, float) and _is_within(schema, value)  # type: ignore[arg-type]
    if kind == "array":
        items = schema.get("items", {})
        return (
            isinstance(value, list)
            and schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
            and items.get("type") == "string"
            and all(_fits(items, item) for item in value)
        )
    return False


def _is_fitting_text(schema: Schema, value: object) -> bool:
    return (
        isinstance(value, str)
        # Beyond ASCII there is text that no encoding has, which a model refuses.
        and value.isascii()
        and "pattern" not in schema
        and schema.get("format") in (None, "password")
        and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    )


def _is_within(schema: Schema, value: float) -> bool:
    # Not a number is within nothing, and the largest whole numbers are nobody's limit.
    return (
        abs(value) < 2**53
        and schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and not value <= schema.get("exclusiveMinimum", value - 1)
        and not value >= schema.get("exclusiveMaximum", value + 1)
        and "multipleOf" not in schema
    )


def _shown(value: object) -> object:
    get = getattr(value, "get_secret_value", None)
    return get() if get else value
