"""A sandbox over real sockets, whose clock stands still unless a test or a wait turns it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.errors import NotFoundError
from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.sandbox.running import RunningSandbox


@pytest.fixture
def sandbox() -> Iterator[Any]:
    with RunningSandbox(endpoints=60, speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def asset(sandbox, tmp_path) -> Asset:
    return Asset.model_validate(sandbox.asset | {"ledger_url": f"sqlite:///{tmp_path}/ledger.db"})


@pytest.fixture
def run(sandbox) -> Run:
    """A run whose waiting turns the sandbox's clock."""
    return Run(sleep=sandbox.world.clock.advance)


@pytest.fixture
def cado(asset, run) -> Iterator[Cado]:
    client = Cado(asset, run)
    yield client
    client.transport.close()


@pytest.fixture
def act(asset, sandbox) -> Callable[..., Outcome]:
    """Runs an action as every runner does, with a run of its own."""

    def act(action: str, **parameters: Any) -> Outcome:
        settings = {
            name: value.get_secret_value() if hasattr(value, "get_secret_value") else value
            for name, value in asset
            if name in asset.model_fields_set
        }
        request = {"action": action, "asset": settings, "parameters": parameters}
        return invoke(request, run=Run(sleep=sandbox.world.clock.advance))

    return act


@pytest.fixture
def launch(cado, asset) -> Callable[..., int]:
    """Starts a collection of one of the world's endpoints and gives its pipeline."""

    def launch(agent: Any, investigation_id: int) -> int:
        listed = cado.devices(asset.cado_account_name, hostname=agent.hostname)
        device = next(one for one in listed if one.hostname == agent.hostname)
        return cado.import_xdr(
            account_name=asset.cado_account_name,
            investigation_id=investigation_id,
            device_id=device.device_id,
            host_options={},
        )

    return launch


@pytest.fixture
def follow(cado, sandbox) -> Callable[[int], list[Any]]:
    """Turns the clock until a pipeline and all that it triggered have ended, and gives them."""

    def follow(pipeline_id: int) -> list[Any]:
        for _ in range(200):
            family, ids = [cado.pipeline(pipeline_id)], [pipeline_id]
            while ids:
                children = list(cado.pipelines(triggering_pipeline_id=ids.pop()))
                family += children
                ids += [child.pipeline_id for child in children]
            if all(one.ended for one in family):
                return family
            sandbox.world.clock.advance(300)
        raise NotFoundError("the end of the pipeline")

    return follow
