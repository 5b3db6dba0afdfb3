"""Counting alarms: the one place, so that every route counts alike."""

from collections.abc import Iterable

from cado_sentinelone.sandbox.cado.findings import Alarm
from cado_sentinelone.sandbox.cado.stories import MALICIOUS, SUSPICIOUS


def severities(alarms: Iterable[Alarm]) -> dict[str, int]:
    """How many alarms are malicious and how many suspicious."""
    found = [alarm.story.severity for alarm in alarms]
    return {"malicious": found.count(MALICIOUS), "suspicious": found.count(SUSPICIOUS)}
