"""What must not stand in any file that is published."""

import re

import pytest

# Pieces are joined at run time: this file is published, too.
FORBIDDEN = {
    "a path of somebody's machine": r"(?<![\w.:])/(?:wo"
    r"rk|ro"
    r"ot|ho"
    r"me|Use"
    r"rs|mn"
    r"t)/\w",
    "the host of a package index": r"py" r"pi\.org|python" r"hosted\.org|index-" r"url",
    "the number of an issue": r"(?i)\b(?:issue|ticket|pull request|session)s? #?"
    r"\d|(?<![\w&/])#"
    r"\d{1,4}\b(?!;)",
    "somebody's library": r"\.libra" r"ry/",
    "a token": r"eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}",
    "a private key": r"-----BEGIN (?:RSA |EC )?PRIV" r"ATE",
}
# The files that the sandbox's made-up endpoints hold.
ALLOWED = {("connector/cado_sentinelone/sandbox/cado/stories.py", "a path of somebody's machine")}


def offences(name, text):
    for number, line in enumerate(text.split("\n"), 1):
        for what, pattern in FORBIDDEN.items():
            if (name, what) not in ALLOWED and re.search(pattern, line):
                yield f"{name}:{number} holds {what}: {line.strip()[:100]}"


def test_no_tracked_file_says_where_it_was_made(tracked):
    found = [offence for name, text in tracked.items() for offence in offences(name, text)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "cd /ro" + "ot/project",
        "see /wo" + "rk/shared",
        "--index-" + "url=https://mirror",
        "https://py" + "pi.org/simple",
        "as issue " + "12 says",
        "fixes #" + "34",
    ],
)
def test_an_offence_is_found(text):
    assert list(offences("a.md", text))


@pytest.mark.parametrize(
    "text", ["/web/api/v2.1/agents", "&#39;", "color: #fff", "https://example.com/a#1x", "an issue"]
)
def test_what_is_fine_is_not_found(text):
    assert not list(offences("a.md", text))
