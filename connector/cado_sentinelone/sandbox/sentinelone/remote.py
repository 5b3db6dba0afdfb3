"""Remote scripts at work: the library, the tasks and the approvals, as the time moves them."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.runs import Finished, simulate, takes_effect
from cado_sentinelone.sandbox.sentinelone.people import User
from cado_sentinelone.sandbox.sentinelone.records import SCRIPT_RUN, Activity

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_LISTED_AFTER_SECONDS = 1.0
_PENDING_AFTER_SECONDS = 3.0
_SENT_AFTER_SECONDS = 10.0
_RUN_SECONDS = 240.0
_EXPIRES_AFTER_SECONDS = 6 * 3600.0
_APPROVAL_SECONDS = 24 * 3600.0


@dataclass(slots=True, eq=False)
class Script:
    """An uploaded script. `text` is what is in the library now, which somebody may have changed."""

    script_id: str
    name: str
    type: str
    os_types: list[str]
    text: str = field(repr=False)
    file_name: str
    description: str
    runtime_seconds: int
    scope_level: str
    scope_id: str | None
    user: User
    created_at: float


@dataclass(slots=True, eq=False)
class Task:
    """The work of one execution on one endpoint."""

    task_id: str
    parent_id: str
    agent: Agent
    script: str = field(repr=False)
    description: str
    user: User
    created_at: float
    runtime_seconds: int
    has_output: bool
    sent_at: float | None = None
    did: bool | None = None
    """Whether the script took effect, once it has begun."""
    ended_at: float | None = None
    ending: str = ""
    """The status that it ended in."""
    words: str = ""
    exit_code: int | None = None
    result: bytes = field(default=b"", repr=False)

    def status(self, now: float) -> str:
        """The console's word for where it is (contract 7.3)."""
        if self.ending:
            return self.ending
        if now < self.created_at + _PENDING_AFTER_SECONDS:
            return "created"
        return "pending" if self.sent_at is None or now < self.sent_at else "in_progress"

    @property
    def signature(self) -> str:
        """The SHA-256 of the result file, empty as long as there is none."""
        return hashlib.sha256(self.result).hexdigest() if self.result else ""


@dataclass(slots=True, eq=False)
class Pending:
    """An execution that waits for a reviewer."""

    pending_id: str
    script: Script
    agents: list[Agent]
    wanted: dict[str, object]
    user: User
    created_at: float
    state: str = "waiting"


class Remote:
    """What the console knows of scripts, and what the endpoints do with them."""

    def __init__(self, world: "World") -> None:
        """Nothing uploaded, nothing executed."""
        self.world = world
        self.scripts: dict[str, Script] = {}
        self.tasks: dict[str, Task] = {}
        self.pending: dict[str, Pending] = {}
        self._open: list[Task] = []

    def execute(
        self, script: Script, agents: list[Agent], wanted: dict[str, object], user: User
    ) -> str:
        """Start one task per endpoint under a new parent, whose id this is."""
        state, now = self.world.sentinelone, self.world.clock.now()
        parent_id = state.new_id()
        for agent in agents:
            runtime = wanted.get("scriptRuntimeTimeoutSeconds")
            task = Task(
                task_id=state.new_id(),
                parent_id=parent_id,
                agent=agent,
                script=script.text,
                description=str(wanted["taskDescription"]),
                user=user,
                created_at=now,
                runtime_seconds=runtime if isinstance(runtime, int) else script.runtime_seconds,
                has_output=wanted["outputDestination"] == "SentinelCloud",
            )
            self.tasks[task.task_id] = task
            self._open.append(task)
            state.activities.append(
                Activity(
                    activity_id=state.new_id(),
                    number=SCRIPT_RUN,
                    at=now,
                    text=f"{user.full_name} ran the script {script.name} on {agent.hostname}.",
                    agent=agent,
                    user=user,
                    details={
                        "computerName": agent.hostname,
                        "scriptName": script.name,
                        "taskDescription": task.description,
                        "parentTaskId": parent_id,
                        "taskId": task.task_id,
                    },
                )
            )
        self.settle()
        return parent_id

    def rows(self, parent_ids: set[str]) -> list[Task]:
        """The tasks of these parents that the console lists already."""
        self.settle()
        now = self.world.clock.now()
        return [
            task
            for task in self.tasks.values()
            if task.parent_id in parent_ids and now >= task.created_at + _LISTED_AFTER_SECONDS
        ]

    def settle(self) -> None:
        """Let everything happen that is due by now."""
        now = self.world.clock.now()
        for waiting in self.pending.values():
            if waiting.state == "waiting" and now > waiting.created_at + _APPROVAL_SECONDS:
                waiting.state = "expired"
        for task in list(self._open):
            self._move(task, now)
            if task.ending:
                self._open.remove(task)

    def review(self, pending_id: str, action: str) -> None:
        """Decide on an execution that waits; approving it starts its tasks."""
        waiting = self.pending[pending_id]
        if waiting.state != "waiting":
            return
        waiting.state = {"approve": "approved", "decline": "declined"}.get(action, "expired")
        if action == "approve":
            self.execute(waiting.script, waiting.agents, waiting.wanted, waiting.user)

    def cancel(self, tasks: Iterator[Task]) -> int:
        """Cancel those that were not sent to their endpoint yet (contract 8); how many."""
        now, count = self.world.clock.now(), 0
        self.settle()
        for task in tasks:
            if not task.ending and (task.sent_at is None or now < task.sent_at):
                _end(task, "canceled", now, "Execution canceled by user")
                count += 1
        self.settle()
        return count

    def _move(self, task: Task, now: float) -> None:
        faults = self.world.faults
        if task.sent_at is None and task.agent.is_active and not faults.on("task_expires"):
            begins = task.created_at if now < task.created_at + _SENT_AFTER_SECONDS else now
            task.sent_at = begins + (_SENT_AFTER_SECONDS if begins == task.created_at else 0)
        if task.sent_at is None:
            if now >= task.created_at + _EXPIRES_AFTER_SECONDS:
                _end(task, "expired", now, "The agent did not take the task in time")
            return
        if now < task.sent_at or task.ending:
            return
        if task.did is None:
            task.did = takes_effect(self.world, task.agent, task.script)
            if self.world.live is not None and task.agent is self.world.live.agent:
                self.world.live.start(task)
                return
        if self.world.live is not None and task.agent is self.world.live.agent:
            if finished := self.world.live.finished(task):
                self._finish(task, finished, now)
            return
        due = task.sent_at + (_RUN_SECONDS if task.did else 5.0)
        if now < due or faults.on("task_stuck"):
            return
        if faults.take("endpoint_reboots"):
            _end(task, "failed", due, "The endpoint restarted during the execution")
            return
        finished = simulate(
            self.world,
            task.agent,
            task.script,
            did=task.did,
            began_at=task.sent_at,
            ended_at=due,
        )
        self._finish(task, finished, due)

    def _finish(self, task: Task, finished: Finished, at: float) -> None:
        task.exit_code = finished.exit_code
        # "completed" speaks of the task: a script that failed shows in the words (contract 7.3).
        words = "Execution completed successfully"
        if finished.exit_code:
            words = "The execution terminated in failure"
        _end(task, "completed", at, words)
        if task.has_output and not self.world.faults.on("no_output"):
            task.result = _zipped(finished.output)


def _end(task: Task, status: str, at: float, words: str) -> None:
    task.ending, task.ended_at, task.words = status, at, words


def _zipped(output: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("script_output.log"), output)
    return packed.getvalue()
