"""Cado's jobs: what runs, what triggered it and how it ended."""

from __future__ import annotations

from collections.abc import Iterator

from cado_sentinelone.clients.cado_calls import PAGE_SIZE, CadoCalls, query, unique
from cado_sentinelone.clients.cado_records import Pipeline


class PipelineCalls(CadoCalls):
    """Pipelines (Cado contract 6)."""

    def pipelines(
        self,
        *,
        project_id: int | None = None,
        triggering_pipeline_id: int | None = None,
        evidence_id: int | None = None,
        type: str = "",
        status: str = "",
        order_by: str = "created",
        limit: int | None = None,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[Pipeline]:
        """Every pipeline that fits, oldest first, so that one started meanwhile comes last.

        The subtasks of a listing have only name and state.
        """
        params = query(
            project_id=project_id,
            triggering_pipeline_id=triggering_pipeline_id,
            evidence_id=evidence_id,
            type=type,
            pipeline_status=status,
            order_by=order_by,
        )
        listing = self.listing(Pipeline, "/pipelines", params, limit=limit, page_size=page_size)
        return unique(listing, lambda pipeline: pipeline.pipeline_id)

    def pipeline(self, pipeline_id: int) -> Pipeline:
        """One pipeline with its subtasks in full. Raises NotFoundError."""
        return self.one(Pipeline, "GET", f"/pipelines/{pipeline_id:d}")

    def cancel_pipeline(self, pipeline_id: int) -> None:
        """Asks for the pipeline's end; look at it until its status is cancelled.

        Raises ConflictError, ForbiddenError, NotFoundError.
        """
        self.call("PATCH", f"/pipelines/{pipeline_id:d}", body={"aborted": True})
