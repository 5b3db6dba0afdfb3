"""A stand-in for Cado Host: collects a handful of real files and facts, packs and uploads them.

Run as a program of its own by the live endpoint; it imports nothing of this project. Flags are
those of the vendor's command line (Cado contract 4.4) that a collection needs.
"""

import argparse
import base64
import io
import json
import os
import platform
import sys
import tarfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

_FILES = ("/etc/hostname", "/etc/hosts", "/etc/os-release", "/etc/passwd", "/proc/version",
          "/proc/uptime", "/proc/mounts")  # fmt: skip
_MOST_BYTES = 10 * 1024 * 1024


def main() -> int:
    """Runs one command; the exit status, 1 when it failed."""
    parser = argparse.ArgumentParser(prog="cado-host")
    commands = parser.add_subparsers(dest="command", required=True)
    capture = commands.add_parser("capture")
    capture.add_argument("-c", choices=("default", "light", "max"), default="default")
    capture.add_argument("--skip_memory", action="store_true")
    capture.add_argument("--include_large_memory", action="store_true")
    capture.add_argument("--skip_scan", action="store_true")
    capture.add_argument("--skip_root_check", action="store_true")
    capture.add_argument("--only_additional_files", action="store_true")
    capture.add_argument("--groups", nargs="+", default=[])
    capture.add_argument("-a", "--additional_files", nargs="+", default=[])
    capture.add_argument("-ap", default="")
    upload = commands.add_parser("upload")
    upload.add_argument("--presigned_data", required=True)
    upload.add_argument("--capture_path", required=True)
    upload.add_argument("--no_cleanup", action="store_true")
    asked = parser.parse_args()
    return _capture(asked) if asked.command == "capture" else _upload(asked)


def _capture(asked: argparse.Namespace) -> int:
    if os.environ.get("CADO_HOST_SANDBOX_FAULT") == "capture":
        print("capture: told to fail", file=sys.stderr)
        return 1
    import lz4.frame  # type: ignore[import-untyped]

    wanted = [] if asked.only_additional_files else list(_FILES)
    wanted += asked.additional_files
    if asked.ap:
        wanted += Path(asked.ap).read_text(encoding="utf-8").splitlines()
    facts = {
        "hostname": platform.node().split(".")[0].lower() or "live-endpoint",
        "system": platform.platform(),
        "collected_at": time.time(),
        "processes": sum(path.name.isdigit() for path in Path("/proc").glob("*")),
        "groups": asked.groups,
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        _add(archive, "cado-host.json", json.dumps(facts, indent=1).encode())
        for name in dict.fromkeys(wanted):
            try:
                content = Path(name).read_bytes()
            except OSError as error:
                print(f"capture: {name}: {error.strerror}", file=sys.stderr)
                continue
            if asked.c != "light" or len(content) < _MOST_BYTES:
                _add(archive, name.lstrip("/"), content)
    target = Path(f"cado-host-capture-{int(time.time())}.tar.lz4")
    target.write_bytes(lz4.frame.compress(packed.getvalue()))
    print(f"capture: {target}")
    return 0


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _upload(asked: argparse.Namespace) -> int:
    form = json.loads(base64.b64decode(asked.presigned_data))
    path = Path(asked.capture_path)
    mark = uuid.uuid4().hex
    body = bytearray()
    for name, value in form["fields"].items():
        body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        body += f"{value}\r\n".encode()
    disposition = f'form-data; name="file"; filename="{path.name}"'
    body += f"--{mark}\r\nContent-Disposition: {disposition}\r\n".encode()
    body += b"Content-Type: application/octet-stream\r\n\r\n"
    body += path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
    request = urllib.request.Request(  # noqa: S310 - the address that the credential is for
        form["url"],
        bytes(body),
        {"Content-Type": f"multipart/form-data; boundary={mark}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            print(f"upload: {answer.status}")
    except urllib.error.HTTPError as error:
        print(f"upload: {error.code} {error.read().decode()[:300]}", file=sys.stderr)
        return 1
    if not asked.no_cleanup:
        path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
