"""What one check says, and how checks are run so that one failure never hides the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.models.action import Output

CheckStatus = Literal["ok", "warning", "failed", "unknown"]
Health = Literal["green", "amber", "red"]


class Check(Output):
    """One check. `unknown` is not `ok`: it says why it cannot be told."""

    name: str = Field(description="What was looked at; stable, so that a playbook can branch.")
    status: CheckStatus
    detail: str = Field("", description="What was found, in the vendor's words where it has any.")
    remedy: str = Field("", description="What to do, and where.")


class Diagnosis(Output):
    """Everything that was looked at."""

    health: Health = Field(
        description="red: something needed failed; amber: something will bite; green: neither."
    )
    checks: tuple[Check, ...] = ()


@dataclass
class Examination:
    """The checks made so far. A check that raises becomes `failed` with the error's own words."""

    checks: list[Check] = field(default_factory=list)

    def add(self, name: str, status: CheckStatus, detail: str = "", remedy: str = "") -> None:
        self.checks.append(Check(name=name, status=status, detail=detail, remedy=remedy))

    def attempt(self, name: str, look: Callable[[], None]) -> ConnectorError | None:
        """Runs `look`, which adds its own checks; the error that stopped it, if any did."""
        try:
            look()
        except ConnectorError as error:
            self.add(name, "failed", error.message, error.remedy)
            return error
        return None

    def passed(self, name: str) -> bool:
        """Whether the check called `name` was made and did not fail."""
        return any(check.name == name and check.status != "failed" for check in self.checks)

    def diagnosis(self) -> Diagnosis:
        statuses = {check.status for check in self.checks}
        health: Health = "green"
        if "failed" in statuses:
            health = "red"
        elif "warning" in statuses:
            health = "amber"
        return Diagnosis(health=health, checks=tuple(self.checks))
