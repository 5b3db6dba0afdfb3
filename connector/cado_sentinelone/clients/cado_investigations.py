"""Cado's cases: investigations to people, projects to some routes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cado_sentinelone.clients.cado_calls import CadoCalls, query, unique
from cado_sentinelone.clients.cado_records import Created, Investigation


class InvestigationCalls(CadoCalls):
    """Investigations (Cado contract 5)."""

    def investigations(
        self,
        *,
        name: str = "",
        status: Sequence[str] = (),
        ids: Sequence[int] = (),
        with_alarms: bool = False,
        limit: int | None = None,
    ) -> Iterator[Investigation]:
        """Every investigation that the key can see, newest first.

        `name` narrows as the platform does, which is not documented: compare before relying on
        it. Users and groups are not in a listing.
        """
        params = query(
            order_by="-id",
            name=name,
            status=status,
            project_id=ids,
            get_alarm_summary=with_alarms or None,
        )
        listing = self.listing(Investigation, "/projects", params, limit=limit)
        return unique(listing, lambda investigation: investigation.investigation_id)

    def investigation(self, investigation_id: int) -> Investigation:
        """One investigation with its users, groups and alarm counts. Raises NotFoundError."""
        return self.one(Investigation, "GET", f"/projects/{investigation_id:d}")

    def create_investigation(
        self,
        name: str,
        description: str = "",
        users: Sequence[str] = (),
        groups: Sequence[str] = (),
    ) -> int:
        """The id of the new investigation; who is not among `users` and `groups` may not see it.

        Raises ConflictError when the name is taken, ForbiddenError.
        """
        body: dict[str, object] = {"case_name": name, "description": description}
        if users:
            body["users"] = [{"username": user} for user in users]
        if groups:
            body["groups"] = [{"name": group} for group in groups]
        return self.one(Created, "POST", "/projects", body=body).id
