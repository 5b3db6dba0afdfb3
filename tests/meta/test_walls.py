"""Who may import what: the walls between the parts (design: actions and manifests meet the core
only through entry points; the sandbox shares nothing with the clients)."""

import pytest

CORE, ACTIONS, MANIFESTS = (
    "cado_sentinelone",
    "cado_sentinelone_actions",
    "cado_sentinelone_manifests",
)
SANDBOX = f"{CORE}.sandbox"
TRANSPORT = f"{CORE}.clients.transport"
# What the transport sends through: connections to checked addresses, their sockets, their TLS.
WIRE = (f"{CORE}.clients.connection", f"{CORE}.clients.sockets", f"{CORE}.clients.tls")

# What stands on the left never imports what stands on the right.
WALLS = [
    (CORE, (ACTIONS, MANIFESTS)),
    (ACTIONS, (MANIFESTS, SANDBOX, f"{CORE}.console")),
    (MANIFESTS, (ACTIONS, SANDBOX)),
    (SANDBOX, (f"{CORE}.clients", f"{CORE}.models", f"{CORE}.engine", f"{CORE}.invoke")),
    (f"{CORE}.clients", (SANDBOX, f"{CORE}.engine", f"{CORE}.console", f"{CORE}.host")),
    (f"{CORE}.engine", (SANDBOX, f"{CORE}.console", f"{CORE}.host")),
    (f"{CORE}.models", (SANDBOX, f"{CORE}.clients", f"{CORE}.console", f"{CORE}.host")),
]

# What listens for callers.
MCP, SERVE = f"{MANIFESTS}.mcp_server", f"{MANIFESTS}.serve"

# What tells workers of work.
QUEUE = tuple(f"{CORE}.fleet.queue{part}" for part in ("", "_celery", "_state"))

# Only these modules (or packages) import that distribution, so that a cold start pays for what
# it uses and that there is one place to look at (S1, S9, S18).
OWNERS = {
    "requests": (TRANSPORT,),
    # request.py encodes forms with it; nothing is sent from there.
    "urllib3": (TRANSPORT, f"{CORE}.clients.request", *WIRE),
    "http.client": (TRANSPORT, *WIRE),
    "certifi": WIRE,
    # The stand-in for Cado Host is a program of its own.
    "urllib.request": (f"{SANDBOX}.collector",),
    "httpx": (),
    "aiohttp": (),
    "ftplib": (),
    "smtplib": (),
    "socket": (*WIRE, SANDBOX, SERVE),
    "ssl": (TRANSPORT, *WIRE),
    "asyncio": (SANDBOX, SERVE),
    "sqlite3": (f"{CORE}.engine",),
    "psycopg": (f"{CORE}.engine",),
    "keyring": (f"{CORE}.secret_keyring",),
    # The queue connects to the user's own broker, and to nothing that a vendor or a message names.
    "celery": QUEUE,
    "kombu": QUEUE,
    "amqp": QUEUE,
    "pluggy": (f"{CORE}.host", f"{CORE}.hookspecs"),
    "jinja2": (f"{CORE}.rendering", MANIFESTS),
    "starlette": (SANDBOX, MCP, SERVE),
    "uvicorn": (SANDBOX, MCP, SERVE),
    "mcp": (MCP,),
    "anyio": (MCP,),
    "rich": (f"{CORE}.console",),
    "subprocess": (SANDBOX, f"{CORE}.console"),
}


def inside(module, package):
    return f"{module}.".startswith(f"{package}.")


def crossings(sources):
    return [
        f"{source.name} imports {name}: {left} must not know {right}"
        for source in sources
        for left, forbidden in WALLS
        if inside(source.module, left)
        for right in forbidden
        # TYPE_CHECKING imports count: a type that is needed is knowledge as well.
        for name in sorted(source.imported(right))
    ]


def trespasses(sources):
    return [
        f"{source.name} imports {name}, which is for {' and '.join(owners) or 'nobody'} only"
        for source in sources
        for name, owners in OWNERS.items()
        if source.imported(name) and not any(inside(source.module, owner) for owner in owners)
    ]


def test_no_import_crosses_a_wall(sources):
    found = crossings(sources)
    assert not found, "\n".join(found)


def test_each_dependency_has_its_owner_s1(sources):
    found = trespasses(sources)
    assert not found, "\n".join(found)


def test_requests_leave_through_the_transport_only_s1(sources):
    """Nobody else opens a connection, so that what it checks is checked for every call."""
    assert {source.module for source in sources for wire in WIRE if source.imported(wire)} <= {
        TRANSPORT,
        *WIRE,
        f"{CORE}.clients.trial",
    }


def test_the_sandbox_is_tested_without_the_clients(tests):
    """Were its tests to use the clients, one misreading of a vendor's API could be in both."""
    assert [
        f"{test.name} imports {name}"
        for test in tests
        if "sandbox" in test.name.split("/")[-2:][0]
        for package in ("clients", "models", "engine")
        for name in test.imported(f"{CORE}.{package}")
    ] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("connector/cado_sentinelone/cli.py", "import cado_sentinelone_actions.endpoints"),
        ("actions/cado_sentinelone_actions/x.py", "from cado_sentinelone_manifests import a"),
        ("connector/cado_sentinelone/sandbox/a.py", "from cado_sentinelone import models"),
        ("connector/cado_sentinelone/sandbox/a.py", "from cado_sentinelone.clients.x import Y"),
        (
            "connector/cado_sentinelone/clients/a.py",
            "def f():\n    import cado_sentinelone.sandbox",
        ),
    ],
)
def test_a_crossing_is_found(source, name, text):
    assert crossings([source(name, text)])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("connector/cado_sentinelone/clients/cado.py", "import requests.adapters"),
        ("connector/cado_sentinelone/engine/a.py", "from urllib3 import PoolManager"),
        ("connector/cado_sentinelone/clients/transport.py", "import urllib.request"),
        ("connector/cado_sentinelone/models/a.py", "import sqlite3"),
        ("actions/cado_sentinelone_actions/a.py", "import pluggy"),
        ("connector/cado_sentinelone/cli.py", "if True:\n    from rich.table import Table"),
    ],
)
def test_a_trespass_is_found(source, name, text):
    assert trespasses([source(name, text)])
