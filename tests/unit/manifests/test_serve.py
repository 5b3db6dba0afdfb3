"""The HTTP surface as its callers meet it: a process of its own, real sockets, the sandbox behind."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from functools import partial

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from cado_sentinelone.sandbox import landmarks
from cado_sentinelone.sandbox.running import RunningSandbox
from cado_sentinelone_manifests.serve.surface import MOST_BODY_BYTES
from cado_sentinelone_manifests.serve.workers import Workers

KEY = "k" * 10 + "0123456789abcdef0123456789"
COMMAND = [sys.executable, "-m", "cado_sentinelone", "serve", "--port", "0"]


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CADO_SENTINELONE_")}
    return kept | {"PYTHONPATH": os.pathsep.join(sys.path)} | more


def started(asset_file):
    return subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, "--asset", str(asset_file)],
        env=environment(CADO_SENTINELONE_SERVE_KEY=KEY),
        stderr=subprocess.PIPE,
        text=True,
    )


def port_of(process):
    return int(re.search(r":(\d+),", process.stderr.readline())[1])


def asked(port, method, path, body=None, key=KEY, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    given = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    if key:
        given["Authorization"] = f"Bearer {key}"
    content = json.dumps(body) if isinstance(body, dict) else body
    connection.request(method, path, content, given)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response, answer


@pytest.fixture(scope="module")
def surface(tmp_path_factory):
    """The port of a running surface; at the end it stops on SIGTERM, and no secret is in its log."""
    folder = tmp_path_factory.mktemp("serve")
    with RunningSandbox(endpoints=20) as sandbox:
        settings = sandbox.asset | {"ledger_url": f"sqlite:///{folder / 'ledger.db'}"}
        (folder / "asset.json").write_text(json.dumps(settings))
        process = started(folder / "asset.json")
        yield port_of(process)
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=30)[1]
        assert process.returncode == 0, log
        assert "stopped" in log and "is run" in log
        for secret in (KEY, settings["sentinelone_token"], settings["cado_api_key"]):
            assert secret not in log


@pytest.fixture
def call(surface):
    return partial(asked, surface)


def test_health_needs_no_key_and_all_else_does(call):
    assert call("GET", "/health", key="")[0].status == 200
    for method, path in (
        ("GET", "/openapi.json"),
        ("GET", "/v1/actions"),
        ("POST", "/v1/actions/list_endpoints"),
    ):
        for key in ("", KEY[:-1], KEY + "x"):
            response, answer = call(method, path, key=key)
            assert response.status == 401 and answer["error"]["kind"] == "unauthorized"


def test_an_action_answers_with_its_outcome(call):
    response, answer = call("POST", "/v1/actions/list_endpoints", {"limit": 3}, X_Request_ID="a-1")
    assert response.status == 200 and response.headers["x-request-id"] == "a-1"
    assert answer["status"] == "success" and len(answer["data"]) == 3


def test_the_openapi_document_is_valid_and_names_every_action(call):
    document = call("GET", "/openapi.json")[1]
    OpenAPIV31SpecValidator(document).validate()
    listed = {one["identifier"] for one in call("GET", "/v1/actions")[1]["actions"]}
    assert "run_collection" in listed
    assert {path.rpartition("/")[2] for path in document["paths"] if "actions/" in path} == listed


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        ("get_endpoint", {"endpoint": "no-such-endpoint"}, 404, "not_found"),
        ("list_endpoints", {"limit": "many"}, 400, "params"),
        ("list_endpoints", {"asset": {}}, 400, "params"),
        ("list_endpoints", {"ledger_url": "sqlite:////tmp/x.db"}, 400, "params"),
        ("get_custody_record", {"collection_id": "col-1", "json_file": "/x"}, 422, "refused"),
        ("get_collection_output", {"collection_id": "col-1", "folder": "/x"}, 422, "refused"),
        ("get_task_status", {"collection_id": "col-1", "wait_seconds": 301}, 400, "params"),
        ("list_endpoints", "[1]", 400, "params"),
        ("list_endpoints", '{"limit": 1, "limit": 2}', 400, "params"),
        ("list_endpoints", " " * (MOST_BODY_BYTES + 1), 413, "params"),
        ("no_such", {}, 404, "params"),
    ],
)
def test_a_failure_has_its_status_and_an_outcome(call, path, body, status, kind):
    response, answer = call("POST", f"/v1/actions/{path}", body)
    assert (response.status, answer["error"]["kind"]) == (status, kind)
    assert answer["status"] == "failure" and answer["error"]["remedy"]


def test_json_only_and_known_methods_only(call):
    assert (
        call("POST", "/v1/actions/list_endpoints", "{}", Content_Type="text/plain")[0].status == 415
    )
    assert call("GET", "/v1/actions/list_endpoints")[0].status == 405
    assert call("GET", "/no-such")[0].status == 404


def refused(*options, key=KEY):
    done = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *options],
        env=environment(CADO_SENTINELONE_SERVE_KEY=key),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and not done.stdout
    return done.stderr


@pytest.mark.parametrize("key", ["", "short", "ä" * 40, "with spaces in it " * 3])
def test_it_does_not_start_without_a_good_key(key):
    words = refused(key=key)
    assert "key" in words and "Make one" in words
    assert not key or key not in words


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "in the clear"),  # noqa: S104 - refused is what is tested
        (["--certfile", "cert.pem"], "belong together"),
        (["--workers", "0"], "--workers"),
        (["--asset", "no-such-file.json"], "there is no file"),
        (["--key-file", "no-such-file"], "cannot be read"),
    ],
)
def test_it_does_not_start_unsafe_or_wrong(options, words):
    assert words in refused(*options)


def test_a_key_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o644)
    assert "others can read" in refused("--key-file", str(file))


def test_a_running_action_ends_although_the_surface_is_told_to_stop(tmp_path):
    """R1: between the intent and the launch nobody is stopped."""
    with RunningSandbox(endpoints=20, speed=20.0) as sandbox:
        settings = sandbox.asset | {"ledger_url": f"sqlite:///{tmp_path / 'ledger.db'}"}
        (tmp_path / "asset.json").write_text(json.dumps(settings))
        agent = sandbox.world.agents[landmarks.HEALTHY_LINUX]
        process = started(tmp_path / "asset.json")
        port = port_of(process)
        answers = []

        def launch():
            body = {"endpoint": agent.agent_id, "investigation": "INC-1", "wait_seconds": 3}
            answers.append(asked(port, "POST", "/v1/actions/run_collection", body))

        caller = threading.Thread(target=launch)
        caller.start()
        for line in process.stderr:
            if "is run" in line:
                break
        process.send_signal(signal.SIGTERM)
        caller.join(60)
        assert process.wait(60) == 0
        process.stderr.close()
        [(response, answer)] = answers
        assert response.status == 200 and answer["data"][0]["collection_id"].startswith("col-")


def test_a_full_pool_takes_nothing_and_is_free_again():
    workers, go = Workers(1), threading.Event()
    first = workers.start(go.wait)
    assert workers.start(go.wait) is None
    go.set()
    assert first.result(10)
    workers.close()
