"""JSON that means one thing: a name that is there twice, or NaN, is refused and not guessed at.

Which of two values a reader takes differs between programs: what reviewed a request may have seen
the other one.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class NotOneJsonError(ValueError):
    """The text is not one JSON document; the message says where or why, and quotes no value."""


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 - JSON
    """The JSON value that `text` holds; a byte order mark before it is ignored.

    Raises NotOneJsonError.
    """
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except NotOneJsonError:
        raise
    except json.JSONDecodeError as error:
        raise NotOneJsonError(f"line {error.lineno}") from None
    except UnicodeDecodeError:
        raise NotOneJsonError("it is not UTF-8") from None
    except ValueError:
        raise NotOneJsonError("a number has too many digits") from None
    except RecursionError:
        raise NotOneJsonError("it is nested too deeply") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotOneJsonError(f"{twice!r} is there twice")
    return made


def _refuse(constant: str) -> NoReturn:
    raise NotOneJsonError(f"{constant} is not JSON")
