"""The command line as a process: exit statuses, documents, tables, streams (design 5)."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys

import pytest

from cado_sentinelone.sandbox.running import RunningSandbox


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox(endpoints=40, speed=0) as running:
        yield running


@pytest.fixture
def asset(sandbox, tmp_path):
    file = tmp_path / "asset.json"
    file.write_text(json.dumps(sandbox.asset), encoding="utf-8")
    return file


def test_help_names_every_command(command_line):
    told = command_line.run("--help", status=0).stdout
    for command in ("run", "invoke", "actions", "plugins", "sandbox", "demo", "completion"):
        assert command in told
    assert command_line.run("--version", status=0).stdout.startswith("cado-sentinelone ")


@pytest.mark.parametrize("arguments", [[], ["no_such"], ["run"], ["sandbox", "--port", "x"]])
def test_a_wrong_command_line_is_status_2_with_the_usage(command_line, arguments):
    done = command_line.run(*arguments, status=2)
    assert done.stdout == "" and "usage:" in done.stderr


def test_success_is_status_0_and_one_document(command_line, asset):
    outcome = command_line.document(
        "run", "list_endpoints", "--asset", asset, "--json", "-p", "limit=2", status=0
    )
    assert list(outcome) == [
        "data", "action", "status", "message", "summary", "error", "warnings", "run_id",
    ]  # fmt: skip
    assert (outcome["action"], outcome["status"], outcome["error"]) == (
        "list_endpoints", "success", None,
    )  # fmt: skip
    assert len(outcome["data"]) == outcome["summary"]["endpoints"] == 2


def test_a_failed_action_is_status_1_with_every_field_of_the_error(command_line, asset):
    outcome = command_line.document(
        "run", "get_endpoint", "--asset", asset, "--json", "-p", "endpoint=nowhere", status=1
    )
    assert outcome["status"] == "failure"
    assert set(outcome["error"]) == {
        "kind", "message", "remedy", "vendor", "http_status", "request_id", "retryable",
        "retry_after_seconds",
    }  # fmt: skip
    assert outcome["error"]["kind"] == "not_found"


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (["list_endpoint"], "params", "did you mean 'list_endpoints'"),
        (["list_endpoints", "-p", "limit=x"], "params", "limit"),
        (["list_endpoints", "-p", "limit"], "params", "NAME=VALUE"),
        (["list_endpoints", "-p", "limit=1", "-p", "limit=2"], "params", "given twice"),
        (["list_endpoints", "--params", "[1]"], "params", "not a JSON object"),
        (["list_endpoints", "--params", "{"], "params", "not JSON"),
        (["list_endpoints"], "asset", "sentinelone_url"),
        (["list_endpoints", "--asset", "nowhere.json"], "asset", "nowhere.json"),
    ],
)
def test_a_wrong_request_is_status_2(command_line, arguments, kind, words):
    outcome = command_line.document("run", *arguments, "--json", status=2)
    assert outcome["error"]["kind"] == kind and words in outcome["error"]["message"]
    assert outcome["error"]["remedy"]
    told = command_line.run("run", *arguments, status=2)
    assert told.stdout == "" and words in told.stderr


def test_parameters_come_as_pairs_as_json_and_from_stdin(command_line, asset):
    for arguments, stdin in (
        (["-p", "limit=3", "-p", "os=windows"], b""),
        (["--params", '{"limit": 3, "os": "windows"}'], b""),
        (["--params", "-"], b'{"limit": 3, "os": "windows"}'),
        (["--params", '{"limit": 3}', "-p", "os=windows"], b""),
    ):
        outcome = command_line.document(
            "run", "list_endpoints", "--asset", asset, "--json", *arguments, stdin=stdin, status=0
        )
        assert [one["os"] for one in outcome["data"]] == ["windows"] * 3


def test_a_pipe_gets_lines_with_tabs_and_stderr_the_rest(command_line, asset):
    done = command_line.run("run", "list_endpoints", "--asset", asset, "-p", "limit=2", status=0)
    header, *rows = done.stdout.splitlines()
    assert header.split("\t")[:2] == ["hostname", "os"] and len(rows) == 2
    assert "2 endpoints" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_terminal_gets_a_table(command_line, asset):
    """On a real pseudo-terminal, narrow as one may be."""
    command = [sys.executable, "-m", "cado_sentinelone", "run", "list_endpoints"]
    command += ["--asset", str(asset), "-p", "limit=2"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603
        command,
        stdout=theirs,
        stderr=theirs,
        stdin=subprocess.DEVNULL,
        env=command_line.environment | {"COLUMNS": "60", "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    assert process.returncode == 0
    assert "hostname" in shown.decode() and "─" in shown.decode()
    assert "2 endpoints" in shown.decode()


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side closed it
        return b""


def test_a_closed_pipe_is_no_error(command_line, asset):
    """`cado-sentinelone run ... | head -1`"""
    command = f'"{sys.executable}" -m cado_sentinelone run list_endpoints --asset {asset}'
    for more in ("", "--json"):
        done = subprocess.run(  # noqa: S602 - a shell is what is tested: its pipe
            f'{command} {more} | true; echo "${{PIPESTATUS[0]}}"',
            shell=True,
            executable="/bin/bash",
            check=True,
            capture_output=True,
            text=True,
            env=command_line.environment,
        )
        assert done.stdout.strip() == "0"
        assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


def test_log_level_debug_logs_to_stderr_with_the_run_id(command_line, asset, sandbox):
    done = command_line.run(
        "run", "list_endpoints", "--asset", asset, "--json", "--log-level", "debug", status=0
    )
    run_id = json.loads(done.stdout)["run_id"]
    assert f"DEBUG {run_id} SentinelOne GET /web/api/v2.1/agents" in done.stderr
    assert sandbox.asset["sentinelone_token"] not in done.stderr


def test_ctrl_c_completes_the_document_and_is_status_130(command_line, tmp_path):
    """In the middle of a call that a silent console never answers."""
    asset = tmp_path / "silent.json"
    with socket.create_server(("127.0.0.1", 0)) as console:
        url = f"http://127.0.0.1:{console.getsockname()[1]}"
        settings = {"sentinelone_url": url, "sentinelone_token": "t", "allow_private_addresses": 1}
        asset.write_text(json.dumps(settings), encoding="utf-8")
        with subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-m",
                "cado_sentinelone",
                "run",
                "list_endpoints",
                "--json",
                "--asset",
                str(asset),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=command_line.environment,
        ) as process:
            call, _ = console.accept()
            with call:
                call.recv(65536)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=30)
    outcome = json.loads(out)
    assert process.returncode == 130
    assert outcome["status"] == "failure" and "interrupted" in outcome["error"]["message"]
    assert b"Traceback" not in err and b"stays in the ledger" in err


def test_actions_and_their_help_are_for_people_and_machines(command_line):
    listed = command_line.document("actions", "--json", status=0)
    assert "run_collection" in {one["identifier"] for one in listed}
    for one in listed:
        assert one["params"]["type"] == "object" and one["output"]["type"] == "object"
    told = command_line.run("run", "run_collection", "--help", status=0).stdout
    assert "investigation" in told and "dedupe_key" in told
    assert command_line.run("run", "--help", status=0).stdout.startswith("usage:")
    assert "run_collection" in command_line.run("run", "no_such", "--help").stderr + (
        command_line.run("actions").stdout
    )
