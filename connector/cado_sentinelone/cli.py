"""The command line: parses, then imports only what the one command needs."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper

from cado_sentinelone.arguments import BESIDE, Misused, parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

COMPLETE = "__complete"  # what the shells' completion scripts call; no command for a person
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status: 0 success, 1 failure, 2 wrong request."""
    # Imports make hundreds of thousands of objects that live to the end: collecting while they
    # come is most of what a cold start would spend on garbage. Commands switch it on again.
    gc.disable()
    # To find pydantic's plugins is to read the metadata of everything that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    arguments = sys.argv[1:] if arguments is None else arguments
    _open_streams()
    try:
        try:
            status = _dispatch(arguments)
        except SystemExit as done:  # argparse, after help and version
            status = int(done.code or 0)
        sys.stdout.flush()
    except BrokenPipeError:
        from cado_sentinelone.console.pipe import leave_stdout

        leave_stdout()
        status = 0
    except OSError as error:
        # Whatever belongs to a request is part of its outcome: this is our own output's.
        print(f"cado-sentinelone: {error.strerror or error}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("interrupted; what was launched goes on and stays in the ledger", file=sys.stderr)
        status = _INTERRUPTED
    gc.freeze()  # nothing is worth collecting on the way out
    return status


def _open_streams() -> None:
    """Streams that we were started without exist from now on, and standard output can write what
    its encoding lacks.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - open to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _dispatch(arguments: Sequence[str]) -> int:
    if arguments[:1] == [COMPLETE]:
        from cado_sentinelone.console.complete import print_candidates

        return print_candidates(arguments[1:])
    if arguments and arguments[0] in BESIDE:
        from cado_sentinelone.console.beside import run_beside

        return run_beside(arguments[0], arguments[1:])
    try:
        parsed = parser(arguments[0] if arguments else "").parse_args(arguments)
    except Misused as misused:
        if "--json" in arguments or arguments[:1] == ["invoke"]:
            from cado_sentinelone.console import quick
            from cado_sentinelone.errors import ParamsError

            return quick.refuse("", ParamsError(str(misused)), as_json=True)
        return 2
    module = __import__(f"cado_sentinelone.console.{parsed.module}", fromlist=["command"])
    status: int = module.command(parsed)
    return status
