"""The language of a timeline search (Cado contract 7).

`field:value`, `"quoted values"`, `*` and `?`, ranges `[a TO b]`, AND before OR, NOT, brackets and
free text. What the contract leaves open is decided so: terms side by side are joined by AND, case
does not matter, a value must match a whole field but for the texts of an event, where it may stand
anywhere, and a field that no event has matches nothing.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cado_sentinelone.sandbox.cado.events import FIELDS, Event
from cado_sentinelone.sandbox.cado.refusal import invalid

Matches = Callable[[Event], bool]

_TEXTS = frozenset({"short", "alarm_description"})
_SEARCHED_BY_FREE_TEXT = (
    "short",
    "alarm_description",
    "filename",
    "host",
    "user",
    "sha256",
    "executed_process",
)
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<range>\[\s*(?P<low>\S+)\s+TO\s+(?P<high>[^\s\]]+)\s*\])
      | "(?P<quoted>(?:[^"\\]|\\.)*)"
      | (?P<bracket>[()])
      | (?P<field>[A-Za-z_][\w.]*)\s*:
      | (?P<word>[^\s()\[\]":]+(?::[^\s()\[\]":]+)*)
    )""",
    re.VERBOSE,
)
_MOST_TOKENS = 200


class _Token(NamedTuple):
    kind: str
    text: str
    high: str = ""


def parse(text: str) -> Matches:
    """Whether an event is what the search asks for, as a function; an empty search asks for all.

    Raises:
        Refusal: the search makes no sense.
    """
    tokens = list(_tokens(text))
    if len(tokens) > _MOST_TOKENS:
        raise invalid("search_text: is too long")
    return _Parser(tokens).search() if tokens else lambda event: True


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise invalid(f"search_text: cannot be read from {text[place:].strip()!r} on")
        place = match.end()
        if match["range"]:
            yield _Token("range", match["low"], match["high"])
        elif match["quoted"] is not None:
            yield _Token("quoted", re.sub(r"\\(.)", r"\1", match["quoted"]))
        else:
            kind = next(kind for kind in ("bracket", "field", "word") if match[kind])
            word = match[kind]
            operator = kind == "word" and word in ("AND", "OR", "NOT")
            yield _Token(word if kind == "bracket" or operator else kind, word)


class _Parser:
    """Recursive descent, one method for each level of binding."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def search(self) -> Matches:
        matches = self._either()
        if self._kind() != "end":
            raise invalid(f"search_text: {self._take().text!r} stands where nothing may")
        return matches

    def _either(self) -> Matches:
        choices = [self._both()]
        while self._kind() == "OR":
            self._take()
            choices.append(self._both())
        return lambda event: any(matches(event) for matches in choices)

    def _both(self) -> Matches:
        terms = [self._term()]
        while self._kind() not in ("OR", ")", "end"):
            if self._kind() == "AND":
                self._take()
            terms.append(self._term())
        return lambda event: all(matches(event) for matches in terms)

    def _term(self) -> Matches:
        token = self._take()
        if token.kind == "NOT":
            inner = self._term()
            return lambda event: not inner(event)
        if token.kind == "(":
            inner = self._either()
            if self._take().kind != ")":
                raise invalid("search_text: a bracket is not closed")
            return inner
        if token.kind == "field":
            return _field_matches(token.text, self._take())
        if token.kind in ("word", "quoted"):
            return _free_text(token)
        raise invalid(f"search_text: {token.text or 'the end'!r} stands where a value should")

    def _kind(self) -> str:
        return self._tokens[self._place].kind if self._place < len(self._tokens) else "end"

    def _take(self) -> _Token:
        token = self._tokens[self._place] if self._place < len(self._tokens) else _Token("end", "")
        self._place += 1
        return token


def _field_matches(name: str, value: _Token) -> Matches:
    values = FIELDS.get(name, _no_values)
    if value.kind == "range":
        low, high = _bound(value.text, "-inf"), _bound(value.high, "inf")
        return lambda event: any(
            isinstance(item, float | int) and low <= item <= high for item in values(event)
        )
    if value.kind not in ("word", "quoted"):
        raise invalid(f"search_text: {name!r} is given no value")
    pattern = _pattern(value, anywhere=name in _TEXTS)
    return lambda event: any(pattern.fullmatch(_text(item)) for item in values(event))


def _no_values(_: Event) -> tuple[str | float, ...]:
    return ()


def _free_text(value: _Token) -> Matches:
    pattern = _pattern(value, anywhere=True)
    return lambda event: any(
        pattern.fullmatch(_text(item))
        for name in _SEARCHED_BY_FREE_TEXT
        for item in FIELDS[name](event)
    )


def _pattern(value: _Token, *, anywhere: bool) -> re.Pattern[str]:
    """The value as a pattern; in quotes a `*` is a `*`."""
    text = re.escape(value.text)
    if value.kind == "word":
        text = text.replace(r"\*", ".*").replace(r"\?", ".")
    if anywhere:
        text = f".*{text}.*"
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def _bound(text: str, open_end: str) -> float:
    try:
        return float(open_end if text == "*" else text)
    except ValueError:
        raise invalid(f"search_text: {text!r} is not a number") from None


def _text(item: str | float) -> str:
    return str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)
