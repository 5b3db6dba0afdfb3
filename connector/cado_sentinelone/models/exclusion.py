"""An exclusion of one of Cado's patterns, as runners see it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cado_sentinelone.models.action import Output

ExclusionState = Literal[
    "created",
    "already_present",
    "refused",
    "planned",
    "present",
    "inherited",
    "missing",
    "removed",
    "kept",
]


class ExclusionRecord(Output):
    """One pattern at one place, and what became of it there."""

    pattern: str
    os: str = Field(description="windows or linux.")
    state: ExclusionState = Field(
        description="created, already_present, refused or (dry run) planned; present, inherited"
        " or missing when listed; removed or kept."
    )
    reason: str = Field("", description="Why it was refused or kept, or where it is inherited.")
    exclusion_id: str = ""
    scope: str = Field(description="site, account, group or tenant.")
    scope_id: str = Field("", description="Empty for the tenant.")
    mode: str = ""
