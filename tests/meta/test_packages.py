"""What is installed, and under which names."""

import configparser

import pytest

PACKAGES = ("cado_sentinelone", "cado_sentinelone_actions", "cado_sentinelone_manifests")
FOLDERS = dict(zip(("connector", "actions", "manifests"), PACKAGES, strict=True))


@pytest.fixture(scope="module")
def options(root):
    parser = configparser.ConfigParser()
    parser.read(root / "setup.cfg", encoding="utf-8")
    return parser


def lines(text):
    return [line for line in text.split("\n") if line]


def test_setup_cfg_lists_exactly_the_packages_on_disk(root, options):
    """setup.cfg's find: reads one folder only, so the list is kept by hand and by this test."""
    on_disk = {
        ".".join(path.parent.relative_to(root / folder).parts)
        for folder in FOLDERS
        for path in (root / folder).rglob("*.py")
    }
    listed = lines(options["options"]["packages"])
    assert listed == sorted(listed)
    assert set(listed) == on_disk


def test_every_package_has_a_docstring_and_nothing_else(sources):
    """An __init__.py that re-exports makes every import pay for everything."""
    for source in sources:
        if source.name.endswith("/__init__.py"):
            docstring, *rest = source.text and source.tree.body
            assert docstring.value.value, f"{source.name} has no docstring"
            allowed = 1 if source.module == "cado_sentinelone" else 0
            assert len(rest) == allowed, f"{source.name} holds more than its docstring"


def test_only_our_three_names_are_installed(root, options):
    """`packaging` or `actions` at top level would shadow other people's packages."""
    assert lines(options["options"]["package_dir"]) == [
        f"{package} = {folder}/{package}" for folder, package in FOLDERS.items()
    ]
    assert {name.split(".")[0] for name in lines(options["options"]["packages"])} == set(PACKAGES)
    assert "py_modules" not in options["options"]
    for folder, package in FOLDERS.items():
        entries = {path.name for path in (root / folder).iterdir()} - {"__pycache__"}
        assert entries == {package}


def test_packaging_is_no_package(root):
    """It would shadow PyPA's `packaging` wherever this folder is on the path."""
    assert not (root / "packaging" / "__init__.py").exists()
    for folder in (*FOLDERS, "tests"):
        assert not (root / folder / "__init__.py").exists()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_typed(root, options, package):
    folder = next(name for name, held in FOLDERS.items() if held == package)
    assert (root / folder / package / "py.typed").is_file()
    assert "py.typed" in lines(options["options.package_data"][package])


def test_metadata_is_in_setup_cfg_only(root):
    assert "[project]" not in (root / "pyproject.toml").read_text(encoding="utf-8")
    assert not (root / "setup.py").exists()
