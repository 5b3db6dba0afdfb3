"""Writes the index of the built-in actions from their models; `make index` runs it and a test
holds the index to it.

The gate (connector/cado_sentinelone/gate.py) refuses by this index what the models would refuse.
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
from cado_sentinelone.models.action import Action, Params
from cado_sentinelone.models.form import Form

ROOT = Path(__file__).resolve().parent.parent
INDEX = ROOT / "actions" / "cado_sentinelone_actions" / "index.py"
HEAD = '''"""What the built-in actions take, without any model (see cado_sentinelone.gate).

Written by packaging/write_index.py from the models; `make index` renews it.
"""

ACTIONS = '''
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
        for action in actions
    }


def schema_of(params: type[Params]) -> dict[str, Any]:
    """The JSON Schema of `params` as far as it tells the whole truth."""
    if is_open(params):
        return {}
    schema: dict[str, Any] = _untitled(params.model_json_schema())
    for name, known in params.model_fields.items():
        if is_open_field(known):
            description = schema["properties"][name].get("description", "")
            schema["properties"][name] = {"description": description}
    schema.pop("description", None)
    return schema


def is_open(params: type[Params]) -> bool:
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


if __name__ == "__main__":
    INDEX.write_text(text(), encoding="utf-8")
