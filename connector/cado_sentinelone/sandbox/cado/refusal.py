"""What Cado answers to a request that it refuses."""

from starlette.responses import JSONResponse


class Refusal(Exception):
    """A refused request (Cado contract 0.2).

    The vendor publishes neither the HTTP statuses nor the vocabulary of `code`: both are this
    sandbox's own, along the contract's hints, and no client may branch on `code`.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        """Refuse with this HTTP status."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def response(self) -> JSONResponse:
        """The answer, in the platform's error envelope."""
        body = {"status": "error", "message": self.message, "code": self.code}
        return JSONResponse(body, status_code=self.status)


def invalid(message: str) -> Refusal:
    """The request does not make sense."""
    return Refusal(400, "request.invalid", message)


def unauthorized(message: str) -> Refusal:
    """The key opens nothing."""
    return Refusal(401, "auth.unauthorized", message)


def forbidden(message: str) -> Refusal:
    """The key is good, for other things."""
    return Refusal(403, "auth.forbidden", message)


def not_found(noun: str, key: object) -> Refusal:
    """There is no such thing, or no longer."""
    return Refusal(404, f"{noun}.not_found", f"There is no {noun} {key!r}")


def conflict(noun: str, message: str) -> Refusal:
    """What is there stands against it."""
    return Refusal(409, f"{noun}.conflict", message)
