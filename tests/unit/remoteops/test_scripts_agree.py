"""Both scripts speak one language; the one for Windows, which is not executed here, is read closely."""

from __future__ import annotations

import base64
import re
from itertools import product

import pytest
from pydantic import SecretStr

from cado_sentinelone.remoteops.result import EXIT_CODES, ScriptResult
from cado_sentinelone.remoteops.script import CaptureOptions, ScriptPlan, render_script

SYSTEMS = ("linux", "windows")
CMDLETS = {
    "ForEach-Object", "Get-Acl", "Get-ChildItem", "Get-CimInstance", "Get-Content", "Get-FileHash",
    "Get-Item", "Get-Process", "Join-Path", "Move-Item", "New-Item", "New-Object", "Out-Null",
    "Remove-Item", "Select-Object", "Set-StrictMode", "Start-Sleep", "Test-Path", "Where-Object",
    "Write-Output",
}  # fmt: skip
AUTOMATIC = {
    "_", "null", "true", "false", "pid", "lastexitcode", "erroractionpreference",
    "progresspreference",
}  # fmt: skip


def rendered(os, own_archive=False, **options):
    plan = ScriptPlan(
        os=os,
        key="col-" + "0" * 20,
        archive_name="cado-host-capture-1.tar.lz4",
        collector_url="https://example.com/cado-host",
        collector_sha256="",
        presigned=SecretStr(base64.b64encode(b"x" * 15_000).decode()),
        options=CaptureOptions(profile="custom", **options),
        time_limit_seconds=600,
        free_bytes=1024,
        own_archive=own_archive,
    )
    return render_script(plan, "script").content.get_secret_value()


def everything(os):
    return rendered(
        os,
        own_archive=True,
        groups=("a",),
        additional_files=("b",),
        skip_scan=True,
        include_memory=os == "windows",
    )


@pytest.fixture(scope="module")
def powershell():
    """Parses a script: the nodes of a kind, in the order of the text."""
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip("tree_sitter_powershell")
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))

    def nodes(text, *kinds):
        found, left = [], [parser.parse(text.encode()).root_node]
        while left:
            node = left.pop()
            assert not node.is_missing and not node.is_error, node
            found += [node] if node.type in kinds else []
            left += reversed(node.children)
        return found

    return nodes


@pytest.mark.parametrize("os", SYSTEMS)
def test_the_result_line_has_every_field_and_no_other(os):
    text = everything(os)
    start = text.index('"cado_sentinelone":1')
    names = re.findall(r'"([a-z0-9_]+)":', text[start : text.index("first_step", start) + 12])
    expected = set(ScriptResult.model_fields) - {"line"} | {"cado_sentinelone"}
    assert set(names) == expected and len(names) == len(expected)


@pytest.mark.parametrize(
    ("os", "stop"), [("linux", r"\bfail ([0-9]+) "), ("windows", r"Stop-Script ([0-9]+) ")]
)
def test_every_exit_code_has_a_meaning_and_a_place(os, stop):
    codes = {int(code) for code in re.findall(stop, everything(os))}
    codes |= {int(code) for code in re.findall(r"\bcode ?= ?([0-9]+)\b", everything(os))}
    assert codes == set(EXIT_CODES) - ({12} if os == "windows" else set())


def test_both_go_through_the_same_steps():
    steps = [
        re.findall(begin, everything(os))
        for os, begin in (("linux", r"\bbegin ([a-z]+) "), ("windows", r"Enter-Step '([a-z]+)'"))
    ]
    assert steps[0] == steps[1]
    assert steps[0] == ["work", "space", "download", "pin", "start", "capture", "upload"]


def test_both_note_the_same_things():
    for words in (
        "this version of Cado Host cannot skip the scan",
        "the SHA-256 of the archive cannot be told here",
        "Cado Host left the archive where it was",
        "the step could not be noted at",
        "its end could not be noted at",
    ):
        assert all(words in everything(os) for os in SYSTEMS), words


def test_a_credential_of_real_length_reaches_both():
    secret = base64.b64encode(b"x" * 15_000).decode()
    assert all(secret in rendered(os) for os in SYSTEMS)


def test_windows_is_parsed_with_every_combination_of_options(powershell):
    for groups, files, scan, memory in product(
        ((), ("a", "b")), ((), ("c",)), *[(True, False)] * 2
    ):
        powershell(
            rendered(
                "windows",
                groups=groups,
                additional_files=files,
                additional_files_only=bool(files),
                skip_scan=scan,
                include_memory=memory,
            )
        )


def test_windows_calls_what_there_is(powershell):
    text = everything("windows")
    defined = {node.text.decode() for node in powershell(text, "function_name")}
    called = {
        node.text.decode()
        for node in powershell(text, "command_name")
        if not node.text.startswith(b"(")
    }
    assert called - defined <= CMDLETS
    assert defined <= called  # and nothing is there for nobody


def test_windows_reads_what_was_set(powershell):
    """Strict mode breaks the script off at a name that is not set, there and then only."""
    text = everything("windows")
    names = [node.text.decode().lower() for node in powershell(text, "variable")]
    names += re.findall(r"\$[a-z:]+", " ".join(re.findall('"[^"]*"', text)).lower())
    read = {name.lstrip("$").removeprefix("script:") for name in names}
    read = {name for name in read if not name.startswith("env:")}
    assigned = re.findall(r"\$(?:script:)?(\w+)\]? ?(?:=[^=]|\+=| in |\))", text, re.IGNORECASE)
    parameters = re.findall(r"\] \$(\w+)[,)]", text)
    assert read <= {name.lower() for name in [*assigned, *parameters]} | AUTOMATIC


def test_windows_keeps_its_state_apart(powershell):
    """At the top `$code` is `$script:code`: the names of the state are used with their scope."""
    text = everything("windows")
    state = set(re.findall(r"^\$script:(\w+) =", text, re.MULTILINE))
    assert {"step", "outcome", "code", "message", "work"} <= state
    main = text[text.index("\ntry {\n    Enter-Guard") :]
    assert not [name for name in state if re.search(rf"\${name}\b", main, re.IGNORECASE)]


def test_windows_is_plain_text_whatever_the_machine_takes_files_for():
    assert everything("windows").isascii()
