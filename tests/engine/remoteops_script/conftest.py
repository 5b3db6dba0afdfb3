"""A place where a script really runs: an endpoint in each shell, a server to download from."""

from __future__ import annotations

import os
import shutil
import signal
from functools import cache
from pathlib import Path

import pytest

from .downloads import certified, serving
from .scripted import Endpoint

SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}
PROGRAMS = ("/sbin", "/usr/sbin", "/bin", "/usr/bin", "/usr/local/bin")


@pytest.fixture(scope="session")
def downloads():
    with serving() as downloads:
        yield downloads


@pytest.fixture(scope="session")
def secure(tmp_path_factory):
    """Downloads over TLS, and the path of the authority that vouches for them."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl command to make a certificate with")
    authority, context = certified(openssl, tmp_path_factory.mktemp("certificate"))
    with serving(context) as downloads:
        yield downloads, authority


@pytest.fixture(scope="session")
def programs_without(tmp_path_factory):
    """A folder of all programs but those of the given names, each made once."""

    @cache
    def folder_without(*names):
        folder = tmp_path_factory.mktemp("programs")
        places = {path.resolve() for path in map(Path, PROGRAMS) if path.is_dir()}
        programs = {path.name: path for place in places for path in place.iterdir()}
        for name in programs.keys() - names:
            (folder / name).symlink_to(programs[name])
        return folder

    return folder_without


@pytest.fixture(params=sorted(SHELLS))
def endpoint(request, tmp_path, downloads, programs_without):
    shell = SHELLS[request.param]
    if not shutil.which(shell[0]):
        pytest.skip(f"{request.param} is not installed here: the script is not executed in it")
    if not shutil.which("curl") and not shutil.which("wget"):
        pytest.skip("neither curl nor wget is installed here: no script is executed")
    endpoint = Endpoint(tmp_path, shell, downloads.url, downloads.pages, programs_without)
    yield endpoint
    for pid in endpoint.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def slow(endpoint):
    """An endpoint whose collector waits until `go` was written to."""
    os.mkfifo(endpoint.record / "go")
    endpoint.serve(capture='read -r _ <"$RECORD/go"')
    return endpoint
