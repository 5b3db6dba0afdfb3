"""What settings and parameters are called in SecOps, whose forms know people's words only."""

from __future__ import annotations

from typing import Any

from cado_sentinelone_manifests.fields import Parameter

INTEGRATION = "CadoSentinelOne"
# The platform's own validator looks for a parameter of this name.
_NAMES = {"verify_tls": "Verify SSL"}
_SETTING_TYPES = {"boolean": "boolean", "secret": "password", "integer": "integer"}
_PARAMETER_TYPES = {
    "boolean": "boolean",
    "secret": "password",
    "integer": "integer",
    "choice": "ddl",
}


def name_of(one: Parameter) -> str:
    """The name in the form."""
    return _NAMES.get(one.name, one.title)


def setting(one: Parameter) -> dict[str, Any]:
    """A parameter of the integration's definition."""
    return {
        "name": name_of(one),
        "default_value": _default(one),
        "type": _SETTING_TYPES.get(one.kind, "string"),
        "description": one.description or one.title,
        "is_mandatory": one.required,
        "integration_identifier": INTEGRATION,
    }


def parameter(one: Parameter) -> dict[str, Any]:
    """A parameter of an action."""
    found = {
        "name": name_of(one),
        "default_value": _default(one),
        "type": _PARAMETER_TYPES.get(one.kind, "string"),
        "description": one.description or one.title,
        "is_mandatory": one.required,
    }
    if one.kind == "choice":
        # An empty choice is the form's own: nothing was picked.
        found["optional_values"] = [choice for choice in one.choices if choice]
        if not one.default:
            del found["default_value"]
    return found


def _default(one: Parameter) -> object:
    if one.default in (None, [], ""):
        return ""
    return one.default
