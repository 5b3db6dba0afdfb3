"""Remote scripts at work: the library, the tasks and the approvals, as the time moves them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.sentinelone.guardrails import Guardrails
from cado_sentinelone.sandbox.sentinelone.people import User
from cado_sentinelone.sandbox.sentinelone.records import SCRIPT_RUN, Activity
from cado_sentinelone.sandbox.sentinelone.remote_records import Pending, Script, Task
from cado_sentinelone.sandbox.sentinelone.schedules import Schedules
from cado_sentinelone.sandbox.sentinelone.task_runs import TaskRuns
from cado_sentinelone.sandbox.sentinelone.task_settings import TaskRules

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_LISTED_AFTER_SECONDS = 1.0
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
        self._runs = TaskRuns(world, self.rules_of(_TASK_TYPE))

    def rules_of(self, task_type: str) -> TaskRules:
        """The settings of a type of task."""
        return self.settings.setdefault(task_type, TaskRules())

    def asks_approval(self, script: Script, agents: list[Agent], *, wanted: bool = False) -> bool:
        """Whether an execution waits for a reviewer, who may also have been `wanted`."""
        sites = set(self.world.faults.values("rso_approval"))
        of_site = any(agent.group.site.name in sites for agent in agents)
        asked = wanted or of_site or (self.world.faults.on("rso_approval") and not sites)
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
            self._runs.add(task)
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
            at = max(due.time.at, self._runs.settled_at)
            self._runs.run_until(at)
            agents = due.agents(self.world)
            # A script that was deleted in the meantime has nothing to run.
            if due.script.script_id in self.scripts and (
                due.expires is None or at <= due.expires.at
            ):
                self._create(due.script, agents, due.wanted, due.user, at)
            self.schedules.happened(due)
        self._runs.run_until(now)

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
