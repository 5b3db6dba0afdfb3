"""Sets the version and folds changelog/*.md into CHANGELOG.md: `release.py 0.2.0`.

A fragment is `changelog/<slug>.<kind>.md`, one change in a sentence or two. Nothing is committed.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = {"added": "Added", "changed": "Changed", "fixed": "Fixed", "security": "Security"}
MARK = "<!-- releases: packaging/release.py puts the next one below this line -->\n"


def main(version: str, root: Path = ROOT) -> None:
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise SystemExit(f"{version!r} is not a version like 0.2.0")
    fragments = sorted((root / "changelog").glob("*.md"))
    if not fragments:
        raise SystemExit("changelog/ is empty: there is nothing to release")
    set_version(root, version)
    log = root / "CHANGELOG.md"
    before, mark, after = log.read_text(encoding="utf-8").partition(MARK)
    if not mark:
        raise SystemExit(f"CHANGELOG.md lacks the line {MARK!r}")
    section = release(version, f"{datetime.now(UTC):%Y-%m-%d}", fragments)
    log.write_text(before + mark + "\n" + section + after, encoding="utf-8")
    for fragment in fragments:
        fragment.unlink()
    print(f"{version}: {len(fragments)} changes")


def release(version: str, day: str, fragments: list[Path]) -> str:
    """The section of one release, its changes by kind and, within a kind, by slug."""
    lines = [f"## {version} ({day})", ""]
    for kind, title in KINDS.items():
        texts = [path for path in fragments if kind_of(path) == kind]
        if texts:
            lines += [f"### {title}", "", *(item(path) for path in texts), ""]
    return "\n".join(lines)


def kind_of(path: Path) -> str:
    """The kind in a fragment's name. Raises SystemExit for a name that has none."""
    match = re.fullmatch(r"[a-z0-9-]+\.(?P<kind>[a-z]+)\.md", path.name)
    if not match or match["kind"] not in KINDS:
        raise SystemExit(f"{path.name} is not <slug>.<{'|'.join(KINDS)}>.md")
    return match["kind"]


def item(path: Path) -> str:
    return "- " + "\n  ".join(path.read_text(encoding="utf-8").strip().split("\n"))


def set_version(root: Path, version: str) -> None:
    path = root / "connector" / "cado_sentinelone" / "__init__.py"
    old = path.read_text(encoding="utf-8")
    new, count = re.subn(
        r'^__version__ = ".*"$', f'__version__ = "{version}"', old, flags=re.MULTILINE
    )
    if count != 1:
        raise SystemExit(f"{path.name} has no __version__")
    path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: release.py VERSION")
    main(sys.argv[1])
