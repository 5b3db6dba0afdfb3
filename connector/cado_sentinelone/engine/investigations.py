"""From what a user calls an investigation to the investigation."""

from __future__ import annotations

from collections.abc import Sequence

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_records import Investigation
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ConnectorError,
    NotFoundError,
    ParamsError,
)

LONGEST_NAME = 80


def resolve_investigation(cado: Cado, text: str, *, create: bool = False) -> Investigation:
    """The investigation with this id, or with exactly this name.

    Digits are an id, unless no investigation has it and one has it as its name. With `create`
    a name (never digits) that nobody has becomes a new investigation. Raises NotFoundError,
    ConflictError, ParamsError, ForbiddenError.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return _by_id(cado, text)
    if create:
        return create_investigation(cado, text, reuse=True)[0]
    found = named(cado, text)
    if found is None:
        raise NotFoundError(
            f"no investigation that the key can see is called {text!r}",
            remedy="Run list_investigations, or create_investigation to make it.",
            vendor="cado",
        )
    return found


def existing_investigation(cado: Cado, text: str) -> Investigation | None:
    """The investigation with this id or exactly this name; None for a name that nobody has.

    Raises as `resolve_investigation` does, NotFoundError for an id that there is not.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return _by_id(cado, text)
    return named(cado, text)


def create_investigation(
    cado: Cado,
    name: str,
    *,
    description: str = "",
    users: Sequence[str] = (),
    groups: Sequence[str] = (),
    reuse: bool = False,
) -> tuple[Investigation, bool]:
    """The investigation called `name`, and whether it was made now.

    Names are unique on the platform, so a lost answer is settled by looking. With `reuse` one
    that exists already is as good. Raises ConflictError naming the existing id, ParamsError,
    ForbiddenError, AnswerLostError.
    """
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ParamsError(f"an investigation's name has 1 to {LONGEST_NAME} characters")
    existing = named(cado, name)
    if existing is None:
        try:
            number = cado.create_investigation(name, description, users, groups)
            return Investigation(investigation_id=number, name=name, description=description), True
        except AnswerLostError as error:
            error.remedy = "Run it again with reuse=true: a name is never given twice."
            return _look_again(cado, name, error), True
        except (ConflictError, ParamsError) as error:
            # Which status a taken name gets is not documented (Cado contract 5).
            existing = _look_again(cado, name, error)
    if not reuse:
        raise ConflictError(
            f"investigation {existing.investigation_id} is already called {name!r}",
            remedy="Use it with reuse=true, or choose another name.",
            vendor="cado",
        )
    return existing, False


def named(cado: Cado, name: str) -> Investigation | None:
    """The investigation called exactly `name`, or None. Raises ConflictError for several."""
    # What the platform's name filter compares is not documented (Cado contract 5).
    found = [one for one in cado.investigations(name=name) if one.name == name]
    if len(found) > 1:
        ids = ", ".join(str(one.investigation_id) for one in found)
        raise ConflictError(
            f"several investigations are called {name!r}: {ids}",
            remedy="Give the id instead of the name.",
            vendor="cado",
        )
    return found[0] if found else None


def _by_id(cado: Cado, digits: str) -> Investigation:
    try:
        return cado.investigation(int(digits))
    except NotFoundError:
        found = named(cado, digits)
        if found is None:
            raise
        return found


def _look_again(cado: Cado, name: str, error: ConnectorError) -> Investigation:
    existing = named(cado, name)
    if existing is not None:
        return existing
    if isinstance(error, ConflictError):
        error.remedy = (
            "An investigation that the key cannot see has the name: choose another one, or have"
            " the key's user or group assigned to that one."
        )
    raise error
