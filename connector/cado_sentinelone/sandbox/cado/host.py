"""Cado Host for those who run it themselves: its script, its credential, its binary (contract 4)."""

import base64
import json
import secrets
import shlex
from datetime import UTC, datetime
from typing import Literal

from cado_sentinelone.sandbox.cado.asked import Body, Query
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.refusal import Refusal
from cado_sentinelone.sandbox.cado.system import license_level

Os = Literal["windows", "macos", "linux", "kubernetes", "openshift"]


class CommandOptions(Body):
    """How Cado Host collects; all may be left out."""

    as_super: bool = False
    additional_files: tuple[str, ...] = ()
    light_mode: bool = False
    max_mode: bool = False
    enable_memory: bool = False
    extended_memory: bool = False
    verbose: bool = False
    no_clean: bool = False
    filename: str = ""
    drive_letter: str = ""
    groups: tuple[str, ...] = ()
    skip_scan: bool = False
    skip_ssl_verification: bool = False
    is_non_root: bool = False
    target_container: str = ""
    pod_name: str = ""
    pod_namespace: str = ""
    custom_container: str = ""


class HostScript(Body):
    """The script to make."""

    deployment: Literal["auto", "manual"]
    os: Os
    downloadable: bool
    command_options: CommandOptions
    project_id: int


class HostBinary(Query):
    """Whose binary."""

    os: Os


def make_script(call: Call, body: HostScript) -> Answer:
    """A fresh credential, with the vendor's script around it. No pipeline begins by this."""
    if license_level(call) == "RESTRICTED":
        raise Refusal(403, "license.restricted", "The license does not allow imports")
    project = call.state.project(body.project_id)
    world = call.state.world
    day = datetime.fromtimestamp(call.now, UTC).strftime("%Y/%m/%d")
    folder = f"cado-collector/project-{project.project_id}/cado-host/{day}"
    form = world.bucket.form(folder, world.url)
    presigned = base64.b64encode(json.dumps(form).encode()).decode()
    return {
        "data": {
            "project_id": project.project_id,
            "command": _command(call, body, presigned),
            "presigned_data": presigned,
            "cloud_storage_info": {"bucket": form["bucket"], "path": folder},
        }
    }


def get_binary(call: Call, query: HostBinary) -> Answer:
    """Where the binary is: the sandbox's own stand-in, which collects on Linux only."""
    name = "cado-host.exe" if query.os == "windows" else "cado-host"
    url = f"{call.state.world.url}/sandbox/collector/{query.os}/{name}"
    return {"data": {"link": url}}


def _command(call: Call, body: HostScript, presigned: str) -> str:
    """The script as the vendor documents it, failures swallowed and all (contract 4.2)."""
    folder = f"/tmp/cado-host-{secrets.token_hex(4)}"  # noqa: S108 - a path in somebody's script
    url = f"{call.state.world.url}/sandbox/collector/{body.os}/cado-host"
    memory = "" if body.command_options.enable_memory else " --skip_linux_memory"
    options = body.command_options
    named = f" --capture_path {shlex.quote(options.filename)}" if options.filename else ""
    return (
        f"mkdir -p {folder}; if command -v curl >/dev/null; then curl -s -o {folder}/cado-host {url};"
        f" elif command -v wget >/dev/null; then wget -q -O {folder}/cado-host {url};"
        " else echo 'requires curl or wget'; exit 1; fi;"
        f" if [ ! -f {folder}/cado-host ]; then echo 'download failed'; exit 1; fi;"
        f" cd {folder}; chmod +x cado-host; ./cado-host capture{memory} || echo 'capture failed';"
        f" ./cado-host upload --presigned_data {presigned}{named} || echo 'upload failed';"
        f" cd /; rm -r {folder}; exit 0"
    )


OPERATIONS = (
    Operation(
        "POST",
        "/import/cado-host",
        "Generate a Cado Host script",
        "import_data_triage",
        HostScript,
        make_script,
        event="Import",
    ),
    Operation(
        "GET",
        "/import/cado-host",
        "Get the Cado Host binary",
        "import_data_triage",
        HostBinary,
        get_binary,
    ),
)
