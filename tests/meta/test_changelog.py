"""Change log fragments are well formed, and a release folds them in."""

import importlib.util
import shutil

import pytest


@pytest.fixture(scope="module")
def release(root):
    specification = importlib.util.spec_from_file_location(
        "release", root / "packaging" / "release.py"
    )
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def project(root, tmp_path):
    package = tmp_path / "connector" / "cado_sentinelone"
    package.mkdir(parents=True)
    shutil.copy(root / "connector" / "cado_sentinelone" / "__init__.py", package)
    (tmp_path / "CHANGELOG.md").write_text((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    (tmp_path / "changelog").mkdir()
    return tmp_path


def test_every_fragment_is_well_formed(root, release):
    for path in (root / "changelog").iterdir():
        assert release.kind_of(path)
        text = path.read_text(encoding="utf-8").strip()
        assert text.endswith("."), f"{path.name} is no sentence"
        assert not text.startswith(("-", "#")), path.name


@pytest.mark.parametrize("name", ["a.md", "a.new.md", "A b.added.md", "a.added.txt"])
def test_a_fragment_with_another_name_is_refused(release, tmp_path, name):
    with pytest.raises(SystemExit, match=r"is not <slug>"):
        release.kind_of(tmp_path / name)


def test_a_release_folds_the_fragments_in(release, project):
    (project / "changelog" / "b.fixed.md").write_text("It works.\nReally.\n")
    (project / "changelog" / "a.added.md").write_text("It is new.\n")
    release.main("1.2.3", project)
    log = (project / "CHANGELOG.md").read_text()
    assert "### Added\n\n- It is new.\n\n### Fixed\n\n- It works.\n  Really.\n" in log
    assert "## 1.2.3 (" in log
    assert not list((project / "changelog").iterdir())
    version = (project / "connector" / "cado_sentinelone" / "__init__.py").read_text()
    assert '__version__ = "1.2.3"' in version


def test_the_newest_release_comes_first(release, project):
    for version in ("1.0.0", "1.1.0"):
        (project / "changelog" / "a.added.md").write_text("New.\n")
        release.main(version, project)
    log = (project / "CHANGELOG.md").read_text()
    assert log.index("## 1.1.0") < log.index("## 1.0.0")


@pytest.mark.parametrize(("version", "words"), [("1.2", "not a version"), ("1.2.3", "is empty")])
def test_a_release_without_version_or_changes_is_refused(release, project, version, words):
    with pytest.raises(SystemExit, match=words):
        release.main(version, project)
