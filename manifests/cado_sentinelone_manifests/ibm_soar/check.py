"""What codegen would take although the platform could not: names that clash, secrets in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cado_sentinelone.models.runner import Problem
from cado_sentinelone_manifests.checks import missing, python_problems, read_json
from cado_sentinelone_manifests.ibm_soar.export import PACKAGE_NAME, PREFIX
from cado_sentinelone_manifests.versions import from_one_on

VERSION = from_one_on()
CODE = f"overlay/{PACKAGE_NAME}"
FILES = (
    "export.res", "make.sh", "overlay/setup.py", f"{CODE}/util/config.py",
    f"{CODE}/util/selftest.py", f"{CODE}/LICENSE", "overlay/icons/app_logo.png",
    "overlay/icons/company_logo.png",
)  # fmt: skip
_TYPES = {
    "text", "textarea", "number", "boolean", "datepicker", "datetimepicker", "select", "multiselect",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECRETS = ("sentinelone_token", "cado_api_key")


def check(folder: Path) -> Iterator[Problem]:
    """Problems of the rendered files."""
    lacking = list(missing(folder, FILES))
    yield from lacking
    if lacking:
        return
    document, problems = read_json(folder, "export.res")
    yield from problems
    if document is not None:
        yield from _export(folder, document)
    for name in ("overlay/setup.py", f"{CODE}/util/config.py", f"{CODE}/util/selftest.py"):
        yield from python_problems(folder, name)
    config = (folder / CODE / "util/config.py").read_text(encoding="utf-8")
    for name in _SECRETS:
        if not re.search(rf"^{name}=\$\w+$", config, re.MULTILINE):
            yield Problem(f"{CODE}/util/config.py", f"{name} does not refer to a secret ($NAME)")


def _export(folder: Path, document: dict[str, Any]) -> Iterator[Problem]:
    fields = [one for one in document.get("fields", ()) if one.get("type_id") == 11]
    by_uuid = {one.get("uuid"): one for one in fields}
    for one in fields:
        name = str(one.get("name"))
        if not _NAME.fullmatch(name) or not name.startswith(PREFIX):
            yield Problem("export.res", f"the field {name!r} is not named as ours")
        if one.get("input_type") not in _TYPES:
            yield Problem("export.res", f"{name} has the type {one.get('input_type')!r}")
        if one.get("input_type") == "select" and not one.get("values"):
            yield Problem("export.res", f"{name} offers nothing to select")
    if len(by_uuid) != len(fields) or len({one.get("name") for one in fields}) != len(fields):
        yield Problem("export.res", "two fields have one name or one uuid")
    coded = {path.stem for path in (folder / CODE / "components").glob("funct_*.py")}
    for function in document.get("functions", ()):
        name = f"funct_{function.get('name')}"
        if name not in coded:
            yield Problem(f"{CODE}/components/{name}.py", "is missing; render the bundle again")
        coded.discard(name)
        if function.get("destination_handle") != PACKAGE_NAME:
            yield Problem("export.res", f"{function.get('name')} has another queue")
        if {item.get("content") for item in function.get("view_items", ())} - by_uuid.keys():
            yield Problem("export.res", f"{function.get('name')} has an input that is no field")
    for name in sorted(coded):
        yield Problem("export.res", f"has no function for {name}.py")
    for path in sorted((folder / CODE / "components").glob("funct_*.py")):
        yield from python_problems(folder, path.relative_to(folder).as_posix())
