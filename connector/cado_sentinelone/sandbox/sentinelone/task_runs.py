"""The tasks of remote scripts on their way: they wait, are sent, run and end, as time goes by."""

import io
import zipfile
from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.places import Group
from cado_sentinelone.sandbox.runs import Finished, simulate, takes_effect
from cado_sentinelone.sandbox.sentinelone.remote_records import Task
from cado_sentinelone.sandbox.sentinelone.task_settings import TaskRules, Turns

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.world import World

_SENT_AFTER_SECONDS = 10.0
_RUN_SECONDS = 240.0
_EXPIRES_AFTER_SECONDS = 6 * 3600.0


class TaskRuns:
    """The tasks that have not ended, and what happens to them."""

    def __init__(self, world: "World", rules: TaskRules) -> None:
        """None yet; the rules say when they may begin, and how many at once."""
        self.settled_at = 0.0
        """Until when everything has happened."""
        self._world = world
        self._rules = rules
        self._open: list[Task] = []

    def add(self, task: Task) -> None:
        """A task that was created just now."""
        self._open.append(task)

    def run_until(self, now: float) -> None:
        """Let the tasks begin and end; each that ends may make room for one that waits."""
        running = [task for task in self._open if task.sent_at is not None]
        turns = Turns(self._rules, running)
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
        self.settled_at = now

    def _ready(self, turns: Turns, now: float) -> list[tuple[Task, float]]:
        """Those that only a concurrency limit can hold up by now, and since when they are that."""
        queue = []
        for task in self._open:
            if task.sent_at is not None:
                continue
            # Nothing had its turn by the last look, or it would not wait. When an endpoint came
            # back nobody noted.
            came_back = now if task.waits_for == "endpoint" else self.settled_at
            ready = max(task.created_at + _SENT_AFTER_SECONDS, came_back)
            opens = turns.opens(task, ready)
            if opens > now:
                task.waits_for = "turn" if opens > ready else task.waits_for
                continue
            if task.sendable_from is None:
                task.sendable_from = opens
            if task.agent.is_active and not self._world.faults.on("task_expires"):
                queue.append((task, opens))
                continue
            task.waits_for = "endpoint"
            if now >= task.sendable_from + _EXPIRES_AFTER_SECONDS:
                task.end("expired", now, "The agent did not take the task in time")
        return queue

    def _run(self, task: Task, now: float) -> None:
        faults = self._world.faults
        if task.sent_at is None or task.ending:
            return
        if task.did is None:
            task.did = takes_effect(self._world, task.agent, task.script)
            if self._world.live is not None and task.agent is self._world.live.agent:
                self._world.live.start(task)
                return
        if self._world.live is not None and task.agent is self._world.live.agent:
            if finished := self._world.live.finished(task):
                self._finish(task, finished, now)
            return
        due = task.sent_at + (_RUN_SECONDS if task.did else 5.0)
        if now < due or faults.on("task_stuck"):
            return
        if faults.take("endpoint_reboots"):
            task.end("failed", due, "The endpoint restarted during the execution")
            return
        finished = simulate(
            self._world,
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
        if task.has_output and not self._world.faults.on("no_output"):
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
