"""What happened on the platform before the sandbox was started."""

from typing import TYPE_CHECKING

from cado_sentinelone.sandbox.asset import CADO_ACCOUNT_NAME
from cado_sentinelone.sandbox.cado.fate import Ending, Fate
from cado_sentinelone.sandbox.cado.launch import acquire, check_account
from cado_sentinelone.sandbox.cado.records import CadoAccount, ImportOrder, Project
from cado_sentinelone.sandbox.fleet import Agent
from cado_sentinelone.sandbox.landmarks import LANDMARKS

if TYPE_CHECKING:
    from cado_sentinelone.sandbox.cado.state import CadoState

_DAY = 86_400.0
_CLOSED: tuple[tuple[float, str, tuple[Ending, ...]], ...] = (
    (90, "IR-2041 Phishing in finance", ("complete", "partly")),
    (41, "IR-2077 Unusual sign-in on a server", ("failed",)),
    (12, "IR-2103 Miner on a build host", ("complete",)),
)


def write_history(state: "CadoState") -> None:
    """Accounts, the last weekly check, and closed investigations of endpoints that still exist.

    Cado knows nothing of the world's landmarks, so that whoever collects them finds a blank page;
    a world without other endpoints has investigations only.
    """
    account = CadoAccount(
        state.number("account"),
        CADO_ACCOUNT_NAME,
        "sentinelone",
        state.world.url,
    )
    role = "arn:aws:iam::111111111111:role/CadoResponse"
    for known in (account, CadoAccount(state.number("account"), "aws-forensics", "aws", role)):
        state.add_account(known)
    endpoints = _endpoints(state)
    for days, name, endings in _CLOSED:
        opened_at = state.world.started_at - days * _DAY
        project = Project(
            project_id=state.number("project"),
            name=name,
            description="",
            created_at=opened_at,
            updated_at=opened_at + 2 * _DAY,
            status="Closed",
            users=(state.users[0],),
            groups=("IR",),
        )
        state.add_project(project)
        for ending in endings:
            if endpoints:
                agent = endpoints.pop()
                order = ImportOrder(account, project, agent, state.users[0], "balanced")
                acquire(state, order, Fate(arriving=agent, processing=ending), opened_at + 600)
    check_account(state, account, state.users[-1], state.world.started_at - 6 * _DAY)
    account.last_used_at = state.world.started_at - 2 * 3600


def _endpoints(state: "CadoState") -> list[Agent]:
    account_id = state.world.accounts[0].account_id
    return [
        agent
        for agent in state.world.agents[len(LANDMARKS) : len(LANDMARKS) + 50]
        if agent.account_id == account_id
        and agent.os_type in ("windows", "linux")
        and not agent.is_decommissioned
    ]
