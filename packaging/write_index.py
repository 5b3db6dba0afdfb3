"""Writes what is known of the built-in actions and of the asset without their models; `make index`
runs it and a test holds the two files to it.

The gate (connector/cado_sentinelone/gate.py) refuses by this index what the models would refuse,
and plain.py reads by it what no model has to convert; "checked" marks what a validator looks at.
Where a JSON Schema does not say all that a model accepts, the field or the whole action is left
open here, so that the gate leaves it to the model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import annotated_types
from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.form import Form

ROOT = Path(__file__).resolve().parent.parent
INDEX = ROOT / "actions" / "cado_sentinelone_actions" / "index.py"
ASSET_INDEX = ROOT / "connector" / "cado_sentinelone" / "asset_index.py"
HEAD = '''"""What the built-in actions take, without any model (see cado_sentinelone.gate).

Written by packaging/write_index.py from the models; `make index` renews it.
"""

ACTIONS = '''
ASSET_HEAD = '''"""What an asset holds, without its model (see plain.py).

Written by packaging/write_index.py from the model; `make index` renews it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ASSET: dict[str, Any] = '''
# After the JSON type was taken as it is, these only ever refuse more.
NARROWING = (
    annotated_types.Ge,
    annotated_types.Gt,
    annotated_types.Le,
    annotated_types.Lt,
    annotated_types.MinLen,
    annotated_types.MaxLen,
    annotated_types.MultipleOf,
    AfterValidator,
)


def index(actions: list[Action]) -> dict[str, Any]:
    """What the gate may know of each action."""
    return {
        action.identifier: {"summary": action.summary, "params": schema_of(action.params)}
        | ({"plain": plain_part(action)} if action.plain else {})
        for action in actions
    }


def plain_part(action: Action) -> dict[str, Any]:
    """What running an action plainly has to know of it."""
    return {
        "function": action.plain,
        "noun": list(action.noun),
        "uses": list(action.uses),
        "columns": list(action.columns or action.output.model_fields),
        "read_only": action.read_only,
    }


def schema_of(params: type[Form]) -> dict[str, Any]:
    """The JSON Schema of `params` as far as it tells the whole truth."""
    if is_open(params):
        return {}
    schema: dict[str, Any] = _untitled(params.model_json_schema())
    looked_at = {
        name
        for validator in params.__pydantic_decorators__.field_validators.values()
        for name in validator.info.fields
    }
    for name, known in params.model_fields.items():
        declared = schema["properties"][name]
        if is_open_field(known):
            kept = {"description", "default"} & declared.keys()
            schema["properties"][name] = {part: declared[part] for part in sorted(kept)}
        elif name in looked_at or any(isinstance(one, AfterValidator) for one in _metadata(known)):
            declared["checked"] = True
    if params.__pydantic_decorators__.model_validators.keys() - {"_from_form", "_urls"}:
        schema["checked"] = True
    schema.pop("description", None)
    return schema


def is_open(params: type[Form]) -> bool:
    """Whether the model as a whole may accept what its schema does not."""
    decorators = params.__pydantic_decorators__
    early = {
        name
        for name, validator in decorators.model_validators.items()
        if validator.info.mode != "after"
    }
    return (
        early != {"_from_form"}
        or params._from_form.__func__ is not Form._from_form.__func__
        or dict(params.model_config) != dict(Form.model_config)
        or any(field.alias or field.validation_alias for field in params.model_fields.values())
        or any(validator.info.mode != "after" for validator in decorators.field_validators.values())
        or bool(decorators.validators)
    )


def is_open_field(field: FieldInfo) -> bool:
    """Whether the field may accept what its schema does not: something converts it first."""
    return any(not isinstance(one, NARROWING) for one in _metadata(field))


def _metadata(field: FieldInfo) -> Iterator[object]:
    for one in field.metadata:
        # pydantic's own holder of constraints: a pattern narrows, stripping blanks does not.
        constraints = getattr(one, "__dict__", {})
        if constraints and set(constraints) <= {"pattern"}:
            continue
        yield one
    yield from _nested(field.annotation)


def _nested(annotation: object) -> Iterator[object]:
    for argument in get_args(annotation):
        yield from getattr(argument, "__metadata__", ())
        yield from _nested(argument)


def _untitled(schema: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, dict):
        return {
            name: _untitled(part)
            for name, part in schema.items()
            if name != "title" or not isinstance(part, str)
        }
    return [_untitled(part) for part in schema] if isinstance(schema, list) else schema


def text() -> str:
    """The whole file."""
    catalogue = load_catalogue()
    own = [one.action for one in catalogue.offered.values() if one.offer.is_own]
    own.sort(key=lambda action: action.identifier)
    return HEAD + _literal(index(own)) + "\n"


def _literal(value: object, indent: str = "") -> str:
    """`value` as Python, formatted as ruff would."""
    deeper = indent + "    "
    if isinstance(value, Mapping) and value:
        parts = [f"{deeper}{_literal(key)}: {_literal(one, deeper)}," for key, one in value.items()]
        return "\n".join(["{", *parts, indent + "}"])
    if isinstance(value, list) and value:
        return "\n".join(
            ["[", *(f"{deeper}{_literal(one, deeper)}," for one in value), indent + "]"]
        )
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def asset_text() -> str:
    """The whole file that tells of the asset."""
    return ASSET_HEAD + _literal(schema_of(Asset)) + "\n"


if __name__ == "__main__":
    # The asset's first: reading the actions imports what it writes.
    ASSET_INDEX.write_text(asset_text(), encoding="utf-8")
    INDEX.write_text(text(), encoding="utf-8")
