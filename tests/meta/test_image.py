"""The image's recipe, as far as it can be judged without building it (S18, S20)."""

import re

import pytest


@pytest.fixture(scope="module")
def recipe(root):
    text = (root / "packaging" / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).split("\n")
    return [line.split(None, 1) for line in lines if line]


def test_it_ends_as_an_unprivileged_user_s20(recipe):
    stage = max(number for number, (word, _) in enumerate(recipe) if word == "FROM")
    users = [rest for word, rest in recipe[stage:] if word == "USER"]
    assert users == ["10001"]


def test_it_installs_hashed_requirements_only_s18(recipe):
    installs = [rest for _, rest in recipe if "install" in rest and "pip " in rest]
    assert installs
    for command in installs:
        assert "--require-hashes" in command or "--no-deps --no-build-isolation ." in command


def test_everything_it_copies_is_there_and_let_through(root, recipe):
    allowed = (root / ".dockerignore").read_text(encoding="utf-8").split("\n")
    for word, rest in recipe:
        if word == "COPY" and not rest.startswith("--from"):
            for name in rest.split()[:-1]:
                assert (root / name).exists(), name
                assert f"!{name.split('/')[0]}" in allowed, name


def test_what_it_writes_is_the_ledger_s20(recipe):
    """With XDG_STATE_HOME set, the ledger is the only file that is written, on the volume."""
    assert ["VOLUME", "/var/lib/cado-sentinelone"] in recipe
    assert any(word == "ENV" and "XDG_STATE_HOME=/var/lib" in rest for word, rest in recipe)
