"""What became of each endpoint, as rows for a spreadsheet or as JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Protocol

from cado_sentinelone.log import printable
from cado_sentinelone.models.collection import Collection

COLUMNS = (
    "hostname", "agent_id", "os", "site_id", "state", "verdict", "error", "evidence_ids",
    "requested_at", "finished_at", "investigation_id", "investigation_name", "pipeline_id",
    "parent_task_id", "archive_name", "archive_sha256", "archive_size_bytes", "route", "profile",
    "collection_id",
)  # fmt: skip
# A spreadsheet takes what begins with one of these for a formula.
_FORMULA = tuple("=+-@\t\r")


class Writable(Protocol):
    """Whatever text is written to."""

    def write(self, text: str, /) -> object:
        """Writes `text`."""
        ...


def write_csv(collections: Iterable[Collection], out: Writable) -> int:
    """Writes a header and a line for each (RFC 4180, times in UTC); how many endpoints there were."""
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    count = 0
    for collection in collections:
        rows.writerow([_cell(getattr(collection, name)) for name in COLUMNS])
        count += 1
    return count


def write_json_lines(collections: Iterable[Collection], out: Writable) -> int:
    """Writes each as one JSON object a line, as list_fleet_endpoints has it; how many there were."""
    count = 0
    for collection in collections:
        out.write(json.dumps(collection.model_dump(mode="json"), separators=(",", ":")) + "\n")
        count += 1
    return count


def _cell(value: object) -> str:
    """`value` as text that no spreadsheet runs and no terminal obeys (S16)."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = " ".join(map(str, value))
    text = printable(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
