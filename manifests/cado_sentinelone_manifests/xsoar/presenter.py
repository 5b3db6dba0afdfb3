"""What XSOAR hands over and what it wants back: a command's arguments, context, a table, a next look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cado_sentinelone_manifests.asking import ask, failure, is_running
from cado_sentinelone_manifests.rendering import as_markdown

_RUNNER = "xsoar"
_LOOK = "cado-s1-get-task-status"
_SHORTEST_INTERVAL = 10
_MOST_ROWS = 100


@dataclass(frozen=True)
class Command:
    """What a rendered command stands for."""

    action: str
    prefix: str
    key: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """What the entry file turns into the platform's own results. `next_look` is a scheduled command:
    its name, arguments, seconds until then, and for how long.
    """

    error: str
    readable: str
    outputs: list[dict[str, Any]]
    raw: dict[str, Any]
    next_look: tuple[str, dict[str, Any], int, int] | None


def show(command: Command, params: Mapping[str, Any], args: Mapping[str, Any]) -> Shown:
    """The outcome of the command, ready to be shown."""
    given = dict(args)
    waits = str(given.pop("wait", "false")).lower() == "true"
    interval = max(_SHORTEST_INTERVAL, _seconds(given.pop("interval_in_seconds", ""), 60))
    timeout = _seconds(given.pop("timeout_in_seconds", ""), 604_800)
    outcome = ask(command.action, settings(params), given, runner=_RUNNER)
    error = failure(outcome)
    records = outcome["data"]
    next_look = None
    collection_id = given.get("collection_id", "")
    is_passing = bool(waits and error and outcome["error"]["retryable"] and collection_id)
    if is_passing:
        # One look in days of them: the next one may find the vendor there again.
        outcome["warnings"] = [*outcome["warnings"], f"this look failed: {error}"]
        error = ""
    elif not error and is_running(outcome):
        collection_id = records[0].get("collection_id", "")
    if waits and not error and collection_id and (is_passing or is_running(outcome)):
        wanted = {
            "collection_id": collection_id,
            "wait": "true",
            "interval_in_seconds": str(interval),
            "timeout_in_seconds": str(timeout),
        }
        next_look = (_LOOK, wanted, interval, timeout)
    return Shown(error, _readable(command, outcome), records, outcome, next_look)


def check_connection(params: Mapping[str, Any]) -> str:
    """ "ok", or what the doctor finds missing, in the words of the test button."""
    outcome = ask("test_connectivity", settings(params), {}, runner=_RUNNER)
    if words := failure(outcome):
        return words
    record = outcome["data"][0]
    if record["health"] != "red":
        return "ok"
    return "\n".join(
        f"{check['name']}: {check['detail']}. {check['remedy']}"
        for check in record["checks"]
        if check["status"] == "failed"
    )


def settings(params: Mapping[str, Any]) -> dict[str, Any]:
    """The asset of an instance's parameters; a credential comes in an object."""
    found = {
        name: value.get("password", "") if isinstance(value, Mapping) else value
        for name, value in params.items()
        if name not in ("insecure", "proxy")
    }
    return found | {"verify_tls": not params.get("insecure")}


def _readable(command: Command, outcome: Mapping[str, Any]) -> str:
    lines = [f"### {as_markdown(outcome['message'])}"]
    rows = outcome["data"][:_MOST_ROWS]
    columns = [name for name in command.columns if any(name in row for row in rows)]
    columns = columns or (list(rows[0])[:8] if rows else [])
    if columns:
        lines += [f"|{'|'.join(columns)}|", "|---" * len(columns) + "|"]
        lines += [
            f"|{'|'.join(as_markdown(_cell(row.get(name))) for name in columns)}|" for row in rows
        ]
    if len(outcome["data"]) > _MOST_ROWS:
        lines.append(f"{len(outcome['data']) - _MOST_ROWS} more are in the context.")
    lines += [f"- {as_markdown(warning)}" for warning in outcome["warnings"]]
    return "\n".join(lines)


def _cell(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if not isinstance(one, dict))
    return "" if value is None or isinstance(value, dict) else value


def _seconds(given: object, default: int) -> int:
    text = str(given or "").strip()
    return int(text) if text.isdigit() else default
