"""What reaches a shell is one argument of exactly that value, or is refused (S7)."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from cado_sentinelone.errors import InternalError, ParamsError
from cado_sentinelone.remoteops.quoting import for_powershell, for_sh
from cado_sentinelone.remoteops.script import CaptureOptions, ScriptPlan, render_script
from cado_sentinelone.rendering import Quoted
from cado_sentinelone.rendering import render_script as render

HOSTILE = [
    "'", "''", "'\\''", '"', "\\", "$(id)", "`id`", "${IFS}", "*", "-rf", "--", "a b", " ", "!", "#x",
    "~", "{a,b}", "é", "日本", "\u202e", "\u2018\u2019\u201a\u201b\u201c\u201d\u201e", "$env:x", "`$x", "@('a')", "\u00a0", "';exit;'",
    "a" * 4000, "%PATH%", "|&;<>", "\ufeff", "😀",
]  # fmt: skip
TEXT = st.text(min_size=1, max_size=60) | st.sampled_from(HOSTILE)
SHELLS = {"dash": ["dash"], "bash": ["bash"], "busybox": ["busybox", "sh"]}


def plan(os="linux", **options):
    return ScriptPlan(
        os=os,
        key="col-" + "0" * 20,
        archive_name="cado-host-capture-1.tar.lz4",
        collector_url="https://example.com/cado-host",
        collector_sha256="",
        presigned=SecretStr(base64.b64encode(b'{"url": "https://bucket.example.com"}').decode()),
        options=CaptureOptions(profile="custom", **options),
        time_limit_seconds=600,
        free_bytes=1024,
    )


def rendered(os="linux", **options):
    return render_script(plan(os, **options), "script").content.get_secret_value()


@pytest.mark.parametrize("name", sorted(SHELLS))
def test_a_posix_shell_sees_exactly_the_values(name):
    shell = SHELLS[name]
    if not shutil.which(shell[0]):
        pytest.skip(f"{name} is not installed here")

    @settings(max_examples=60)
    @given(st.lists(TEXT, min_size=1, max_size=6))
    @example(HOSTILE)
    def check(values):
        try:
            quoted = [for_sh(value, "x") for value in values]
        except ParamsError:
            assert any(re.search(r"[\x00-\x1f\x7f]|[\ud800-\udfff]", value) for value in values)
            return
        # The very words in the very place of the rendered script.
        script = rendered(additional_files=tuple(values))
        loop = script[script.index("for path in") : script.index('set -- "$@" -ap')]
        assert all(word in loop for word in quoted)
        program = loop.replace('"$path" >>paths', '"$path"').replace("%s\\n", "%s\\0")
        done = subprocess.run(  # noqa: S603 - the shell is what is tested
            [*shell, "-c", program], check=True, capture_output=True, cwd="/"
        )
        assert done.stdout == b"".join(value.encode() + b"\0" for value in values)
        assert done.stderr == b""

    check()


@pytest.fixture(scope="module")
def powershell_parser():
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip("tree_sitter_powershell")
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))


def test_powershell_parses_whatever_the_values_are(powershell_parser):
    """Parsed, every value one string or one call; executed below, where there is a PowerShell."""
    plain = powershell_parser.parse(rendered("windows", additional_files=("a",)).encode())
    assert not plain.root_node.has_error

    @settings(max_examples=60)
    @given(st.lists(TEXT, min_size=1, max_size=4))
    @example(HOSTILE)
    def check(values):
        try:
            script = rendered("windows", additional_files=tuple(values))
        except ParamsError:
            return
        assert script.isascii()
        tree = powershell_parser.parse(script.encode())
        assert not tree.root_node.has_error
        assert _shape(tree.root_node, values) == _shape(plain.root_node, ["a"])

    check()


def _shape(root, values):
    """The kinds of the script's nodes, without the lines that add a path."""
    lines = {
        number
        for number, line in enumerate(root.text.decode().splitlines())
        if line.lstrip().startswith("$paths += ")
    }
    assert len(lines) == len(values)
    kinds, left = [], [root]
    while left:
        node = left.pop()
        if node.start_point[0] in lines and node.end_point[0] in lines:
            continue
        kinds.append(node.type)
        left += node.children
    return kinds


@given(TEXT)
def test_a_value_for_powershell_is_the_value_again(value):
    """Decoded as PowerShell would: a literal between quotes, or bytes."""
    try:
        quoted = for_powershell(value, "x")
    except ParamsError:
        return
    if quoted.startswith("'"):
        assert quoted[1:-1] == value and not re.search("['\u2018\u2019\u201a\u201b`$\"]", value)
    else:
        encoded = re.fullmatch(
            r"\(\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\('([^']*)'\)\)\)",
            quoted,
        )
        assert base64.b64decode(encoded[1]).decode() == value


def test_powershell_itself_sees_exactly_the_values():
    shell = shutil.which("pwsh") or shutil.which("powershell")
    if not shell:
        pytest.skip("no PowerShell is installed here: its script is parsed, not executed")
    for value in HOSTILE:
        program = f"[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes({for_powershell(value, 'x')}))"
        done = subprocess.run(  # noqa: S603
            [shell, "-NoProfile", "-Command", program], check=True, capture_output=True, text=True
        )
        assert base64.b64decode(done.stdout).decode() == value


@pytest.mark.parametrize("value", ["a\0b", "a\nb", "\x1b[31m", "\ud800", "x" * 5000])
def test_what_no_shell_can_be_handed_is_refused_and_named(value):
    for quote in (for_sh, for_powershell):
        with pytest.raises(ParamsError) as raised:
            quote(value, "additional_files")
        assert raised.value.message.startswith("additional_files:")
        assert value not in raised.value.message


@pytest.mark.parametrize(
    ("os", "fields"),
    [
        ("linux", {"groups": ("$(id)",)}),
        ("linux", {"groups": ("-rf",)}),
        ("linux", {"drive_letter": "C"}),
        ("windows", {"drive_letter": "C;"}),
        ("linux", {"additional_files": ("",)}),
    ],
)
def test_what_is_not_of_the_allowed_form_is_refused(os, fields):
    with pytest.raises(ParamsError, match=next(iter(fields))):
        rendered(os, **fields)


@pytest.mark.parametrize("name", ["collector_url", "key", "archive_name", "collector_sha256"])
@pytest.mark.parametrize("value", ["'", "$(id)", "a b", "file:///etc/passwd", "\u2019"])
def test_a_plan_with_a_strange_field_is_refused(name, value):
    import dataclasses

    with pytest.raises(ParamsError):
        render_script(dataclasses.replace(plan(), **{name: value}), "script")


def test_nothing_unquoted_can_be_rendered():
    """Quoting by construction: a template that is given plain text fails."""
    with pytest.raises(InternalError):
        render("cado_sentinelone.remoteops", "linux.sh.j2", {"metadata": "plain"})
    assert isinstance(for_sh("x", "x"), Quoted)


def test_the_masked_script_shows_everything_but_the_credential():
    script = render_script(plan(), "script")
    secret = plan().presigned.get_secret_value()
    assert secret in script.content.get_secret_value()
    assert secret not in script.masked and secret not in repr(script)
    assert script.masked.replace("********", secret) == script.content.get_secret_value()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"groups": ("a", "b c"), "additional_files": ("/a'b", "-x"), "additional_files_only": True},
        {"skip_scan": True, "include_memory": True},
    ],
)
def test_shellcheck_has_nothing_to_say(options, tmp_path):
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed here")
    file = tmp_path / "script.sh"
    file.write_text(rendered(**options))
    done = subprocess.run(  # noqa: S603
        [shutil.which("shellcheck"), "-s", "sh", str(file)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
