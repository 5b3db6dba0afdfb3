"""What Cado does with an object that lands in its bucket: archives of Cado Host become evidence."""

import io
import json
import re
import tarfile
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.bucket import Stored
from cado_sentinelone.sandbox.fleet import Agent

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_ARCHIVE = re.compile(
    r"cado-collector/project-(?P<project>\d+)/cado-host/(?:.*/)?cado-host-capture-[^/]*\.tar\.lz4"
)
FACTS = "cado-host.json"
"""The member of the stand-in's archives that says which machine it is of."""


def take_in(world: "World", stored: Stored) -> None:
    """Start processing what has the name of a capture; anything else waits for a person, who may
    import it by hand (contract 4.4).
    """
    from cado_sentinelone.sandbox.cado.launch import Origin, start_on_archive

    matched = _ARCHIVE.fullmatch(stored.key)
    if matched is None or world.faults.on("no_evidence"):
        return
    members = read_archive(stored.content)
    # Whoever made it: an archive that does not say whose it is is evidence all the same.
    hostname = _hostname(members) or stored.key.rpartition("/")[2].removesuffix(".tar.lz4")
    agent = next((one for one in world.agents if one.hostname == hostname), None)
    if world.faults.on("evidence_for_other_host"):
        agent = next(one for one in world.agents if one is not agent)
        hostname, members = agent.hostname, {}
    origin = Origin(agent or world.agents[0], hostname, is_known=agent is not None)
    start_on_archive(world.cado, int(matched["project"]), origin, stored, members)


def read_archive(content: bytes) -> dict[str, bytes]:
    """The files of a tar.lz4; nothing of anything else."""
    import lz4.frame  # type: ignore[import-untyped]

    try:
        with tarfile.open(fileobj=io.BytesIO(lz4.frame.decompress(content))) as archive:
            return {
                member.name: file.read()
                for member in archive.getmembers()
                if (file := archive.extractfile(member))
            }
    except (RuntimeError, tarfile.TarError):
        return {}


def make_archive(agent: Agent, at: float) -> bytes:
    """The archive of an endpoint that is only simulated: real in form, with nothing but its name."""
    import lz4.frame

    facts = json.dumps({"hostname": agent.hostname, "collected_at": at}).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(FACTS)
        member.size = len(facts)
        archive.addfile(member, io.BytesIO(facts))
    compressed: bytes = lz4.frame.compress(packed.getvalue())
    return compressed


def _hostname(members: dict[str, bytes]) -> str:
    """What an archive says of its machine: the stand-in's facts, or the machine's own file."""
    try:
        return str(json.loads(members[FACTS])["hostname"])
    except (KeyError, ValueError, TypeError):
        pass
    for name in ("etc/hostname", "/etc/hostname", "./etc/hostname"):
        if name in members:
            return members[name].decode("utf-8", "replace").strip()
    return ""
