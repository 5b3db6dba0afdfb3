"""A sandbox over real sockets, asked as every runner asks: a dict in, an outcome out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cado_sentinelone.invoke import invoke
from cado_sentinelone.models.action import Run
from cado_sentinelone.models.outcome import Outcome
from cado_sentinelone.sandbox.running import RunningSandbox


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox(endpoints=60, speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def act(sandbox: RunningSandbox, tmp_path) -> Callable[..., Outcome]:
    """Runs an action in a run of its own; `pin` is added to the asset."""

    def act(action: str, *, pin: dict[str, Any] | None = None, **parameters: Any) -> Outcome:
        ledger = {"ledger_url": f"sqlite:///{tmp_path}/ledger.db"}
        asset = sandbox.asset | ledger | (pin or {})
        request = {"action": action, "asset": asset, "parameters": parameters}
        return invoke(request, run=Run(sleep=lambda seconds: None))

    return act
