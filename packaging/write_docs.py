"""Writes docs/actions.md, and the faults in docs/sandbox.md, from the code itself; `make docs` runs
it and a test holds the pages to it.

What no model can say (which permission and role an action needs, an example) stands in
action_notes.toml beside this file.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cado_sentinelone.host import load_catalogue
from cado_sentinelone.models.action import Action
from cado_sentinelone.sandbox.faults import FAULTS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTES = ROOT / "packaging" / "action_notes.toml"
GROUPS = {
    "set-up": "Is everything there?",
    "accounts": "Cado's accounts",
    "exclusions": "Exclusions",
    "endpoints": "Endpoints",
    "investigations": "Investigations",
    "collections": "Collections",
    "fleet": "Many endpoints",
    "findings": "Findings",
}
SETTINGS = {
    "sentinelone": "`sentinelone_url`, `sentinelone_token`",
    "cado": "`cado_url`, `cado_api_key`",
    "cado_account_name": "`cado_account_name`",
}
FAULTS_BEGIN, FAULTS_END = "<!-- faults: begin -->", "<!-- faults: end -->"
HEAD = """\
<!-- Written by packaging/write_docs.py from the models; `make docs` renews it. -->

# Actions

Every action takes the same [asset](quickstart.md#the-asset) and gives the same
[outcome](runners/generic.md#the-outcome); the fields below are those of one record of its `data`.
`cado-sentinelone actions --json` has all of this as JSON Schema.

An unknown parameter is refused. Text in place of a number, a truth value or a list is understood,
because forms send text: a list is split at commas. A listing walks all pages unless `limit` says
otherwise.
"""


def pages() -> dict[Path, str]:
    """What each page that is written, or has a part that is, should hold."""
    return {DOCS / "actions.md": actions(), DOCS / "sandbox.md": sandbox()}


def sandbox() -> str:
    """The page as it is, with the table of faults as the code has it."""
    before, _, rest = (DOCS / "sandbox.md").read_text(encoding="utf-8").partition(FAULTS_BEGIN)
    rows = [
        f"| `{name}` | {meaning.replace('|', chr(92) + '|')} |" for name, meaning in FAULTS.items()
    ]
    table = "\n".join(["| fault | |", "|---|---|", *rows])
    return f"{before}{FAULTS_BEGIN}\n{table}\n{FAULTS_END}{rest.partition(FAULTS_END)[2]}"


def actions() -> str:
    """The whole page."""
    catalogue = load_catalogue()
    if catalogue.broken:
        raise SystemExit(f"a plugin is broken: {catalogue.broken[0].reason}")
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    parts = [HEAD]
    for group, title in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [_action(a, notes[a.identifier]) for a in catalogue.actions() if a.group == group]
    return "\n".join(parts)


def _action(action: Action, notes: Mapping[str, Any]) -> str:
    kinds = ["reads only" if action.read_only else "changes something"]
    if action.long_running:
        kinds.append("may take long: see `wait_seconds`")
    settings = ", ".join(SETTINGS[half] for half in action.uses) or notes.get("asset", "none")
    parameters = _rows(action.params.model_json_schema(), with_default=True)
    output = _rows(action.output.model_json_schema(mode="serialization"), with_default=False)
    command = ["cado-sentinelone", "run", action.identifier]
    for pair in notes["example"]:
        command += ["-p", pair]
    lines = [
        f"### {action.identifier}\n",
        f"{action.summary} {notes.get('note', '')}".strip() + "\n",
        f"- Kind: {'; '.join(kinds)}.",
        f"- Asset: {settings}.",
        f"- SentinelOne permissions: {notes['sentinelone']}.",
        f"- Cado roles: {notes['cado']}.\n",
        f"```sh\n{shlex.join(command)}\n```\n",
    ]
    if parameters:
        lines += [
            "| parameter | type | default | |",
            "|---|---|---|---|",
            *parameters,
            "",
        ]
    else:
        lines.append("It takes no parameters.\n")
    lines += ["| output | type | |", "|---|---|---|", *output, ""]
    return "\n".join(lines)


def _rows(schema: Mapping[str, Any], *, with_default: bool) -> Iterable[str]:
    definitions = schema.get("$defs", {})
    required = schema.get("required", [])
    rows = []
    for name, field in schema.get("properties", {}).items():
        cells = [f"`{name}`", _kind(field, definitions)]
        if with_default:
            cells.append("**required**" if name in required else _default(field))
        cells.append(_words(field))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows


def _kind(field: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """A type as a person reads it, with its limits."""
    if "$ref" in field:
        return _kind(definitions[field["$ref"].rsplit("/", 1)[-1]], definitions)
    if "anyOf" in field:
        kinds = [_kind(one, definitions) for one in field["anyOf"] if one.get("type") != "null"]
        return " or ".join(kinds)
    if "enum" in field:
        return " / ".join(f"`{choice}`" for choice in field["enum"] if choice)
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), definitions)}"
    if field.get("type") == "object" and "properties" in field:
        return "record: " + ", ".join(f"`{name}`" for name in field["properties"])
    kind = str(field.get("type", "any"))
    kind = {"string": "text", "boolean": "true/false", "object": "record"}.get(kind, kind)
    if field.get("format") == "date-time":
        kind = "UTC time"
    if field.get("format") == "password":
        kind = "secret"
    return kind + _limits(field)


def _limits(field: Mapping[str, Any]) -> str:
    if field.get("minLength") == 1:  # that it may not be empty is what required says
        field = {name: value for name, value in field.items() if name != "minLength"}
    least = field.get("minimum", field.get("minLength"))
    most = field.get("maximum", field.get("maxLength"))
    unit = " characters" if "minLength" in field or "maxLength" in field else ""
    if least is None and most is None:
        return ""
    if most is None:
        return f", at least {least:g}{unit}"
    return f", at most {most:g}{unit}" if least is None else f", {least:g} to {most:g}{unit}"


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    return "" if default in (None, "", []) else f"`{json.dumps(default)}`"


def _words(field: Mapping[str, Any]) -> str:
    words = [field.get("description", "")]
    if field.get("examples"):
        shown = (
            ",".join(map(str, example)) if isinstance(example, list) else str(example)
            for example in field["examples"]
        )
        words.append("Example: " + " or ".join(f"`{example}`" for example in shown) + ".")
    return " ".join(filter(None, words))


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
