"""What the analysis of an endpoint finds: the same for the same endpoint of the same world."""

import hashlib
from random import Random
from typing import NamedTuple

from cado_sentinelone.sandbox.cado.stories import (
    INFORMATIONAL,
    MALICIOUS,
    STORIES,
    SUSPICIOUS,
    Story,
)
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.world import World

VERDICTS = ("malicious", "suspicious", "no findings")
_WORST = {"malicious": MALICIOUS, "suspicious": SUSPICIOUS, "no findings": INFORMATIONAL}
_ALARM_IDS_PER_EVIDENCE = 1_000


class Alarm(NamedTuple):
    """One alarm, with the timeline event that goes with it."""

    alarm_id: int
    event_id: str
    kind: str
    """`content` or `event`."""
    story: Story
    filename: str
    sha256: str
    seconds_before: float
    """How long before the collection it happened."""
    share: float
    """The part of the analysis, above 0 and below 1, after which it is found."""

    @property
    def item_id(self) -> str:
        """The hash of the content, or the id of the event."""
        return self.sha256 if self.kind == "content" else self.event_id

    @property
    def indicator(self) -> str:
        """What gave it away."""
        return self.sha256 if self.kind == "content" else self.story.indicator


def verdict(world: World, agent: Agent) -> str:
    """What is to be found on the endpoint: the first three of a world show one verdict each."""
    for example, known in zip(world.agents, VERDICTS, strict=False):
        if agent is example:
            return known
    return world.rng(f"cado/verdict/{agent.agent_id}").choice(VERDICTS)


def alarms_of(world: World, agent: Agent, evidence_id: int) -> tuple[Alarm, ...]:
    """Every alarm of this evidence of the endpoint, in the order in which they are found."""
    rng = world.rng(f"cado/findings/{agent.agent_id}")
    worst = _WORST[verdict(world, agent)]
    kinds = [
        (kind, story)
        for story in STORIES["linux" if agent.os_type == "linux" else "windows"]
        if story.severity >= worst
        for kind in ["content"] * story.content + ["event"] * _times(story, rng)
    ]
    rng.shuffle(kinds)
    return tuple(
        Alarm(
            alarm_id=evidence_id * _ALARM_IDS_PER_EVIDENCE + place,
            event_id=event_id(evidence_id, rng),
            kind=kind,
            story=story,
            filename=story.filename,
            sha256=hashlib.sha256(f"{agent.agent_id}{story.filename}".encode()).hexdigest(),
            seconds_before=rng.uniform(600, 3 * 86_400),
            share=(place + 1) / (len(kinds) + 1),
        )
        for place, (kind, story) in enumerate(kinds)
    )


def evidence_id_of_alarm(alarm_id: int) -> int:
    """The evidence whose alarm this would be."""
    return alarm_id // _ALARM_IDS_PER_EVIDENCE


def event_id(evidence_id: int, rng: Random) -> str:
    """An id in the event index: 20 characters, different in each evidence."""
    return f"{evidence_id:06x}{rng.getrandbits(56):014x}"


def _times(story: Story, rng: Random) -> int:
    return rng.randint(1, story.events) if story.events else 0
