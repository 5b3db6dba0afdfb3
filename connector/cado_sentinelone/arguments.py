"""All commands, their options and words of help.

The options of the one command that is asked for are built, not those of all: an invocation pays for
what it uses.
"""

from __future__ import annotations

import argparse
import os
import sys

from cado_sentinelone import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

# Commands that the core does not know: modules of the entry-point group `cado_sentinelone_commands`,
# each with an extra of its own. Listed here so that --help imports nothing.
BESIDE = {
    "mcp": "serve the actions to AI agents as MCP tools (extra: mcp)",
    "serve": "serve the actions over HTTP (extra: serve)",
}
_ASSET = "JSON file with the connection settings"
_RUNNER = "one of 'cado-sentinelone runners', or all"


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


def parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """Every command by name and help; the options of `wanted` only, or of all for None."""
    root = Parser(
        prog="cado-sentinelone",
        description="Collect forensic evidence from SentinelOne endpoints into Cado.",
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = root.add_subparsers(
        title="commands", metavar="COMMAND", dest="module", required=True
    )
    for name, (words, fill) in _COMMANDS.items():
        is_wanted = fill is not None and wanted in (None, name)
        # `run` has a --help of its own, and what is not wanted is not asked for any.
        command = commands.add_parser(name, help=words, add_help=is_wanted and name != "run")
        if is_wanted and fill is not None:
            fill(command)
    return root


def _fill_run(run: Parser) -> None:
    run.epilog = "'cado-sentinelone run ACTION --help' tells what the action takes."
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


def _fill_invoke(invoke: Parser) -> None:
    invoke.add_argument("--asset", metavar="FILE", help=_ASSET)
    _add_log_level(invoke)


def _fill_actions(actions: Parser) -> None:
    actions.add_argument("--json", action="store_true", help="with JSON Schemas")


def _fill_as_json(command: Parser) -> None:
    command.add_argument("--json", action="store_true", help="as one JSON document")


def _fill_render(render: Parser) -> None:
    render.add_argument("runner", metavar="RUNNER", help=_RUNNER)
    render.add_argument("--out", metavar="DIR", required=True, help="each goes to DIR/RUNNER")


def _fill_check(check: Parser) -> None:
    check.add_argument("folder", metavar="DIR", help="what render wrote")


def _fill_bundle(bundle: Parser) -> None:
    bundle.add_argument("runner", metavar="RUNNER", help=_RUNNER)
    bundle.add_argument("--out", metavar="DIR", required=True, help="existing folder")
    bundle.add_argument(
        "--wheels", metavar="DIR", default="", help="wheels, for runners that install offline"
    )


def _fill_sandbox(sandbox: Parser) -> None:
    sandbox.add_argument("--port", type=int, default=8787, help="0 takes any free one (8787)")
    sandbox.add_argument("--endpoints", type=int, default=2000, help="how many there are (2000)")
    sandbox.add_argument("--seed", type=int, default=1, help="same seed, same world (1)")
    sandbox.add_argument(
        "--faults", metavar="SPEC", default="", help="NAME[=VALUE][@PATH][%%P][*N];..."
    )
    sandbox.add_argument("--sites", type=int, default=12, help="how many sites it has (12)")
    sandbox.add_argument("--tenants", type=int, default=1, help="consoles, a port each (1)")
    sandbox.add_argument(
        "--presence", action="store_true", help="endpoints come and go as days pass"
    )
    sandbox.add_argument("--speed", type=float, default=600.0, help="how fast time runs (600)")
    sandbox.add_argument(
        "--live-endpoint", action="store_true", help="one endpoint really runs scripts, here"
    )
    sandbox.add_argument("--write-asset", metavar="FILE", help="write a ready asset file")


def _fill_fleet(fleet: Parser) -> None:
    kinds = fleet.add_subparsers(title="commands", metavar="COMMAND", dest="what", required=True)
    for name, (words, fill) in _FLEET.items():
        command = kinds.add_parser(name, help=words)
        command.add_argument(
            "--asset", metavar="FILE", action="append", help=f"{_ASSET}; once for each tenant"
        )
        fill(command)
        _add_log_level(command)


def _fill_fleet_plan(plan: argparse.ArgumentParser) -> None:
    _add_parameters(plan)
    plan.add_argument("--json", action="store_true", help="print it as one JSON document")


def _fill_fleet_run(run: argparse.ArgumentParser) -> None:
    _add_parameters(run)
    run.add_argument("--confirm", metavar="DIGEST", default="", help="what fleet plan has shown")
    run.add_argument(
        "--watch", action="store_true", help="see how it stands; a worker beside goes on by itself"
    )
    _add_threads(run)


def _fill_fleet_work(work: argparse.ArgumentParser) -> None:
    _add_fleet_id(work)
    work.add_argument("--until-done", action="store_true", help="end when none is left open")
    work.add_argument(
        "--celery", action="store_true", help="share the work over RabbitMQ (extra: celery)"
    )
    _add_threads(work)


def _fill_fleet_report(report: argparse.ArgumentParser) -> None:
    _add_fleet_id(report)
    report.add_argument("--html", metavar="FILE", default="", help="one page with plots and tables")
    report.add_argument("--csv", metavar="FILE", default="", help="a line for each endpoint")
    report.add_argument(
        "--json-lines", metavar="FILE", default="", help="the same, a JSON object a line"
    )


def _add_parameters(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--params", metavar="JSON", default="", help="of run_fleet_collection; - reads stdin"
    )
    command.add_argument(
        "-p", dest="pairs", metavar="NAME=VALUE", action="append", default=[], help="one of them"
    )


def _add_threads(command: argparse.ArgumentParser) -> None:
    command.add_argument("--threads", type=int, default=4, help="how many work at a time (4)")


def _add_fleet_id(command: argparse.ArgumentParser) -> None:
    command.add_argument("--fleet-id", default="", metavar="ID", help="this one, or this group")


def _no_more(command: argparse.ArgumentParser) -> None:
    """Nothing but the assets."""


_FLEET: Mapping[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "plan": ("which endpoints, what it takes, the digest to confirm", _fill_fleet_plan),
    "run": ("begin one and work on it until it has ended", _fill_fleet_run),
    "work": ("launch and follow those that were begun", _fill_fleet_work),
    "watch": ("see how they stand", _add_fleet_id),
    "report": ("what became of one, as a page or as rows", _fill_fleet_report),
    "doctor": ("workers, leases and budgets, as the ledger has them", _no_more),
}


def _fill_completion(completion: Parser) -> None:
    completion.add_argument("shell", choices=["bash", "zsh", "fish"])


def _add_log_level(command: argparse.ArgumentParser) -> None:
    default = os.environ.get("CADO_SENTINELONE_LOG_LEVEL", "").lower()
    levels = ["debug", "info", "warning", "error"]
    command.add_argument(
        "--log-level",
        choices=levels,
        default=default if default in levels else "warning",
        help="how much to log to stderr",
    )


def _nothing(command: Parser) -> None:
    """A command without options."""


_COMMANDS: Mapping[str, tuple[str, Callable[[Parser], None] | None]] = {
    "run": ("run one action and show what came of it", _fill_run),
    "invoke": ("one JSON request on stdin, one JSON outcome on stdout", _fill_invoke),
    "actions": ("list the actions and what they take", _fill_actions),
    "plugins": ("what is loaded, from where, what is broken", _fill_as_json),
    "runners": ("which SOAR products a bundle can be made for", _fill_as_json),
    "render": ("write a runner's files, to look at or build on", _fill_render),
    "check": ("look for what would not work in rendered files", _fill_check),
    "bundle": ("make the file that is uploaded to a runner", _fill_bundle),
    "sandbox": ("both vendors' APIs on this machine, to try with", _fill_sandbox),
    **{name: (words, None) for name, words in BESIDE.items()},
    "fleet": ("launch and follow collections over many endpoints", _fill_fleet),
    "demo": ("the main job end to end on an embedded sandbox", _nothing),
    "completion": ("print a shell's completion script", _fill_completion),
}
