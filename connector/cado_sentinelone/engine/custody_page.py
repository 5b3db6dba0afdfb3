"""The custody record as one page for people: no network, no script, fit for print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cado_sentinelone.engine.custody import Record, content_of, problems_of
from cado_sentinelone.log import printable
from cado_sentinelone.models.collection import Collection
from cado_sentinelone.rendering import render_page

_FACTS = (
    ("Asked for by", "requested_by"),
    ("Reason", "reason"),
    ("Runner", "runner"),
    ("Route", "route"),
    ("Profile", "profile"),
    ("Agent", "agent_id"),
    ("Agent UUID", "agent_uuid"),
    ("Operating system", "os"),
    ("Site", "site_id"),
    ("Account", "account_id"),
    ("Script", "script_name"),
    ("Script's SHA-256", "script_sha256"),
    ("SentinelOne's task", "parent_task_id"),
    ("Cado's pipeline", "pipeline_id"),
    ("Archive", "archive_name"),
    ("Archive's SHA-256, as the endpoint reported it", "archive_sha256"),
    ("Archive's size in bytes", "archive_size_bytes"),
    ("Evidence in Cado", "evidence_ids"),
    ("What went wrong", "error"),
)


def custody_page(collection: Collection, record: Record) -> str:
    """The page as HTML; whatever the record holds is escaped (promise S16)."""
    facts = [(label, _text(getattr(collection, name))) for label, name in _FACTS]
    return render_page(
        "cado_sentinelone.engine",
        "custody.html.j2",
        {
            "collection_id": printable(collection.collection_id),
            "hostname": _text(collection.hostname) or "an endpoint without a name",
            "investigation": _text(collection.investigation_name),
            "state": collection.state.replace("_", " "),
            "problems": [printable(problem) for problem in problems_of(record)],
            "entries_count": record.entries_count,
            "head_sha256": printable(record.head_sha256),
            "facts": [(label, value) for label, value in facts if value],
            "entries": list(_entries(record)),
        },
    )


def _entries(record: Record) -> Iterator[dict[str, Any]]:
    for entry in record.entries:
        content = content_of(entry) or {"event": "this is no entry", "note": entry.line}
        details = content.get("details")
        yield {
            "number": entry.number,
            "sha256": printable(entry.sha256),
            "at": _text(content.get("at"))[:19].replace("T", " "),
            "details": [
                (printable(str(name)), _text(value))
                for name, value in (details.items() if isinstance(details, dict) else ())
            ],
        } | {
            name: _text(content.get(name))
            for name in ("event", "note", "run_id", "from_state", "to_state")
        }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return printable(json.dumps(value) if isinstance(value, dict) else str(value))
