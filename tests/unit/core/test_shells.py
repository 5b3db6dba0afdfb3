"""Completion as the shells themselves do it: each is started and asked."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def shell(command_line, tmp_path):
    """Runs a script in a shell on whose path `cado-sentinelone` is."""
    program = tmp_path / "bin" / "cado-sentinelone"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cado_sentinelone "$@"\n')
    program.chmod(0o700)
    environment = command_line.environment | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TERM": "dumb",
    }

    def run(name, *arguments):
        if not shutil.which(name):
            pytest.skip(f"{name} is not installed here")
        return subprocess.run(  # noqa: S603
            [shutil.which(name), *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            timeout=60,
        ).stdout

    run.environment = environment
    return run


BASH = """
source <(cado-sentinelone completion bash)
COMP_WORDBREAKS=$' \\t\\n"=:'
ask() { COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}; _cado_sentinelone 2>/dev/null; echo "${COMPREPLY[@]}"; }
ask 'cado-sentinelone ru'
ask 'cado-sentinelone run list_end'
ask 'cado-sentinelone run list_endpoints -p os='
ask 'cado-sentinelone run list_endpoints -p onl'
ask 'cado-sentinelone nonsense x'
ask 'cado-sentinelone bundle shuf'
ask 'cado-sentinelone render --out x al'
"""


def test_bash(shell):
    lines = shell("bash", "--norc", "-c", BASH).splitlines()
    assert lines[0] == "run runners"
    assert lines[1] == "list_endpoints"
    # bash has cut the word at "=", so only what follows it is offered.
    assert lines[2].split() == ["windows", "windows_legacy", "linux", "macos"]
    assert lines[3] == "online_only="
    assert lines[4] == ""
    assert lines[5:] == ["shuffle", "all"]


def test_fish(shell):
    def ask(line):
        script = f"cado-sentinelone completion fish | source; complete -C '{line}'"
        return [word.split("\t")[0] for word in shell("fish", "-c", script).splitlines()]

    assert ask("cado-sentinelone run list_end") == ["list_endpoints"]
    assert ask("cado-sentinelone run list_endpoints -p os=lin") == ["os=linux"]
    assert {"bash", "zsh", "fish"} <= set(ask("cado-sentinelone completion "))


def test_zsh(shell):
    """Its completion works at a prompt only, so it gets one."""
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed here")
    child, terminal = pty.fork()
    if child == 0:
        os.execve(shutil.which("zsh"), ["zsh", "-f", "-i"], shell.environment)  # noqa: S606
    try:
        _type(terminal, "PS1='READY''> '; unsetopt zle_bracketed_paste\n", "READY>")
        setup = "autoload -Uz compinit && compinit -u -D; source <(cado-sentinelone completion zsh)"
        _type(terminal, f"{setup}; echo DO''NE\n", "DONE")
        _type(terminal, "cado-sentinelone run list_end\t", "list_endpoints")
        _type(terminal, "-p os=lin\t", "os=linux")
    finally:
        os.close(terminal)
        os.waitpid(child, 0)


def _type(terminal, text, expected):
    """Types `text` and reads until `expected` is on the screen, 30 seconds at most."""
    os.write(terminal, text.encode())
    shown = ""
    while expected not in shown:
        ready, _, _ = select.select([terminal], [], [], 30)
        assert ready, f"zsh shows no {expected!r} but {shown!r}"
        shown += os.read(terminal, 4096).decode(errors="replace").replace("\a", "")
