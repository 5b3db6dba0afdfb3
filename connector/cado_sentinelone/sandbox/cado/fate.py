"""What will become of an import: read off the endpoint, its account and the faults that are set."""

from typing import Literal, NamedTuple

from cado_sentinelone.sandbox.cado.records import CadoAccount
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.world import World

Ending = Literal["complete", "partly", "failed"]

_REFUSED_AFTER_SECONDS = 5.0
_EXPIRED_AFTER_SECONDS = 6 * 3600.0
_UPLOAD_GIVEN_UP_AFTER_SECONDS = 900.0


class Fate(NamedTuple):
    """How the pipelines of one import will go."""

    stop: tuple[float, str] | None = None
    """After how many seconds the run on the endpoint ends without an archive, and why."""
    runs: bool = True
    """Whether Cado Host starts on the endpoint at all."""
    arriving: Agent | None = None
    """The endpoint whose archive arrives, None if no archive does."""
    processing: Ending = "complete"


def account_problem(world: World, account: CadoAccount) -> str:
    """Why SentinelOne would not let this account in, in words; empty if it would."""
    if world.faults.on("token_expired"):
        return "The API token has expired"
    return account.problem


def foresee(world: World, account: CadoAccount, agent: Agent, path: str) -> Fate:
    """The fate of an import of this endpoint that is asked for now.

    Faults are decided here, once, so that `fault*1` is the fault of one import.
    """
    if stop := _refusal(world, account, agent):
        return Fate(stop, runs=False)
    if agent.network_status != "connected":
        reason = "Cado Host could not upload the archive: the device is isolated from the network"
        return Fate((_UPLOAD_GIVEN_UP_AFTER_SECONDS, reason))
    faults = world.faults
    if faults.take("import_fails", path):
        return Fate((_UPLOAD_GIVEN_UP_AFTER_SECONDS, "Cado Host exited with code 1"))
    if faults.take("import_stuck", path):
        return Fate((float("inf"), "Cado Host never ended"))
    if faults.take("no_evidence", path):
        return Fate()
    arriving = agent
    if faults.take("evidence_for_other_host", path):
        arriving = next(other for other in world.agents if other is not agent)
    return Fate(arriving=arriving, processing=foresee_processing(world, path))


def foresee_processing(world: World, path: str) -> Ending:
    """How a processing pipeline that is asked for now will end."""
    if world.faults.take("child_fails", path):
        return "failed"
    return "partly" if world.faults.take("child_partly_fails", path) else "complete"


def _refusal(world: World, account: CadoAccount, agent: Agent) -> tuple[float, str] | None:
    """Why SentinelOne never runs the script, and after how long that is known."""
    site = agent.group.site
    if problem := account_problem(world, account):
        reason = f"SentinelOne refused the request: {problem}"
    elif agent.os_type == "macos":
        reason = "Cado Host does not support macOS over SentinelOne"
    elif agent.os_type == "windows_legacy":
        reason = "Remote Script Orchestration does not support this operating system"
    elif "rso" not in site.modules:
        reason = f"Remote Script Orchestration is not enabled on the site {site.name!r}"
    elif agent.rso_level == "none":
        reason = "Remote Script Orchestration is not available on this device"
    elif not agent.is_active:
        reason = "The task expired in SentinelOne: the device did not come online"
        return _EXPIRED_AFTER_SECONDS, reason
    else:
        return None
    return _REFUSED_AFTER_SECONDS, reason
