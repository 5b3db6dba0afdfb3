"""The Cado client: one class, its calls kept by subject."""

from __future__ import annotations

from cado_sentinelone.clients.cado_accounts import AccountCalls
from cado_sentinelone.clients.cado_evidence import EvidenceCalls
from cado_sentinelone.clients.cado_imports import ImportCalls
from cado_sentinelone.clients.cado_investigations import InvestigationCalls
from cado_sentinelone.clients.cado_pipelines import PipelineCalls
from cado_sentinelone.clients.cado_platform import PlatformCalls
from cado_sentinelone.clients.cado_timeline import TimelineCalls


class Cado(
    PlatformCalls,
    AccountCalls,
    ImportCalls,
    InvestigationCalls,
    PipelineCalls,
    EvidenceCalls,
    TimelineCalls,
):
    """Cado's API v3 with one key: listings are iterators over all pages, times are aware UTC."""
