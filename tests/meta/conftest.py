"""What the tests of the tree itself read: its modules, parsed, and its files."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"
SOURCE_ROOTS = ("connector", "actions", "manifests")


@dataclass(frozen=True)
class Source:
    """One Python file. `name` is its path inside the project, with slashes."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def module(self) -> str:
        """The dotted name that it is imported by; source roots are not part of it."""
        parts = self.name.removesuffix(".py").split("/")
        parts = parts[1:] if parts[0] in SOURCE_ROOTS else parts
        return ".".join(parts).removesuffix(".__init__")

    @property
    def imports(self) -> set[str]:
        """Every dotted name that is imported anywhere in it, also for typing only."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def imported(self, package: str) -> set[str]:
        """What it imports of `package`, that itself included."""
        return {name for name in self.imports if f"{name}.".startswith(f"{package}.")}

    def at(self, node: ast.AST) -> str:
        return f"{self.name}:{node.lineno}"


def python_files(*folders: str) -> Iterator[Source]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if GOLDEN in path.parents and path.parent != GOLDEN:
                continue  # rendered files, each in its runner's own style
            yield Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def sources():
    """The modules of the three packages."""
    return list(python_files(*SOURCE_ROOTS))


@pytest.fixture(scope="session")
def scripts():
    """The modules of packaging/, which is no package."""
    return list(python_files("packaging"))


@pytest.fixture(scope="session")
def tests():
    return list(python_files("tests"))


@pytest.fixture
def source():
    """Makes a Source of a name and a text, to see that a rule finds what breaks it."""
    return Source


@pytest.fixture(scope="session")
def tracked():
    """Every file that git knows, read as text, by name; files that are no text are left out."""
    listed = subprocess.run(  # noqa: S603 - our own arguments
        ["git", "-C", str(ROOT), "ls-files", "-z"],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: which files belong to the project cannot be told")
    texts = {}
    for name in listed.stdout.split("\0")[:-1]:
        path = ROOT / name
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
    return texts
