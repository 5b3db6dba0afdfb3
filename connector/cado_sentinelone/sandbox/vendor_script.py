"""What a script does on a simulated endpoint that carries an upload credential but is none of ours:
Cado's own, as `POST /import/cado-host` gives it, or one that somebody wrote around it.

Like the vendor's it hides whatever goes wrong and ends with 0 (Cado contract 4.2).
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.arrivals import make_archive
from cado_sentinelone.sandbox.bucket import S3Error
from cado_sentinelone.sandbox.fleet import Agent

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_NAMED = re.compile(r"cado-host-capture-[A-Za-z0-9._-]+\.tar\.lz4")


def run_as_vendor(
    world: "World", agent: Agent, script: str, form: Mapping[str, str], began_at: float
) -> str:
    """The script's output; an archive of the endpoint is in the bucket unless something failed."""
    for fault in ("disk_full", "capture_fails"):
        if world.faults.take(fault):
            return "capture failed\nupload failed\n"
    named = _NAMED.search(script)
    archive = named[0] if named else f"cado-host-capture-{began_at:.0f}.tar.lz4"
    try:
        world.bucket.put(form, archive, make_archive(agent, began_at))
    except S3Error:
        return f"captured {archive}\nupload failed\n"
    return f"captured {archive}\nuploaded\n"
