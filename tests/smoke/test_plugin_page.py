"""The plugins of docs/plugins.md, taken from the page word for word: they install and they run."""

import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cado_sentinelone.sandbox.running import RunningSandbox

PAGE = Path(__file__).resolve().parents[2] / "docs" / "plugins.md"


@pytest.fixture
def install(tmp_path):
    """Puts what installing a section's plugin puts on the path into a folder."""
    if not PAGE.is_file():
        pytest.skip("the pages are not here")

    def install(heading):
        section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
        section = section.partition("\n## ")[0]
        blocks = dict(re.findall(r"```(toml|python)\n(.*?)```", section, re.DOTALL))
        settings = tomllib.loads(blocks["toml"])
        name, version = settings["project"]["name"], settings["project"]["version"]
        (module,) = settings["tool"]["setuptools"]["py-modules"]
        (tmp_path / f"{module}.py").write_text(blocks["python"], encoding="utf-8")
        facts = tmp_path / f"{module}-{version}.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )
        lines = []
        for group, entries in settings["project"]["entry-points"].items():
            lines += [f"[{group}]", *(f"{name} = {at}" for name, at in entries.items())]
        (facts / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path

    return install


@pytest.fixture
def installed(install):
    return install("A whole plugin")


def run(installed, *arguments, **variables):
    path = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "cado_sentinelone", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=installed,
        env=os.environ | {"PYTHONPATH": path} | variables,
    )


def test_the_plugin_of_the_page_works(installed):
    asset = installed / "asset.json"
    with RunningSandbox(endpoints=40) as sandbox:
        asset.write_text(json.dumps(sandbox.asset), encoding="utf-8")
        done = run(installed, "run", "count_endpoints", "--asset", str(asset), "--json")
    outcome = json.loads(done.stdout)
    assert done.returncode == 0, outcome
    assert outcome["data"][0]["os"] == "windows"
    assert sum(record["endpoints"] for record in outcome["data"]) == 40


def test_the_plugin_of_the_page_is_listed(installed):
    assert "acme-actions" in run(installed, "plugins").stdout
    assert "count_endpoints" in run(installed, "actions").stdout


class Vault(BaseHTTPRequestHandler):
    """As much of Vault's HTTP API as reading a secret takes."""

    secrets: dict

    def do_GET(self):
        found = self.secrets.get(self.path)
        if self.headers["X-Vault-Token"] != "who-asks":
            self.answer(403, {"errors": ["permission denied"]})
        elif found is None:
            self.answer(404, {"errors": []})
        else:
            self.answer(200, {"data": {"data": found, "metadata": {"version": 3}}})

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        """Says nothing."""


@pytest.fixture
def vault():
    """Where a stand-in for Vault listens, and what it holds by path."""
    held = {}
    server = HTTPServer(("127.0.0.1", 0), type("Held", (Vault,), {"secrets": held}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", held
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_vault_of_the_page_gives_both_secrets_s5(install, vault):
    folder = install("Secrets from a vault")
    address, held = vault
    asset = folder / "asset.json"
    variables = {"VAULT_ADDR": address, "VAULT_TOKEN": "who-asks"}
    listing = ("run", "list_endpoints", "-p", "limit=3", "--json", "--asset", str(asset))
    secrets = ("sentinelone_token", "cado_api_key")
    with RunningSandbox(endpoints=40) as sandbox:
        references = {n: {"from": "vault", "path": "acme", "field": n} for n in secrets}
        asset.write_text(json.dumps(sandbox.asset | references), encoding="utf-8")

        lacking = json.loads(run(folder, *listing, **variables).stdout)["error"]
        held["/v1/secret/data/acme"] = {name: sandbox.asset[name] for name in secrets}
        done = run(folder, *listing, "--log-level", "debug", **variables)
        refused = run(folder, *listing, **(variables | {"VAULT_TOKEN": "nobody"}))
        away = run(folder, *listing, **(variables | {"VAULT_ADDR": "http://127.0.0.1:9"}))
        values = [sandbox.asset[name] for name in secrets]

    assert len(json.loads(done.stdout)["data"]) == 3, done.stderr
    assert not [value for value in values if value in done.stdout + done.stderr]
    assert "sentinelone_token: the source 'vault' has no such secret" in lacking["message"]
    assert "Vault answered with status 403" in json.loads(refused.stdout)["error"]["message"]
    assert json.loads(away.stdout)["error"]["kind"] == "unavailable"
    assert "acme-vault" in run(folder, "plugins").stdout
