"""Example values for forms and manifests: a field's own, else what such a field usually holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_BY_SOAR = {
    "hostname": "lap-0042",
    "ip": "192.0.2.17",
    "agent id": "1913920934584665209",
    "account id": "1392053568574369781",
    "site id": "1392053568582758390",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "url": "https://cado.example.com/projects/12",
}
_BY_NAME = {
    "collection_id": "col-0123456789abcdef0123",
    "investigation": "INC-2187",
    "investigation_name": "INC-2187",
    "reason": "INC-2187, suspected ransomware",
    "site_name": "Default site",
    "folder": "outputs",
}
_BY_KIND: dict[str, Any] = {
    "moment": "2026-03-01T09:30:00Z",
    "integer": 12,
    "number": 1.5,
    "boolean": True,
    "texts": [],
    "integers": [12],
    "object": {},
}


def example_of(name: str, kind: str, given: Mapping[str, Any], choices: Sequence[str]) -> Any:  # noqa: ANN401 - JSON
    """A value of the right type that shows what is meant; "" where a text has no usual one."""
    if given.get("examples"):
        return given["examples"][0]
    usual = _BY_SOAR.get(given.get("soar", "")) or _BY_NAME.get(name)
    if usual is not None:
        return [usual] if kind == "texts" else usual
    if choices:
        shown = next((choice for choice in choices if choice), "")
        return [shown] if kind == "texts" else shown
    return _BY_KIND.get(kind, "")
