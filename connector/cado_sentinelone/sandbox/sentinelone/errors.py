"""Refusals in the console's own words (contract 1.2)."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, PlainTextResponse, Response

DENIED = "User does not have required permissions."
"""What the console says to a user whose role does not reach so far."""


class Refusal(Exception):
    """A request that the console refuses, with the answer that says so."""

    def __init__(self, status: int, code: int, title: str, detail: str | None) -> None:
        """Keep the parts of the answer."""
        super().__init__(f"{status}: {title}: {detail}")
        self.status = status
        self.error = {"code": code, "detail": detail, "title": title}

    def response(self) -> Response:
        """The answer. Without a detail it is the 76 bytes that were seen, newline included."""
        body = JSONResponse({"errors": [self.error]}).body
        return Response(bytes(body) + b"\n", self.status, media_type="application/json")


def invalid(problems: str | Mapping[str, str]) -> Refusal:
    """400: a parameter or a body that does not validate."""
    if not isinstance(problems, str):
        problems = ", ".join(f"{name}: {problem}" for name, problem in problems.items())
    return Refusal(400, 4000010, "Validation Error", problems)


def already_exists(detail: str) -> Refusal:
    """400: a duplicate. The title is known, the numeric code is not: this one is made up."""
    return Refusal(400, 4000030, "Already Exists Error", detail)


def unauthenticated(detail: str | None = None) -> Refusal:
    """401: a dead token, and on many routes also a permission that is missing."""
    return Refusal(401, 4010010, "Authentication Failed", detail)


def forbidden(detail: str | None = None) -> Refusal:
    """403: the role or the scope does not reach so far."""
    return Refusal(403, 4030010, "Insufficient permissions", detail)


def not_found() -> Refusal:
    """404: the route exists, the thing does not."""
    return Refusal(404, 4040010, "Requested resource was not found", "")


def no_such_route() -> Response:
    """404 in plain text: nobody serves this path."""
    return PlainTextResponse("404 page not found", 404)
