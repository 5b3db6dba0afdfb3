"""`demo`: the main job end to end on an embedded sandbox, every step over real HTTP."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from cado_sentinelone.console.progress import Progress
from cado_sentinelone.console.tables import STYLES
from cado_sentinelone.invoke import invoke
from cado_sentinelone.log import printable
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.running import RunningSandbox

# A collection takes about 50 minutes of the sandbox's time: some ten seconds here.
_SPEED = 300.0
_ENDPOINTS = 2000
_INVESTIGATION = "DEMO-1"
_LAUNCH = (
    "cado-sentinelone run run_collection --asset asset.json -p endpoint=ws-hq-00000"
    " -p investigation=INC-1 -p via=remoteops"
)

Record = dict[str, Any]


class StepFailedError(Exception):
    """A step of the story did not succeed; it has been shown."""


@dataclass
class Story:
    """Tells and runs the steps; each is an action with the command that a person would type."""

    console: Console
    asset: Record
    number: int = 0

    def step(self, title: str, action: str, **parameters: object) -> list[Record]:
        """Runs `action` and returns its records. Raises StepFailedError."""
        self.number += 1
        self.console.print()
        self.say(f"{self.number}. {title}", "bold")
        typed = "".join(f" -p {name}={_typed(value)}" for name, value in parameters.items())
        self.say(f"   $ cado-sentinelone run {action}{typed}", "cyan")
        with Progress(sys.stderr) as progress:
            request = {"action": action, "asset": self.asset, "parameters": parameters}
            outcome = invoke(request, run=Run(runner="demo", progress=progress))
        if outcome.error is not None:
            self.say(f"   {outcome.message}", "red")
            self.say(f"   {outcome.error.remedy}")
            raise StepFailedError
        self.say(f"   {outcome.message}", "green")
        return outcome.data

    def say(self, line: str, style: str = "") -> None:
        self.console.print(Text(printable(line), style=style), soft_wrap=True)


def command(parsed: argparse.Namespace) -> int:
    """Tells the story; exit status 1 when a step of it fails."""
    console = Console(highlight=False)
    try:
        from cado_sentinelone.sandbox.running import RunningSandbox
    except ModuleNotFoundError as error:
        print(
            f"the demo needs the sandbox: pip install 'cado-sentinelone[sandbox]' ({error})",
            file=sys.stderr,
        )
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="cado-sentinelone-demo-") as folder,
        RunningSandbox(endpoints=_ENDPOINTS, speed=_SPEED, live_endpoint=True) as sandbox,
    ):
        ledger = Path(folder, "ledger.db").as_posix()
        story = Story(console, sandbox.asset | {"ledger_url": f"sqlite:///{ledger}"})
        story.say(f"A sandbox of both vendors' APIs listens on {sandbox.url}.", "dim")
        try:
            tell(story)
            story.say("")
            story.say("Second act: our own script, on an endpoint that is this machine", "bold")
            if missing := [name for name in ("sh", "curl") if not shutil.which(name)]:
                story.say(f"   left out: {' and '.join(missing)} is not installed here", "yellow")
            else:
                tell_of_script(story, sandbox)
        except StepFailedError:
            return 1
        except KeyboardInterrupt:
            console.print()
            story.say("Stopped: the sandbox and all that was in it are gone.", "bold")
            return 130
    _next(story)
    return 0


def tell(story: Story) -> None:
    """The steps, in order. Raises StepFailedError."""
    [diagnosis] = story.step("Connect: what is there, and what is not?", "test_connectivity")
    _show_checks(story, diagnosis["checks"])

    [endpoint, *_] = story.step(
        "Find an endpoint", "list_endpoints", hostname_contains="ws-hq", online_only=True, limit=3
    )
    story.say(
        f"   {endpoint['hostname']}: {endpoint['os_name']}, site {endpoint['site_name']}, "
        f"collectable: {'yes' if endpoint['collectable'] else endpoint['not_collectable_reason']}"
    )

    for pattern in story.step(
        "Have the agent leave Cado Host alone",
        "add_exclusions",
        scope="site",
        scope_ids=endpoint["site_id"],
    ):
        story.say(f"   {pattern['state']}: {pattern['os']} {pattern['pattern']}")

    [launched] = story.step(
        "Launch a collection",
        "run_collection",
        endpoint=endpoint["agent_id"],
        investigation=_INVESTIGATION,
        reason="demo",
    )
    [again] = story.step(
        "The playbook retries: nothing is launched twice",
        "run_collection",
        endpoint=endpoint["agent_id"],
        investigation=_INVESTIGATION,
    )
    story.say(f"   deduplicated: {again['deduplicated']}")

    [status] = story.step(
        "Follow it to the evidence",
        "get_task_status",
        collection_id=launched["collection_id"],
        wait_seconds=120,
    )
    for name in dict.fromkeys(step["pipeline"] for step in status["steps"]):
        steps = [step for step in status["steps"] if step["pipeline"] == name]
        done = sum(step["state"] == "SUCCESS" for step in steps)
        story.say(f"   {name}: {done} of {len(steps)} tasks succeeded")
    if status["state"] != "completed":
        story.say(f"   it ended as {status['state']}", "red")
        raise StepFailedError

    [findings] = story.step(
        "Read the verdict", "get_findings", collection_id=launched["collection_id"]
    )
    story.say(f"   verdict: {findings['verdict']}", STYLES.get(findings["verdict"], ""))
    for alarm in findings["alarms"][:3]:
        story.say(f"   {alarm['severity']}: {alarm['description']} ({', '.join(alarm['attack'])})")

    [enriched] = story.step(
        "One record for the incident", "enrich_endpoint", endpoint=endpoint["agent_id"]
    )
    story.say(
        f"   {enriched['collections_total']} collection, {enriched['evidence_total']} evidence, "
        f"{enriched['indicators_total']} indicators, ATT&CK {', '.join(enriched['attack'][:4])}"
    )


def tell_of_script(story: Story, sandbox: RunningSandbox) -> None:
    """The second act: the script really runs here. Raises StepFailedError."""
    live = sandbox.world.live
    agent = live.agent if live else sandbox.world.agents[0]
    asked = {"endpoint": agent.agent_id, "investigation": "DEMO-2", "via": "remoteops"}
    [plan] = story.step(
        "See what would reach the endpoint",
        "run_collection",
        **asked,
        profile="light",
        dry_run=True,
    )
    lines = plan["script"].splitlines()
    story.say(f"   {len(lines)} lines of shell, the credential masked; it begins:", "dim")
    for line in lines[1:5]:
        story.say(f"   | {line}", "dim")

    [launched] = story.step(
        f"Collect {agent.hostname}: some files of this machine, in a temporary folder",
        "run_collection",
        **asked,
        profile="light",
        requested_by="the demo",
    )
    [status] = story.step(
        "Follow it to the evidence",
        "get_task_status",
        collection_id=launched["collection_id"],
        wait_seconds=120,
    )
    if status["state"] != "completed":
        story.say(f"   it ended as {status['state']}: {status['error']}", "red")
        raise StepFailedError

    [record] = story.step(
        "Show what was done, and that nobody changed it",
        "get_custody_record",
        collection_id=launched["collection_id"],
    )
    told = next(
        entry["details"]["archive_sha256"]
        for entry in record["entries"]
        if "archive_sha256" in entry["details"]
    )
    held = next(
        stored.sha256
        for key, stored in sandbox.world.bucket.objects.items()
        if launched["collection_id"].removeprefix("col-") in key
    )
    story.say(f"   the endpoint's script:  {told}")
    story.say(f"   the bucket at Cado:     {held}")
    if told != held:
        story.say("   they differ", "red")
        raise StepFailedError
    story.say("   the archive is the same bytes at both ends", "green")

    events = story.step(
        "See what is really in it",
        "search_timeline",
        investigation="DEMO-2",
        query="bytes collected",
        limit=3,
    )
    for event in events:
        story.say(f"   {event['filename']}: SHA-256 {event['sha256'][:16]}...")


def _show_checks(story: Story, checks: list[Record]) -> None:
    for check in checks:
        if check["status"] in ("failed", "warning"):
            story.say(f"   {check['status']}: {check['name']}", STYLES[check["status"]])
            story.say(f"      {check['detail']}")
            story.say(f"      -> {check['remedy']}", "dim")
    unknown = sum(check["status"] == "unknown" for check in checks)
    if unknown:
        story.say(f"   {unknown} permissions cannot be read by API: look in the console", "dim")


def _next(story: Story) -> None:
    story.console.print()
    story.say("Done: from an endpoint's name to its findings, over HTTP.", "bold green")
    story.say("Try next:")
    for line in (
        "cado-sentinelone sandbox --write-asset asset.json",
        "cado-sentinelone run list_endpoints --asset asset.json -p limit=20",
        "cado-sentinelone run get_endpoint --asset asset.json -p endpoint=ws-hq-00000",
        _LAUNCH,
        "cado-sentinelone actions",
    ):
        story.say(f"   {line}", "cyan")
    story.say("The first one keeps running: give it a terminal of its own (or end it with &).")


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return json.dumps(text) if " " in text else text
