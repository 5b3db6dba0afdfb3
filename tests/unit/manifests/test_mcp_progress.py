"""A client that goes away in the middle of an action does not stop it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cado_sentinelone.host import load_catalogue

anyio = pytest.importorskip("anyio")
types = pytest.importorskip("mcp").types


@pytest.mark.parametrize("gone", [anyio.BrokenResourceError(), RuntimeError("the loop is closed")])
def test_an_action_ends_although_its_progress_reaches_nobody(monkeypatch, gone):
    from cado_sentinelone_manifests.mcp_server import server

    said = []

    async def report(*line):
        said.append(line[2])
        raise gone

    def ask(name, asset, given, *, progress, **_):
        progress("the intent is written")
        said.append("launched")
        return {"action": name, "error": None, "data": []}

    monkeypatch.setattr(server, "ask", ask)
    made = server.new_server(load_catalogue().actions(), None)
    handler = made.get_request_handler("tools/call").handler
    context = SimpleNamespace(session=SimpleNamespace(report_progress=report))
    asked = types.CallToolRequestParams(name="list_endpoints", arguments={})
    result = anyio.run(handler, context, asked)
    assert said == ["the intent is written", "launched"] and not result.is_error
