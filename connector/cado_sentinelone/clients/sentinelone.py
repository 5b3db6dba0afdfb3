"""The SentinelOne client: one class, its calls kept by subject."""

from __future__ import annotations

from cado_sentinelone.clients.sentinelone_access import AccessCalls
from cado_sentinelone.clients.sentinelone_activities import ActivityCalls
from cado_sentinelone.clients.sentinelone_agents import AgentCalls
from cado_sentinelone.clients.sentinelone_exclusions import ExclusionCalls
from cado_sentinelone.clients.sentinelone_remoteops import RemoteOpsCalls


class SentinelOne(AgentCalls, ExclusionCalls, RemoteOpsCalls, AccessCalls, ActivityCalls):
    """The management API v2.1 with one token: listings are iterators over all pages, every call
    carries the scope that the asset pins, times are aware UTC.
    """
