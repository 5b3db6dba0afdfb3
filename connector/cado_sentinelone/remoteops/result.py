"""What a script says of itself: one line of JSON, the last of its output."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from pydantic import Field, ValidationError

from cado_sentinelone.models.action import Output

# What each exit code of a script means; the step is in the result line as well.
EXIT_CODES: Mapping[int, str] = MappingProxyType(
    {
        0: "the archive was uploaded",
        10: "the guard's folder is not safe to use",
        11: "there is too little free space",
        12: "there is nothing to download with (curl or wget)",
        13: "the collector could not be downloaded",
        14: "the collector is not the one that was pinned",
        15: "the collector failed while it captured",
        16: "the collector captured nothing",
        17: "the archive could not be uploaded",
        18: "the time limit passed",
        19: "somebody stopped the script",
        20: "this key has run here before; this time nothing was done",
        21: "the work folder could not be made",
        22: "the collector cannot be started on this machine",
        99: "the script itself broke off",
    }
)
_LONGEST_LINE = 4096
_SIGN = '"cado_sentinelone"'
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class ScriptResult(Output):
    """One result line. `first_*` tell of the run that had the key, when this one did nothing.

    `size_bytes` is None and `digest_sha256` empty as long as there is no archive, and the digest
    where the endpoint has nothing to tell it with. `message` says what failed, and what did not go
    as asked though it stopped nothing.
    """

    key: str
    outcome: Literal["uploaded", "failed", "repeated"]
    step: str = Field("", pattern="^[a-z_]{0,40}$")
    exit_code: int = 0
    archive: str = ""
    size_bytes: int | None = Field(None, ge=0)
    digest_sha256: str = Field("", pattern="^([0-9a-f]{64})?$")
    started_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""
    first_outcome: Literal["", "running", "uploaded", "failed", "died"] = ""
    first_step: str = Field("", pattern="^[a-z_]{0,40}$")
    line: str = Field("", exclude=True)


def result_in(text: str, key: str) -> ScriptResult | None:
    """The last result line of `key` in the output of a script, or None.

    The output comes from an endpoint: anything may stand in it, and what is not exactly such a
    line is passed over.
    """
    for line in reversed(text.splitlines()):
        if _SIGN not in line or len(line) > _LONGEST_LINE:
            continue
        result = _read(line.strip())
        if result is not None and result.key == key:
            return result
    return None


def _read(line: str) -> ScriptResult | None:
    try:
        content = json.loads(line)
        if not isinstance(content, dict) or content.pop("cado_sentinelone", None) != 1:
            return None
        fields = {
            name: value
            for name, value in content.items()
            if name in ScriptResult.model_fields and name != "line"
        }
        result = ScriptResult.model_validate({**fields, "line": line})
    except (ValueError, ValidationError, RecursionError):
        return None
    return result.model_copy(update={"message": _CONTROL.sub(" ", result.message)[:500]})
