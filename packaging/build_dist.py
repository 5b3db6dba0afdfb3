"""Builds the sdist and, from it, the wheel: two builds of one commit are the same bytes (S19).

What differs between two machines is taken away first: files that git does not know, file modes
that follow the umask, and times, which all become the commit's own.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(target: Path) -> None:
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or git("log", "-1", "--format=%ct"))
    os.environ |= {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "PYTHONHASHSEED": "0"}
    os.umask(0o022)
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        copy_tracked(source)
        build(source, target, "sdist")
        sdist = next(target.glob("*.tar.gz"))
        repack(sdist, epoch)
        shutil.unpack_archive(sdist, folder)
        build(Path(folder, sdist.name.removesuffix(".tar.gz")), target, "wheel")
    for path in sorted(target.iterdir()):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


def git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout  # noqa: S603


def copy_tracked(target: Path) -> None:
    """Copies the working tree's tracked files, with modes that no umask has touched."""
    for line in git("ls-files", "-z", "--stage").split("\0")[:-1]:
        mode, name = line[:6], line.partition("\t")[2]
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy)
        copy.chmod(0o755 if mode == "100755" else 0o644)


def build(source: Path, target: Path, kind: str) -> None:
    """Calls the build backend in a process of its own; it wants to be in the source's folder."""
    target.mkdir(parents=True, exist_ok=True)
    call = f"import sys; from setuptools import build_meta; build_meta.build_{kind}(sys.argv[1])"
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-c", call, str(target)],
        check=False,
        cwd=source,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise SystemExit(done.stdout)


def repack(sdist: Path, epoch: int) -> None:
    """Writes the archive anew, sorted, owned by nobody and of one time: setuptools leaves those."""
    plain = io.BytesIO()
    with tarfile.open(sdist) as old, tarfile.open(fileobj=plain, mode="w") as new:
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.pax_headers = epoch, {}
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    sdist.write_bytes(gzip.compress(plain.getvalue(), mtime=epoch))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
