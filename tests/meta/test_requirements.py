"""The locked requirements are complete, hashed, and in step with setup.cfg (S18)."""

import configparser
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ;.*)? \\$", re.MULTILINE)
EXTRAS = {
    "run": ["sandbox"],
    "fleet": ["celery", "postgres", "sandbox"],
    "test": ["test"],
    "dev": ["dev"],
    "tools": None,
}


@pytest.fixture(scope="module")
def locks(root):
    """For each file its packages, each with the versions that it is pinned to."""
    found = {}
    for name in EXTRAS:
        text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins = found.setdefault(name, {})
        for match in PINNED.finditer(text):
            pins.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
        # Nothing else may stand there: no unpinned name, no URL, no option but the hashes.
        rest = re.sub(
            r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$",
            "",
            PINNED.sub("", text),
            flags=re.MULTILINE,
        )
        assert not re.search(r"^[^#\s]|^ +\S", rest, re.MULTILINE), f"requirements/{name}.txt"
    return found


def wanted(root, extras):
    """Every requirement of the package with these extras, those of its own extras resolved."""
    parser = configparser.ConfigParser()
    parser.read(root / "setup.cfg", encoding="utf-8")
    sections = [parser["options"]["install_requires"]]
    queue = list(extras)
    for extra in queue:
        sections.append(parser["options.extras_require"][extra])
    for section in sections:
        for line in filter(None, section.split("\n")):
            requirement = Requirement(line)
            if requirement.name == "cado-sentinelone":
                for extra in requirement.extras - set(queue):
                    queue.append(extra)
                    sections.append(parser["options.extras_require"][extra])
            else:
                yield requirement


def test_every_requirement_of_setup_cfg_is_locked_s18(root, locks):
    for name, extras in EXTRAS.items():
        for requirement in wanted(root, extras) if extras else ():
            versions = locks[name].get(canonicalize_name(requirement.name), set())
            assert versions, f"run `make lock`: requirements/{name}.txt lacks {requirement}"
            assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_every_pin_is_hashed_s18(root):
    for name in EXTRAS:
        text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for block in re.split(r"\n(?=\w)", text)[1:]:
            assert "--hash=sha256:" in block, block.split("\n")[0]


def test_the_files_agree(locks):
    """Whoever runs the tests runs what is shipped."""
    for name in ("run", "fleet", "test"):
        for package, versions in locks[name].items():
            assert locks["dev"][package] == versions, package


def test_the_build_backend_is_locked(root, locks):
    backend = (root / "requirements" / "build.in").read_text(encoding="utf-8").split("\n")[1]
    assert f'requires = ["{backend}"]' in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert "setuptools" in locks["run"]
