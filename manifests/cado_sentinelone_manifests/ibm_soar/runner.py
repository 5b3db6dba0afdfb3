"""The bundle for IBM SOAR: the export that codegen reads, and our code to lay over what it makes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from cado_sentinelone import __version__
from cado_sentinelone.models.action import Action
from cado_sentinelone.models.runner import Bundle, File, Runner
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone_manifests.description import ActionDescription, describe
from cado_sentinelone_manifests.ibm_soar import export
from cado_sentinelone_manifests.ibm_soar.check import CODE, VERSION, check
from cado_sentinelone_manifests.pictures import picture
from cado_sentinelone_manifests.rendering import render

PACKAGE = "cado_sentinelone_manifests.ibm_soar"
TEMPLATES = (
    ("setup.py.j2", "overlay/setup.py"),
    ("config.py.j2", f"{CODE}/util/config.py"),
    ("selftest.py.j2", f"{CODE}/util/selftest.py"),
    ("LICENSE.j2", f"{CODE}/LICENSE"),
    ("make.sh.j2", "make.sh"),
)


def files(actions: Sequence[Action]) -> Iterable[File]:
    """export.res, the two commands that make the app, and below overlay/ what is ours in it."""
    description = describe(actions)
    names = export.input_names(description)
    functions = {one.identifier: export.function_name(one) for one in description.actions}
    values = {
        "description": description,
        "functions": functions,
        "package_name": export.PACKAGE_NAME,
        "version": VERSION,
    }
    yield File("export.res", _json(export.export(description)))
    for template, path in TEMPLATES:
        content = render(PACKAGE, template, **values)
        yield File(path, content, executable=path.endswith(".sh"))
    for action in description.actions:
        function = functions[action.identifier]
        content = render(
            PACKAGE,
            "function.py.j2",
            action=action,
            function=function,
            names=names[action.identifier],
            package_name=export.PACKAGE_NAME,
        )
        yield File(f"{CODE}/components/funct_{function}.py", content)
        sample = f"overlay/payload_samples/{function}"
        yield File(f"{sample}/output_json_example.json", _json(_example(action)))
        yield File(f"{sample}/output_json_schema.json", _json(_schema(action)))
    yield File("overlay/icons/app_logo.png", picture("logo-200x72.png"))
    yield File("overlay/icons/company_logo.png", picture("logo-100x100.png"))


def _example(action: ActionDescription) -> dict[str, object]:
    return {
        "version": 2.0,
        "success": True,
        "reason": None,
        "content": {
            "action": action.identifier,
            "status": "success",
            "message": f"1 {action.noun[0]}",
            "summary": {},
            "data": [action.example_record],
            "error": None,
            "warnings": [],
            "run_id": "5f0c7a3a9d1e4b62",
        },
    }


def _schema(action: ActionDescription) -> dict[str, object]:
    records = dict(action.output_schema)
    definitions = records.pop("$defs", {})
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "version": {"type": "number"},
            "success": {"type": "boolean"},
            "reason": {"type": ["string", "null"]},
            "content": {
                "type": "object",
                "properties": {
                    "status": {"type": "string"},
                    "message": {"type": "string"},
                    "data": {"type": "array", "items": records},
                },
            },
        },
        **({"$defs": definitions} if definitions else {}),
    }


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


@hookimpl
def cado_sentinelone_runners() -> Iterable[Runner]:
    yield Runner(
        identifier="ibm_soar",
        title="IBM SOAR",
        render=files,
        check=check,
        bundle=Bundle(archive="zip", name=f"ibm-soar-cado-sentinelone-{__version__}.zip"),
        proven="made by codegen, validated without a critical issue, packaged, run under "
        "resilient-circuits",
    )
