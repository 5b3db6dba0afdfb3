"""A place where a script really runs: its own root, a server to download from, a collector."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from cado_sentinelone.remoteops.result import result_in
from cado_sentinelone.remoteops.script import CaptureOptions, ScriptPlan, render_script

KEY = "col-0123456789abcdef0123"
ARCHIVE = "cado-host-capture-0123456789abcdef0123.tar.lz4"
SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "busybox": ["busybox", "sh"]}

# Writes each argument on a line of its own, and does what its part of a collection is.
COLLECTOR = """#!/bin/sh
if [ "$2" = --help ]; then echo "usage: capture [--skip_memory] [--skip_scan] [-ap FILE]"; exit 0; fi
for argument in "$@"; do printf '%s\\0' "$argument" >>"$RECORD/$1"; done
if [ "$1" = capture ]; then
    [ -f paths ] && cp paths "$RECORD/paths"
    MORE_CAPTURE
    echo evidence >cado-host-capture-1.tar.lz4
else
    MORE_UPLOAD
    cp "$5" "$RECORD/uploaded"
fi
"""


def credential(**more):
    policy = base64.b64encode(json.dumps({"expiration": "2030-01-01T00:00:00Z"}).encode()).decode()
    content = {"url": "https://bucket.example.com", "fields": {"policy": policy}} | more
    return SecretStr(base64.b64encode(json.dumps(content).encode()).decode())


class Endpoint:
    """Runs scripts in one shell, under a root of its own; what they did is in `record`."""

    key = KEY
    archive = ARCHIVE

    def __init__(self, folder, shell, url):
        self.root, self.record, self._shell, self.url = (
            folder / "root",
            folder / "record",
            shell,
            url,
        )
        for place in (self.root / "tmp", self.root / "var/lib", self.record):
            place.mkdir(parents=True)
        self.environment = os.environ | {"RECORD": str(self.record)}
        self.collector = COLLECTOR

    def serve(self, capture=":", upload=":"):
        """What the collector does besides."""
        self.collector = COLLECTOR.replace("MORE_CAPTURE", capture).replace("MORE_UPLOAD", upload)

    def script(self, key=KEY, *, url="", sha256="", limit=600, free=1024, **options):
        plan = ScriptPlan(
            os="linux",
            key=key,
            archive_name=ARCHIVE,
            collector_url=url or f"{self.url}/cado-host",
            collector_sha256=sha256,
            presigned=credential(),
            options=CaptureOptions(**options),
            time_limit_seconds=limit,
            free_bytes=free,
        )
        text = render_script(plan, "script.sh").content.get_secret_value()
        return text.replace("/tmp/", f"{self.root}/tmp/").replace(  # noqa: S108 - not ours
            "/var/lib/", f"{self.root}/var/lib/"
        )

    def start(self, text):
        file = self.root.parent / f"script-{len(list(self.root.parent.iterdir()))}.sh"
        file.write_text(text)
        return subprocess.Popen(  # noqa: S603 - the script under test
            [*self._shell, str(file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd="/",
            start_new_session=True,
        )

    def end(self, process):
        out, err = process.communicate(timeout=60)
        process.out, process.err = out.decode(), err.decode()
        result = result_in(process.out, KEY)
        assert process.out.splitlines()[-1] == (result.line if result else None), process.err
        assert process.returncode == result.exit_code
        return result

    def run(self, **plan):
        return self.end(self.start(self.script(**plan)))

    def arguments(self, command):
        return (self.record / command).read_text().split("\0")[:-1]

    def left_behind(self):
        return sorted(path.name for path in (self.root / "tmp").iterdir())

    def kill(self, process):
        """What a power cut does: nothing of the script runs any more."""
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture(params=sorted(SHELLS))
def endpoint(request, tmp_path):
    shell = SHELLS[request.param]
    if not shutil.which(shell[0]):
        pytest.skip(f"{shell[0]} is not installed here")
    if not shutil.which("curl") and not shutil.which("wget"):
        pytest.skip("neither curl nor wget is installed here")

    class Downloads(BaseHTTPRequestHandler):
        def do_GET(self):
            body = place.collector.encode() if self.path == "/cado-host" else b""
            self.send_response(200 if self.path in ("/cado-host", "/empty") else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Downloads) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        place = Endpoint(tmp_path, shell, f"http://127.0.0.1:{server.server_port}")
        place.serve()
        yield place
        server.shutdown()
        thread.join()
