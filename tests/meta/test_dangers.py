"""What no code of ours does (S1, S2, S9): found by reading it, so that no review has to."""

import ast

import pytest

MODULES = {"pickle", "marshal", "shelve", "dill", "cPickle", "xml", "telnetlib", "imp"}
CALLS = {
    *("eval", "exec", "compile", "input"),
    *("yaml.load", "yaml.unsafe_load", "os.system", "os.popen", "tempfile.mktemp"),
    *("time.sleep", "sleep", "os._exit", "gc.collect"),
}
TLS_OFF = {"ssl._create_unverified_context", "ssl.CERT_NONE"}
# The sandbox waits on its own thread and for its faults; everybody else waits through `Run.wait`,
# whose clock tests turn by hand.
ALLOWED = {
    ("connector/cado_sentinelone/sandbox/running.py", "time.sleep"),
    # Several processes open one new ledger: SQLite does not wait by itself there.
    ("connector/cado_sentinelone/engine/ledger_sqlite_file.py", "time.sleep"),
    # Where `verify_tls=false` is carried out; every outcome says so (S2).
    ("connector/cado_sentinelone/clients/tls.py", "ssl.CERT_NONE"),
}


def dotted(node):
    """`a.b.c` as it is written; "" for anything that is not a plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def dangers(source):
    for module in sorted(MODULES):
        if source.imported(module):
            yield f"{source.name} imports {module}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in CALLS and (source.name, called) not in ALLOWED:
                yield f"{source.at(node)} calls {called}"
        if isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            if node.arg == "shell" and node.value.value:
                yield f"{source.at(node.value)} starts a shell"
            if node.arg == "verify" and not node.value.value:
                yield f"{source.at(node.value)} turns TLS verification off"
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and not node.value.value
            and any(dotted(target).endswith(".verify") for target in node.targets)
        ):
            yield f"{source.at(node)} turns TLS verification off"
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f"{source.at(node)} catches everything, KeyboardInterrupt too"
        used = dotted(node)
        if used in TLS_OFF and (source.name, used) not in ALLOWED:
            yield f"{source.at(node)} uses {used}"


def test_nothing_dangerous_s9(sources, scripts):
    found = [danger for source in [*sources, *scripts] for danger in dangers(source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "import pickle",
        "from pickle import loads",
        "import yaml\nyaml.load('x')",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import time\ntime.sleep(1)",
        "from time import sleep\nsleep(1)",
        "import requests\nrequests.get('x', verify=False)",
        "session.verify = False",
        "try:\n    pass\nexcept:\n    pass",
        "import ssl\ncontext.verify_mode = ssl.CERT_NONE",
    ],
)
def test_a_danger_is_found(source, text):
    assert list(dangers(source("connector/cado_sentinelone/a.py", text)))
