"""The command line: parses, then imports only what the one command needs."""

from __future__ import annotations

import argparse
import gc
import os
import sys

from cado_sentinelone import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status: 0 success, 1 failure, 2 wrong request."""
    # Imports make hundreds of thousands of objects that live to the end: collecting while they
    # come is most of what a cold start would spend on garbage. Commands switch it on again.
    gc.disable()
    parsed = _parser().parse_args(arguments)
    try:
        status = _dispatch(parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (`| head`). Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        print("interrupted; what was launched goes on and stays in the ledger", file=sys.stderr)
        status = 130
    gc.freeze()  # nothing is worth collecting on the way out
    return status


def _dispatch(parsed: argparse.Namespace) -> int:
    module = __import__(f"cado_sentinelone.console.{parsed.module}", fromlist=["command"])
    status: int = module.command(parsed)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cado-sentinelone",
        description="Collect forensic evidence from SentinelOne endpoints into Cado.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="run one action and show what came of it")
    run.add_argument("action", help="'cado-sentinelone actions' lists them")
    run.add_argument("--asset", metavar="FILE", help="JSON file with the connection settings")
    run.add_argument("--params", metavar="JSON", default="", help="parameters as a JSON object")
    run.add_argument(
        "-p", dest="pairs", metavar="NAME=VALUE", action="append", default=[], help="one parameter"
    )
    run.add_argument("--json", action="store_true", help="print the outcome as one JSON document")
    _add_log_level(run)
    run.set_defaults(module="run")

    invoke = commands.add_parser(
        "invoke", help="one JSON request on stdin, one JSON outcome on stdout"
    )
    invoke.add_argument("--asset", metavar="FILE", help="JSON file with the connection settings")
    _add_log_level(invoke)
    invoke.set_defaults(module="invoke")

    actions = commands.add_parser("actions", help="list the actions and what they take")
    actions.add_argument("--json", action="store_true", help="with JSON Schemas")
    actions.set_defaults(module="actions")

    plugins = commands.add_parser("plugins", help="what is loaded, from where, what is broken")
    plugins.set_defaults(module="plugins")

    sandbox = commands.add_parser("sandbox", help="both vendors' APIs on this machine, to try with")
    sandbox.add_argument("--port", type=int, default=8787, help="0 takes any free one")
    sandbox.add_argument("--endpoints", type=int, default=2000, help="how many endpoints there are")
    sandbox.add_argument("--seed", type=int, default=1, help="same seed, same world")
    sandbox.add_argument("--faults", metavar="SPEC", default="", help="NAME[=VALUE][@PATH][*N];...")
    sandbox.add_argument("--speed", type=float, default=600.0, help="how fast its time runs")
    sandbox.add_argument("--write-asset", metavar="FILE", help="write a ready asset file")
    sandbox.set_defaults(module="sandbox")

    demo = commands.add_parser("demo", help="the main job end to end on an embedded sandbox")
    demo.set_defaults(module="demo")

    completion = commands.add_parser("completion", help="print a shell's completion script")
    completion.add_argument("shell", choices=["bash", "zsh", "fish"])
    completion.set_defaults(module="completion")
    return parser


def _add_log_level(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--log-level",
        choices=["debug", "info", "warning", "error"],
        default=os.environ.get("CADO_SENTINELONE_LOG_LEVEL", "warning").lower(),
        help="how much to log to stderr",
    )
