"""The command line: parses, then imports only what the one command needs."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from io import TextIOWrapper

from cado_sentinelone import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

COMPLETE = "__complete"  # what the shells' completion scripts call; no command for a person
_INTERRUPTED = 130
_ASSET = "JSON file with the connection settings"
# Commands that the core does not know: modules of the entry-point group `cado_sentinelone_commands`,
# each with an extra of its own. Listed here so that --help imports nothing.
BESIDE = {
    "mcp": "serve the actions to AI agents as MCP tools (extra: mcp)",
}


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
        parsed = parser().parse_args(arguments)
    except Misused as misused:
        if "--json" in arguments or arguments[:1] == ["invoke"]:
            from cado_sentinelone.console import quick
            from cado_sentinelone.errors import ParamsError

            return quick.refuse("", ParamsError(str(misused)), as_json=True)
        return 2
    module = __import__(f"cado_sentinelone.console.{parsed.module}", fromlist=["command"])
    status: int = module.command(parsed)
    return status


class Misused(Exception):
    """The command line is wrong; the usage has been printed."""


class Parser(argparse.ArgumentParser):
    """argparse's, which knows the terminal's width without importing shutil, and never exits."""

    def __init__(self, **settings: object) -> None:
        super().__init__(formatter_class=_formatter, allow_abbrev=False, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        print(f"{self.prog}: error: {message}", file=sys.stderr)
        raise Misused(message)


def _formatter(prog: str) -> argparse.HelpFormatter:
    try:
        width = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
    except (OSError, ValueError):
        width = 80
    return argparse.HelpFormatter(prog, width=max(width, 40) - 2)


class _RunHelp(argparse.Action):
    """`run ACTION --help` tells what that action takes."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        if namespace.action is None:
            parser.print_help()
            parser.exit()
        from cado_sentinelone.console.action_help import print_help

        parser.exit(print_help(namespace.action))


def parser() -> argparse.ArgumentParser:
    """All commands, options and words of help."""
    root = Parser(
        prog="cado-sentinelone",
        description="Collect forensic evidence from SentinelOne endpoints into Cado.",
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = root.add_subparsers(
        title="commands", metavar="COMMAND", dest="module", required=True
    )

    run = commands.add_parser(
        "run",
        help="run one action and show what came of it",
        add_help=False,
        epilog="'cado-sentinelone run ACTION --help' tells what the action takes.",
    )
    run.add_argument("-h", "--help", action=_RunHelp, nargs=0, help="show this help and exit")
    run.add_argument("action", metavar="ACTION", help="'cado-sentinelone actions' lists them")
    run.add_argument("--asset", metavar="FILE", help=_ASSET)
    run.add_argument(
        "--params", metavar="JSON", default="", help="parameters as a JSON object; - reads stdin"
    )
    run.add_argument(
        "-p", dest="pairs", metavar="NAME=VALUE", action="append", default=[], help="one parameter"
    )
    run.add_argument("--json", action="store_true", help="print the outcome as one JSON document")
    _add_log_level(run)

    invoke = commands.add_parser(
        "invoke", help="one JSON request on stdin, one JSON outcome on stdout"
    )
    invoke.add_argument("--asset", metavar="FILE", help=_ASSET)
    _add_log_level(invoke)

    actions = commands.add_parser("actions", help="list the actions and what they take")
    actions.add_argument("--json", action="store_true", help="with JSON Schemas")

    plugins = commands.add_parser("plugins", help="what is loaded, from where, what is broken")
    plugins.add_argument("--json", action="store_true", help="as one JSON document")

    _add_runner_commands(commands)

    sandbox = commands.add_parser("sandbox", help="both vendors' APIs on this machine, to try with")
    sandbox.add_argument("--port", type=int, default=8787, help="0 takes any free one (8787)")
    sandbox.add_argument("--endpoints", type=int, default=2000, help="how many there are (2000)")
    sandbox.add_argument("--seed", type=int, default=1, help="same seed, same world (1)")
    sandbox.add_argument("--faults", metavar="SPEC", default="", help="NAME[=VALUE][@PATH][*N];...")
    sandbox.add_argument("--speed", type=float, default=600.0, help="how fast time runs (600)")
    sandbox.add_argument(
        "--live-endpoint", action="store_true", help="one endpoint really runs scripts, here"
    )
    sandbox.add_argument("--write-asset", metavar="FILE", help="write a ready asset file")

    for name, words in BESIDE.items():
        commands.add_parser(name, help=words, add_help=False)

    commands.add_parser("demo", help="the main job end to end on an embedded sandbox")

    completion = commands.add_parser("completion", help="print a shell's completion script")
    completion.add_argument("shell", choices=["bash", "zsh", "fish"])
    return root


def _add_runner_commands(commands: argparse._SubParsersAction[Parser]) -> None:
    runners = commands.add_parser("runners", help="which SOAR products a bundle can be made for")
    runners.add_argument("--json", action="store_true", help="as one JSON document")

    name = "one of 'cado-sentinelone runners', or all"
    render = commands.add_parser("render", help="write a runner's files, to look at or build on")
    render.add_argument("runner", metavar="RUNNER", help=name)
    render.add_argument("--out", metavar="DIR", required=True, help="each goes to DIR/RUNNER")

    check = commands.add_parser("check", help="look for what would not work in rendered files")
    check.add_argument("folder", metavar="DIR", help="what render wrote")

    bundle = commands.add_parser("bundle", help="make the file that is uploaded to a runner")
    bundle.add_argument("runner", metavar="RUNNER", help=name)
    bundle.add_argument("--out", metavar="DIR", required=True, help="existing folder")
    bundle.add_argument(
        "--wheels", metavar="DIR", default="", help="wheels, for runners that install offline"
    )


def _add_log_level(command: argparse.ArgumentParser) -> None:
    default = os.environ.get("CADO_SENTINELONE_LOG_LEVEL", "").lower()
    levels = ["debug", "info", "warning", "error"]
    command.add_argument(
        "--log-level",
        choices=levels,
        default=default if default in levels else "warning",
        help="how much to log to stderr",
    )
