"""Which sites Cado's exclusions cover, whatever scope each was made at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.clients.sentinelone_records import Exclusion, Site
from cado_sentinelone.doctor.checks import Examination
from cado_sentinelone.engine.patterns import COMMON_PARTS, PATTERNS
from cado_sentinelone.log import printable

_MOST_NAMES = 10


def add_exclusion_checks(exam: Examination, client: SentinelOne, sites: Sequence[Site]) -> None:
    """One check per pattern; sites whose endpoints are not covered are named."""
    there = list(client.exclusions_in_scope(COMMON_PARTS))
    for os, value in PATTERNS:
        mine = [one for one in there if (one.os_type, one.value) == (os, value)]
        bare = [site for site in sites if not any(_covers(one, site) for one in mine)]
        name = f"exclusion: {value}"
        if not bare:
            exam.add(name, "ok", f"covers {os} endpoints on all {len(sites)} sites")
        else:
            exam.add(
                name,
                "warning",
                f"does not cover {os} endpoints on {names(site.name for site in bare)}: "
                "the agent may stop the collection there",
                "Run add_exclusions.",
            )


def names(texts: Iterable[str]) -> str:
    """The first ten names, printable, and how many more there are."""
    every = [printable(text) for text in texts]
    more = f" and {len(every) - _MOST_NAMES} more" if len(every) > _MOST_NAMES else ""
    return ", ".join(every[:_MOST_NAMES]) + more


def _covers(exclusion: Exclusion, site: Site) -> bool:
    scope = exclusion.scope
    return scope.tenant or site.account_id in scope.account_ids or site.site_id in scope.site_ids
