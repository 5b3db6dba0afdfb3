"""An endpoint that scripts really run on, in one shell and below a root of its own."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
from pathlib import Path

from pydantic import SecretStr

from cado_sentinelone.remoteops.result import result_in
from cado_sentinelone.remoteops.script import CaptureOptions, ScriptPlan, render_script

KEY = "col-0123456789abcdef0123"
ARCHIVE = "cado-host-capture-0123456789abcdef0123.tar.lz4"

# Records each argument, and does what its part of a collection is.
COLLECTOR = """#!/bin/sh
if [ "$2" = --help ]; then MORE_HELP; exit 0; fi
for argument in "$@"; do printf '%s\\0' "$argument" >>"$RECORD/$1"; done
if [ "$1" = capture ]; then
    [ -f paths ] && cp paths "$RECORD/paths"
    MORE_CAPTURE
    echo evidence >cado-host-capture-1.tar.lz4
else
    MORE_UPLOAD
    mv "$5" "$RECORD/uploaded"
fi
"""
HELP = 'echo "usage: capture [--skip_memory] [--skip_scan] [-ap FILE]"'


def credential():
    """Shaped like the vendor's and as long as a real one: the token stands in its policy again."""
    token = {"x-amz-security-token": "x" * 1500}
    policy = json.dumps({"expiration": "2030-01-01T00:00:00Z", "conditions": [token]})
    fields = {"key": "prefix/${filename}", "x-amz-signature": "f" * 64, **token}
    fields["policy"] = base64.b64encode(policy.encode()).decode()
    content = {"url": "https://bucket.example.com", "fields": fields}
    return SecretStr(base64.b64encode(json.dumps(content).encode()).decode())


class Endpoint:
    """Runs scripts in one shell, under a root of its own; what they did is in `record`."""

    key, archive = KEY, ARCHIVE

    def __init__(self, folder, shell, url, pages, programs_without):
        # Blanks in every path: whatever is not quoted falls apart.
        self.folder, self.root, self.record = folder, folder / "the root", folder / "a record"
        self._shell, self.url, self._pages = shell, url, pages
        self._programs_without, self._hidden = programs_without, False
        for place in (self.root / "tmp", self.root / "var/lib", self.record):
            place.mkdir(parents=True)
        self.environment = os.environ | {"RECORD": str(self.record)}
        self.serve()

    def serve(self, capture=":", upload=":", help=HELP):
        """What the collector does besides."""
        self.collector = COLLECTOR.replace("MORE_CAPTURE", capture)
        self.collector = self.collector.replace("MORE_UPLOAD", upload).replace("MORE_HELP", help)
        self._pages["/cado-host"] = self.collector.encode()

    def serve_page(self, content):
        """The address of a page with `content`."""
        self._pages["/page"] = content
        return f"{self.url}/page"

    def hide(self, *names):
        """Scripts find everything but these programs."""
        self.environment["PATH"] = str(self._programs_without(*names))
        self._hidden = True

    def replace(self, name, program):
        """Scripts find `program` by that name; it finds all others by REAL_PATH."""
        file = self.folder / "tools" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{program}\n")
        file.chmod(0o755)
        self.environment["REAL_PATH"] = self.environment["PATH"]
        self.environment["PATH"] = f"{file.parent}:{self.environment['PATH']}"

    def script(
        self, key=KEY, *, url="", sha256="", limit=600, free=1024, own_archive=False, **options
    ):
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
            own_archive=own_archive,
        )
        return self.moved(render_script(plan, "script.sh").content.get_secret_value())

    def moved(self, text):
        """`text` with what it calls the root's folders below this one."""
        for name in ("/tmp/", "/var/lib/"):  # noqa: S108 - the script's, not ours
            text = text.replace(name, f"{self.root}{name}")
        if self._hidden:
            text = text.replace(":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "")
        return text

    def hasty(self, text):
        """`text` whose seconds are over at once."""
        assert text.count("sleep 1\n") == 2
        return text.replace("sleep 1\n", "sleep 0\n")

    def start(self, text):
        file = self.folder / f"script-{len(list(self.folder.iterdir()))}.sh"
        file.write_text(text)
        return subprocess.Popen(  # noqa: S603 - the script under test
            [shutil.which(self._shell[0]), *self._shell[1:], str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd="/",
            start_new_session=True,
        )

    def end(self, process, key=KEY):
        """The result of a run, which is its last line and of one mind with its exit status."""
        out, err = process.communicate(timeout=60)
        process.out, process.err = out.decode("ascii"), err.decode()
        result = result_in(process.out, key)
        assert result is not None, process.out + process.err
        assert process.out.splitlines()[-1] == result.line
        assert process.returncode == result.exit_code
        assert set(json.loads(result.line)) == {"cado_sentinelone", *result.model_dump()}
        assert credential().get_secret_value() not in process.out + process.err
        return result

    def run(self, **plan):
        return self.end(self.start(self.script(**plan)))

    def arguments(self, command):
        return (self.record / command).read_bytes().decode().split("\0")[:-1]

    def left_behind(self):
        return sorted(path.name for path in (self.root / "tmp").iterdir())

    @property
    def guards(self):
        return self.root / "var/lib/cado-sentinelone"

    def state(self, key=KEY):
        return (self.guards / key / "state").read_text()

    def processes(self):
        """Everything that a script of this endpoint started and that still runs."""
        sign = f"RECORD={self.record}".encode()
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and sign in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().decode()
            except OSError:
                continue  # it ended a moment ago
        return found

    def wait_for_the_end_of_all(self):
        """Returns when nothing runs any more. Fails after a minute."""
        for pid in self.processes():
            try:
                fd = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            ready, _, _ = select.select([fd], [], [], 60)
            os.close(fd)
            assert ready, f"{pid} still runs"

    def power_off(self, process):
        """What a power cut does: nothing of the script lives to clean up."""
        for _ in range(2):
            running = self.processes()
            for pid in sorted(running, key=lambda pid: "watch" not in running[pid].split("\0")):
                os.kill(pid, signal.SIGKILL)
        process.communicate()
        self.wait_for_the_end_of_all()
