"""What Cado found: evidence, alarms and indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cado_sentinelone.clients.cado_calls import CadoCalls, query
from cado_sentinelone.clients.cado_evidence_records import (
    Alarm,
    AlarmSummary,
    Evidence,
    Indicators,
)


class EvidenceCalls(CadoCalls):
    """Evidence and findings (Cado contract 7). There is no verdict to ask for."""

    def evidences(
        self,
        *,
        project_id: int | None = None,
        hostname: str = "",
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Evidence]:
        """Every evidence, oldest first unless asked; `hostname` narrows as the platform does."""
        order = "-id" if newest_first else "id"
        params = query(order_by=order, project_id=project_id, hostname=hostname)
        return self.listing(Evidence, "/evidences", params, limit=limit)

    def evidence(self, evidence_id: int) -> Evidence:
        """One evidence. Raises NotFoundError."""
        return self.one(Evidence, "GET", f"/evidences/{evidence_id:d}")

    def alarms(
        self,
        *,
        investigation_id: int | None = None,
        evidence_id: int | None = None,
        severities: Sequence[int] = (),
        limit: int | None = None,
    ) -> Iterator[Alarm]:
        """Every alarm, oldest first; severity 1 is malicious, 3 suspicious, 10 informational."""
        params = query(
            order_by="id",
            investigation_id=investigation_id,
            evidence_id=evidence_id,
            alarm_severity=severities,
        )
        return self.listing(Alarm, "/alarms", params, limit=limit)

    def alarm_summary(self, investigation_id: int, evidence_id: int | None = None) -> AlarmSummary:
        """How often which kind of alarm was raised. Raises NotFoundError."""
        params = query(investigation_id=investigation_id, evidence_id=evidence_id)
        return self.one(AlarmSummary, "GET", "/alarms/summary", params)

    def indicators(self, investigation_id: int, evidence_id: int | None = None) -> Indicators:
        """The indicators of compromise that were found. Raises NotFoundError."""
        params = query(investigation_id=investigation_id, evidence_id=evidence_id)
        return self.one(Indicators, "GET", "/indicators", params)
