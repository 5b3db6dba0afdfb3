"""The surface's OpenAPI 3.1 document, made from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone_manifests.asking import MOST_WAIT_SECONDS
from cado_sentinelone_manifests.description import ActionDescription, describe
from cado_sentinelone_manifests.serve.statuses import STATUSES

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
ERROR = {
    "type": ["object", "null"],
    "properties": {
        "kind": {"type": "string", "enum": list(STATUSES)},
        "message": _TEXT,
        "remedy": _TEXT,
        "vendor": _MAYBE_TEXT,
        "http_status": {"type": ["integer", "null"]},
        "request_id": _MAYBE_TEXT,
        "retryable": {"type": "boolean"},
        "retry_after_seconds": {"type": ["number", "null"]},
    },
}
FAILURES = {
    "400": "The action's parameters are wrong; nothing was sent.",
    "401": "The key is missing or wrong.",
    "403": "The vendor's credential may not do this.",
    "404": "It does not exist.",
    "408": "The body did not arrive in time.",
    "409": "It exists already, its state does not allow it, or somebody must approve it.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "Refused, because it cannot work or is not safe.",
    "429": "The vendor asks for fewer calls.",
    "500": "The asset, the ledger, a plugin or the connector itself is at fault.",
    "502": "The vendor could not be reached, or refuses the asset's credential.",
    "503": "Every worker is busy; see Retry-After.",
    "504": "A deadline passed.",
}


def document(actions: Sequence[Action]) -> dict[str, Any]:
    """The OpenAPI document of a surface that offers `actions`."""
    schemas: dict[str, Any] = {"Outcome": _outcome({"type": "object"})}
    paths: dict[str, Any] = {
        "/health": {"get": _plain("health", "Whether the surface answers.") | {"security": []}},
        "/v1/actions": {"get": _plain("list_actions", "The actions and what they take.")},
    }
    for action in describe(actions).actions:
        schema = action.params_schema
        if "wait_seconds" in schema.get("properties", {}):
            waits = schema["properties"]["wait_seconds"] | {"maximum": MOST_WAIT_SECONDS}
            schema = schema | {"properties": schema["properties"] | {"wait_seconds": waits}}
        params, output = f"{action.identifier}.Params", f"{action.identifier}.Record"
        _add(schemas, params, schema)
        _add(schemas, output, action.output_schema)
        schemas[f"{action.identifier}.Outcome"] = _outcome(_reference(output))
        paths[f"/v1/actions/{action.identifier}"] = {"post": _operation(action, params)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SentinelOne x Cado",
            "version": __version__,
            "description": "Collect forensic evidence from SentinelOne endpoints into Cado and "
            "read the findings back. The asset is the server's: no request carries a credential "
            "of a vendor.",
        },
        "servers": [{"url": "http://127.0.0.1:8789"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def _operation(action: ActionDescription, params: str) -> dict[str, Any]:
    return {
        "operationId": action.identifier,
        "summary": action.summary,
        "tags": [action.group],
        "requestBody": {
            "required": any(one.required for one in action.parameters),
            "content": _json(_reference(params)),
        },
        "responses": {
            "200": {
                "description": "Success.",
                "content": _json(_reference(f"{action.identifier}.Outcome")),
            },
            **{
                status: {"description": words, "content": _json(_reference("Outcome"))}
                for status, words in FAILURES.items()
            },
        },
    }


def _plain(name: str, summary: str) -> dict[str, Any]:
    answer = {"description": "Success.", "content": _json({"type": "object"})}
    return {"operationId": name, "summary": summary, "responses": {"200": answer}}


def _outcome(record: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "action": _TEXT,
        "status": {"type": "string", "enum": ["success", "failure"]},
        "message": _TEXT,
        "summary": {"type": "object"},
        "data": {"type": "array", "items": record},
        "error": ERROR,
        "warnings": {"type": "array", "items": _TEXT},
        "run_id": _TEXT,
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    """Adds a model's schema and the ones inside it, each under a name of its own."""
    inner = schema.get("$defs", {})
    whole = {key: value for key, value in schema.items() if key != "$defs"}
    schemas[name] = _moved(whole, name)
    for part, given in inner.items():
        schemas[f"{name}.{part}"] = _moved(given, name)


def _moved(value: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_moved(one, name) for one in value]
    if not isinstance(value, dict):
        return value
    moved = {key: _moved(one, name) for key, one in value.items()}
    reference = moved.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        moved |= _reference(f"{name}.{reference.rpartition('/')[2]}")
    return moved
