"""What a script does on an endpoint that is only simulated.

It reads the one comment line in which a script of this connector says what it is, and the upload
credential that it carries, and does what such a script does: once per key, an archive through the
real form, a result line at the end. A script without that line does what the vendor's does if it
carries a credential, and else runs and says nothing.
"""

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, NamedTuple

from cado_sentinelone.sandbox.arrivals import make_archive
from cado_sentinelone.sandbox.bucket import S3Error
from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.vendor_script import run_as_vendor

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_METADATA = re.compile(r"^# cado-sentinelone: (\{.*\})$", re.MULTILINE)
_CREDENTIAL = re.compile(r"[A-Za-z0-9+/]{200,}={0,2}")
_FAILURES = {
    "disk_full": ("space", 11, "too little free space"),
    "capture_fails": ("capture", 15, "cado-host capture ended with 1: the agent stopped it"),
}


class Finished(NamedTuple):
    """What came of a run."""

    output: str
    exit_code: int = 0


def takes_effect(world: "World", agent: Agent, script: str) -> bool:
    """Whether the script would do anything there, or has run with its key before; noted."""
    key = _metadata(script).get("key")
    if key is not None:
        if (agent.agent_id, str(key)) in world.keys_seen:
            return False
        world.keys_seen[agent.agent_id, str(key)] = "running capture"
    world.effects[agent.agent_id] += 1
    return True


def simulate(
    world: "World", agent: Agent, script: str, *, did: bool, began_at: float, ended_at: float
) -> Finished:
    """What the script did from then to then; `did` says whether its guard let it through."""
    metadata = _metadata(script)
    if not metadata:
        form = _form(script)
        return Finished(run_as_vendor(world, agent, script, form, began_at) if form else "")
    key = str(metadata.get("key"))
    archive = _archive(world, agent, key, metadata)
    line: dict[str, object] = {
        "cado_sentinelone": 1,
        "key": key,
        "outcome": "uploaded",
        "step": "upload",
        "exit_code": 0,
        "archive": archive,
        "size_bytes": None,
        "digest_sha256": "",
        "started_at": _seconds(began_at),
        "ended_at": _seconds(ended_at),
        "message": "",
        "first_outcome": "",
        "first_step": "",
    }
    if not did:
        first_outcome, _, first_step = world.keys_seen[agent.agent_id, key].partition(" ")
        line |= {"outcome": "repeated", "step": "guard", "exit_code": 20}
        line |= {"first_outcome": first_outcome, "first_step": first_step}
        line |= {"message": f"this key has run here before: {first_outcome} at {first_step}"}
        return _finished(line)
    for fault, (step, code, words) in _FAILURES.items():
        if world.faults.take(fault):
            world.keys_seen[agent.agent_id, key] = f"failed {step}"
            line |= {"outcome": "failed", "step": step, "exit_code": code, "message": words}
            return _finished(line)
    content = make_archive(agent, began_at)
    try:
        world.bucket.put(_form(script), archive, content)
    except S3Error as error:
        world.keys_seen[agent.agent_id, key] = "failed upload"
        words = f"cado-host upload ended with 1: {error.code}: {error.message}"
        line |= {"outcome": "failed", "exit_code": 17, "message": words.replace('"', "")}
        return _finished(line)
    world.keys_seen[agent.agent_id, key] = "uploaded upload"
    line |= {"size_bytes": len(content), "digest_sha256": hashlib.sha256(content).hexdigest()}
    return _finished(line)


def _archive(world: "World", agent: Agent, key: str, metadata: dict[str, object]) -> str:
    """What the script calls its archive there: its own name, drawn once, where others share it."""
    archive = str(metadata.get("archive"))
    if metadata.get("own_archive") is not True:
        return archive
    drawn = hashlib.sha256(f"{agent.agent_id} {key} {world.seed}".encode()).hexdigest()[:16]
    return f"{archive.removesuffix('.tar.lz4')}-{drawn}.tar.lz4"


def _metadata(script: str) -> dict[str, object]:
    matched = _METADATA.search(script[:4000])
    try:
        metadata = json.loads(matched[1]) if matched else {}
    except ValueError:
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _form(script: str) -> dict[str, str]:
    """The fields of the upload form that the script carries, none if it carries none."""
    for candidate in _CREDENTIAL.findall(script):
        try:
            fields = json.loads(base64.b64decode(candidate))["fields"]
        except (ValueError, KeyError, TypeError):
            continue
        return {str(name): str(value) for name, value in fields.items()}
    return {}


def _finished(line: dict[str, object]) -> Finished:
    steps = "cado-sentinelone: work: making the work folder\n"
    code = line["exit_code"]
    return Finished(
        f"{steps}{json.dumps(line, separators=(',', ':'))}\n", code if isinstance(code, int) else 0
    )


def _seconds(moment: float) -> str:
    return f"{Clock.iso(moment)[:19]}Z"
