"""A vendor's account inside Cado, as runners see it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cado_sentinelone.models.action import Output

Health = Literal["green", "red", "grey"]


class Account(Output):
    """One account through which Cado reaches SentinelOne."""

    name: str = Field(description="The alias; the asset's cado_account_name.")
    health: Health = Field(
        description="green: the last check succeeded; red: it failed; grey: none has ended."
    )
    issues: tuple[str, ...] = Field((), description="What the check found wrong, in Cado's words.")
    account_type: str = ""
    public_identifier: str = Field("", description="What Cado shows of the credential.")
    last_used: str = Field("", description="In Cado's words, such as '2 hours ago'.")
    check_pipeline_id: int | None = Field(
        None, description="The pipeline of the check just started."
    )
    check_status: str = Field("", description="How far that check is, in Cado's words.")
