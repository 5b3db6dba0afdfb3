"""What each query parameter of a route may look like, and reading a query by that."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.sentinelone.errors import invalid

Value = str | int | bool | list[str] | list[bool]
Query = Mapping[str, Value]

MOMENTS = ("lt", "lte", "gt", "gte", "between")
"""The comparisons of a range; the names of their parameters end in `__lt` and so on."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One parameter. A list comes comma-separated; `most` and `least` count its items."""

    kind: str = "text"
    is_list: bool = False
    most: int | None = None
    least: int | None = None
    choices: frozenset[str] = frozenset()
    shortest: int = 0
    default: Value | None = None
    required: bool = False


Rules = Mapping[str, Rule]

TEXT = Rule()
IDENTIFIER = Rule("identifier")
BOOLEAN = Rule("boolean")
INTEGER = Rule("integer")
MOMENT = Rule("moment")
PERIOD = Rule("period")
TEXTS = Rule(is_list=True, most=5000)
BOOLEANS = Rule("boolean", is_list=True, most=5000)
IDENTIFIERS = Rule("identifier", is_list=True, most=5000)
SCOPE_IDS = Rule("identifier", is_list=True, most=500, least=1)


def each(rule: Rule, names: str) -> dict[str, Rule]:
    """The rule for each of these names."""
    return dict.fromkeys(names.split(), rule)


def one_of(choices: Iterable[str]) -> Rule:
    """One value of these."""
    return Rule(choices=frozenset(choices))


def any_of(choices: Iterable[str]) -> Rule:
    """A list of values of these."""
    return replace(TEXTS, choices=frozenset(choices))


def parts(most: int) -> Rule:
    """A list of parts of a text, two characters at least."""
    return Rule(is_list=True, most=most, shortest=2)


def ranges(names: str, comparisons: Iterable[str] = MOMENTS) -> dict[str, Rule]:
    """Every comparison of these moments."""
    return {
        f"{name}__{comparison}": PERIOD if comparison == "between" else MOMENT
        for name in names.split()
        for comparison in comparisons
    }


def paged(sort_by: str) -> dict[str, Rule]:
    """The parameters of a listing, sortable by these fields (contract 1.3)."""
    return {
        "skip": Rule("integer", least=0, most=1000),
        "limit": Rule("integer", least=1, most=1000, default=10),
        "cursor": TEXT,
        "countOnly": replace(BOOLEAN, default=False),
        "skipCount": BOOLEAN,
        "sortBy": one_of(sort_by.split()),
        "sortOrder": one_of(("asc", "desc")),
    }


def read_query(raw: str, rules: Rules) -> Query:
    """The parameters under their own names, converted; snake_case names are accepted too.

    A name that is repeated counts once, the first time: nothing is published about repetition.

    Raises:
        Refusal: a name is unknown or a value not valid, all of them named.
    """
    values: dict[str, Value] = {
        name: rule.default for name, rule in rules.items() if rule.default is not None
    }
    problems: dict[str, str] = {}
    given: dict[str, str] = {}
    for name, text in parse_qsl(raw, keep_blank_values=True):
        given.setdefault(_camel(name), text)
    given.pop("APIToken", None)
    unknown = [name for name in given if name not in rules]
    if unknown:
        problems[f"dict_values([{', '.join(map(repr, unknown))}])"] = "Unknown field"
    for name, text in given.items():
        if name in rules:
            try:
                values[name] = _convert(text, rules[name])
            except ValueError as problem:
                problems[name] = str(problem)
    for name, rule in rules.items():
        if rule.required and name not in given:
            problems[name] = "Missing data for required field."
    if problems:
        raise invalid(problems)
    return values


def _camel(name: str) -> str:
    """`parent_task_id__in` as `parentTaskId__in`."""
    field, *comparison = name.split("__")
    words = re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda match: match[1].upper(), field)
    return "__".join([words, *comparison])


def _convert(text: str, rule: Rule) -> Value:
    convert = _CONVERSIONS[rule.kind]
    if not rule.is_list:
        value = convert(text)
        _check(value, rule)
        return value
    items = [item.strip() for item in text.split(",") if item.strip()]
    if rule.least and len(items) < rule.least:
        raise ValueError(f"Shorter than minimum length {rule.least}.")
    if rule.most and len(items) > rule.most:
        raise ValueError(f"Longer than maximum length {rule.most}.")
    values = [convert(item) for item in items]
    for value in values:
        _check(value, replace(rule, least=None, most=None))
    return values  # type: ignore[return-value]


def _check(value: object, rule: Rule) -> None:
    if rule.choices and value not in rule.choices:
        raise ValueError(f'"{value}" is not a valid choice.')
    if isinstance(value, str) and len(value) < rule.shortest:
        raise ValueError(f"Shorter than minimum length {rule.shortest}.")
    if isinstance(value, int) and rule.least is not None and value < rule.least:
        raise ValueError(f"Must be at least {rule.least}.")
    if isinstance(value, int) and rule.most is not None and value > rule.most:
        raise ValueError(f"Must be at most {rule.most}.")


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in ("true", "false", "1", "0"):
        raise ValueError("Not a valid boolean.")
    return word in ("true", "1")


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError("Not a valid integer.")
    return int(text)


def identifier(text: str) -> str:
    """The text, if it is an id (contract 1.1).

    Raises:
        ValueError: it is none, in the console's words.
    """
    if not re.fullmatch(r"[1-9]\d{17,18}", text, re.ASCII):
        raise ValueError("Not a valid Identifier.")
    return text


def moment(text: str) -> str:
    """The moment in the form of the answers, so that two compare as texts do.

    Raises:
        ValueError: it is none, in the console's words.
    """
    try:
        read = datetime.fromisoformat(text)
        return Clock.iso(read.replace(tzinfo=read.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        raise ValueError("Not a valid datetime.") from None


def _period(text: str) -> str:
    if not re.fullmatch(r"\d+-\d+", text):
        raise ValueError("Not a valid range.")
    return text


_CONVERSIONS: Mapping[str, Callable[[str], str | int | bool]] = {
    "text": str,
    "identifier": identifier,
    "boolean": _boolean,
    "integer": _integer,
    "moment": moment,
    "period": _period,
}
