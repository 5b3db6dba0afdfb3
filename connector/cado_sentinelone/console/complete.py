"""What may follow on the command line; the shells' completion scripts ask this at every tab."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from cado_sentinelone import discovery

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

Candidate = tuple[str, str]  # the word, and what it means


def print_candidates(words: Sequence[str]) -> int:
    """Prints a line per candidate for the last of `words`: the word, a tab, what it means."""
    for word, meaning in candidates(words):
        print(f"{word}\t{meaning}")
    return 0


def candidates(words: Sequence[str]) -> list[Candidate]:
    """What the last of `words` (what follows the program's name, up to the cursor) may become."""
    current = words[-1] if words else ""
    return [found for found in _possible(words[:-1], current) if found[0].startswith(current)]


def _possible(before: Sequence[str], current: str) -> Iterator[Candidate]:
    commands = _commands()
    if not before:
        yield from ((name, command.description or "") for name, command in commands.items())
        return
    command = commands.get(before[0])
    if command is None:
        return
    option = _option(command, before[-1])
    if option is not None and option.nargs != 0:
        if option.dest == "pairs" and (action := _action_name(command, before[1:])):
            yield from _pairs(action, before, current)
        yield from ((str(choice), "") for choice in option.choices or ())
    elif current.startswith("-"):
        for known in command._actions:
            yield from ((name, known.help or "") for name in known.option_strings)
    elif before[0] == "run" and not _action_name(command, before[1:]):
        yield from _actions()
    elif before[0] in ("render", "bundle") and not _action_name(command, before[1:]):
        yield from ((offer.name, "") for offer in discovery.offers(discovery.RUNNER_GROUP))
        yield "all", "every runner"
    else:
        for known in command._actions:
            if not known.option_strings:
                yield from ((str(choice), "") for choice in known.choices or ())


def _commands() -> Mapping[str, argparse.ArgumentParser]:
    from cado_sentinelone.arguments import parser

    for action in parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            for name, command in action.choices.items():
                command.description = helps.get(name)
            return action.choices
    return {}


def _option(command: argparse.ArgumentParser, word: str) -> argparse.Action | None:
    return command._option_string_actions.get(word)


def _action_name(command: argparse.ArgumentParser, words: Sequence[str]) -> str:
    """The action among the words after `run`: the first that belongs to no option."""
    takes_value = False
    for word in words:
        option = _option(command, word)
        if option is None and not takes_value and not word.startswith("-"):
            return word
        takes_value = option is not None and option.nargs != 0
    return ""


def _actions() -> Iterator[Candidate]:
    known = discovery.index()
    if all(offer.is_own for offer in discovery.offers()):
        yield from ((name, entry["summary"]) for name, entry in known.items())
        return
    from cado_sentinelone.host import load_catalogue

    for action in load_catalogue().actions():
        yield action.identifier, action.summary


def _pairs(action: str, before: Sequence[str], current: str) -> Iterator[Candidate]:
    """NAME= for what is not given yet, and NAME=VALUE where the values are known."""
    schema = _schema(action)
    given = {word.partition("=")[0] for word in before if "=" in word}
    for name, field in schema.get("properties", {}).items():
        if "=" not in current and name not in given:
            yield f"{name}=", field.get("description", "")
        elif current.startswith(f"{name}="):
            yield from ((f"{name}={value}", "") for value in _values(field, schema))


def _schema(action: str) -> Mapping[str, Any]:
    known = discovery.index().get(action)
    if known is not None:
        found: Mapping[str, Any] = known["params"]
        return found
    from cado_sentinelone.errors import ConnectorError
    from cado_sentinelone.host import find_action, params_schema

    try:
        return params_schema(find_action(action))
    except ConnectorError:
        return {}


def _values(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in field:
        yield from _values(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    for part in field.get("anyOf", ()):
        yield from _values(part, schema)
    if field.get("type") == "boolean":
        yield from ("true", "false")
    if "items" in field:
        yield from _values(field["items"], schema)
    yield from (str(choice) for choice in field.get("enum", ()) if choice != "")
