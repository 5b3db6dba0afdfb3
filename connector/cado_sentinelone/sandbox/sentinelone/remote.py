"""Remote scripts at work: the library, the tasks and the approvals, as the time moves them."""

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.places import Group
from cado_sentinelone.sandbox.runs import Finished, simulate, takes_effect
from cado_sentinelone.sandbox.sentinelone.guardrails import Guardrails
from cado_sentinelone.sandbox.sentinelone.people import User
from cado_sentinelone.sandbox.sentinelone.records import SCRIPT_RUN, Activity
from cado_sentinelone.sandbox.sentinelone.remote_records import Pending, Script, Task
from cado_sentinelone.sandbox.sentinelone.schedules import Schedules
from cado_sentinelone.sandbox.sentinelone.task_settings import TaskRules, Turns

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_LISTED_AFTER_SECONDS = 1.0
_SENT_AFTER_SECONDS = 10.0
_RUN_SECONDS = 240.0
_EXPIRES_AFTER_SECONDS = 6 * 3600.0
_APPROVAL_SECONDS = 24 * 3600.0
_TASK_TYPE = "script_execution"


class Remote:
    """What the console knows of scripts, and what the endpoints do with them."""

    def __init__(self, world: "World") -> None:
        """Nothing uploaded, nothing executed."""
        self.world = world
        self.scripts: dict[str, Script] = {}
        self.tasks: dict[str, Task] = {}
        self.pending: dict[str, Pending] = {}
        self.guardrails = Guardrails()
        self.schedules = Schedules()
        self.settings: dict[str, TaskRules] = {}
        """By type of task; only those of `script_execution` hold anything here back."""
        self._open: list[Task] = []
        self._settled_at = 0.0

    def rules_of(self, task_type: str) -> TaskRules:
        """The settings of a type of task."""
        return self.settings.setdefault(task_type, TaskRules())

    def asks_approval(self, script: Script, agents: list[Agent], *, wanted: bool = False) -> bool:
        """Whether an execution waits for a reviewer, who may also have been `wanted`."""
        asked = wanted or self.world.faults.on("rso_approval")
        return bool(agents) and (asked or self.guardrails.stop(script.type, agents))

    def execute(
        self, script: Script, agents: list[Agent], wanted: dict[str, object], user: User
    ) -> str:
        """Start one task per endpoint under a new parent, whose id this is."""
        self.settle()
        parent_id = self._create(script, agents, wanted, user, self.world.clock.now())
        self.settle()
        return parent_id

    def _create(
        self,
        script: Script,
        agents: list[Agent],
        wanted: dict[str, object],
        user: User,
        now: float,
    ) -> str:
        state = self.world.sentinelone
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
                waiting.settle("expired")
        # In the order of the moments: what was due earlier takes its turn, and its effect, earlier.
        while (due := self.schedules.first_due(now)) is not None:
            at = max(due.time.at, self._settled_at)
            self._run_until(at)
            agents = due.agents(self.world)
            # A script that was deleted in the meantime has nothing to run.
            if due.script.script_id in self.scripts and (
                due.expires is None or at <= due.expires.at
            ):
                self._create(due.script, agents, due.wanted, due.user, at)
            self.schedules.happened(due)
        self._run_until(now)

    def review(self, pending_id: str, action: str) -> None:
        """Decide on an execution that waits; approving it starts its tasks."""
        waiting = self.pending[pending_id]
        if waiting.state != "waiting":
            return
        waiting.settle({"approve": "approved", "decline": "declined"}.get(action, "expired"))
        if action == "approve" and waiting.scheduled is None:
            self.execute(waiting.script, waiting.agents, waiting.wanted, waiting.user)

    def cancel(self, tasks: Iterator[Task]) -> int:
        """Cancel those that were not sent to their endpoint yet (contract 8); how many."""
        now, count = self.world.clock.now(), 0
        self.settle()
        for task in tasks:
            if not task.ending and (task.sent_at is None or now < task.sent_at):
                task.end("canceled", now, "Execution canceled by user")
                count += 1
        self.settle()
        return count

    def _run_until(self, now: float) -> None:
        """Let the tasks begin and end; each that ends may make room for one that waits."""
        running = [task for task in self._open if task.sent_at is not None]
        turns = Turns(self.rules_of(_TASK_TYPE), running)
        queue = self._ready(turns, now)
        while running or queue:
            for task in running:
                self._run(task, now)
                if task.ending:
                    turns.give_back(task)
            running = _begin(queue, turns, now)
            if not running:
                break
            queue = [(task, opens) for task, opens in queue if task.sent_at is None]
        self._open = [task for task in self._open if not task.ending]
        self._settled_at = now

    def _ready(self, turns: Turns, now: float) -> list[tuple[Task, float]]:
        """Those that only a concurrency limit can hold up by now, and since when they are that."""
        queue = []
        for task in self._open:
            if task.sent_at is not None:
                continue
            # Nothing had its turn by the last look, or it would not wait. When an endpoint came
            # back nobody noted.
            came_back = now if task.waits_for == "endpoint" else self._settled_at
            ready = max(task.created_at + _SENT_AFTER_SECONDS, came_back)
            opens = turns.opens(task, ready)
            if opens > now:
                task.waits_for = "turn" if opens > ready else task.waits_for
                continue
            if task.sendable_from is None:
                task.sendable_from = opens
            if task.agent.is_active and not self.world.faults.on("task_expires"):
                queue.append((task, opens))
                continue
            task.waits_for = "endpoint"
            if now >= task.sendable_from + _EXPIRES_AFTER_SECONDS:
                task.end("expired", now, "The agent did not take the task in time")
        return queue

    def _run(self, task: Task, now: float) -> None:
        faults = self.world.faults
        if task.sent_at is None or task.ending:
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
            task.end("failed", due, "The endpoint restarted during the execution")
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
        task.end("completed", at, words)
        if task.has_output and not self.world.faults.on("no_output"):
            task.result = _zipped(finished.output)


def _begin(queue: list[tuple[Task, float]], turns: Turns, now: float) -> list[Task]:
    """Send those for which there is a place by now; these."""
    begun: list[Task] = []
    full: set[Group] = set()
    for task, opens in queue:
        task.waits_for = "turn"
        # Nothing ends within one round, so who finds no place finds none for its neighbours.
        if task.agent.group in full:
            continue
        free = turns.free_from(task, opens)
        if free > now:
            full.add(task.agent.group)
            continue
        begins = turns.opens(task, free)
        if begins > now:
            continue
        task.sent_at = begins
        turns.take(task)
        begun.append(task)
    return begun


def _zipped(output: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("script_output.log"), output)
    return packed.getvalue()
