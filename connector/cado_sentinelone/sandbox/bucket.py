"""Cado's bucket: takes uploads by pre-signed form and hands objects out by pre-signed link.

The form's policy is really enforced: signature, prefix, expiry by the world's clock, size. Errors
are S3's, in XML (Cado contract 4.1).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.faults import Faults
from cado_sentinelone.sandbox.ranges import ranged

NAME = "sandbox-cado-bucket"
_SECRET = b"sandbox bucket"
# As long as one of AWS is, so that a form is as long as a real one: it stands in the policy as well.
_SESSION_TOKEN = "sandbox/" * 150
_FORM_LIFE_SECONDS = 2 * 3600
_LINK_LIFE_SECONDS = 3600
_MOST_BYTES = 5 * 1024**3


class S3Error(Exception):
    """A refusal in the words of an object store."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep the parts of the answer."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def response(self) -> Response:
        """The answer."""
        text = f"<Error><Code>{self.code}</Code><Message>{self.message}</Message></Error>"
        return Response(
            f'<?xml version="1.0" encoding="UTF-8"?>\n{text}',
            self.status,
            media_type="application/xml",
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """One object."""

    key: str
    content: bytes
    sha256: str
    at: float


class Bucket:
    """The objects, and what happens when one arrives."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        """An empty bucket. `arrived` is called with each new object."""
        self._clock = clock
        self._faults = faults
        self.objects: dict[str, Stored] = {}
        self.arrived: Callable[[Stored], None] = lambda stored: None

    def form(self, folder: str, url: str) -> dict[str, object]:
        """A form that may put objects below `folder`, for two hours."""
        life = -60 if self._faults.on("credential_expired") else _FORM_LIFE_SECONDS
        policy = {
            "expiration": self._clock.iso(self._clock.now() + life),
            "conditions": [
                {"bucket": NAME},
                {"x-amz-security-token": _SESSION_TOKEN},
                ["starts-with", "$key", f"{folder}/"],
                ["content-length-range", 1, _MOST_BYTES],
            ],
        }
        encoded = base64.b64encode(json.dumps(policy).encode()).decode()
        return {
            "url": f"{url}/bucket",
            "fields": {
                "key": f"{folder}/${{filename}}",
                "x-amz-algorithm": "AWS4-HMAC-SHA256",
                "x-amz-credential": "SANDBOX/20260101/us-east-1/s3/aws4_request",
                "x-amz-date": "20260101T000000Z",
                "x-amz-security-token": _SESSION_TOKEN,
                "policy": encoded,
                "x-amz-signature": _signature(encoded),
            },
            "bucket": NAME,
            "folder": folder,
            "provider": "aws",
        }

    def put(self, fields: Mapping[str, str], filename: str, content: bytes) -> Stored:
        """The object that a form with these fields makes of a file.

        Raises:
            S3Error: the form does not allow it.
        """
        if self._faults.take("upload_refused"):
            raise S3Error(403, "AccessDenied", "Access Denied")
        policy = _policy_of(fields)
        if datetime.fromisoformat(policy["expiration"]).timestamp() <= self._clock.now():
            raise S3Error(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        key = fields.get("key", "").replace("${filename}", filename)
        for condition in policy["conditions"]:
            match condition:
                case ["starts-with", "$key", prefix] if not key.startswith(prefix):
                    words = f'Policy Condition failed: ["starts-with", "$key", "{prefix}"]'
                    raise S3Error(403, "AccessDenied", f"Invalid according to Policy: {words}")
                case ["content-length-range", least, most]:
                    if len(content) > most:
                        raise S3Error(400, "EntityTooLarge", "Your proposed upload is too large")
                    if len(content) < least:
                        raise S3Error(400, "EntityTooSmall", "Your proposed upload is too small")
        stored = Stored(key, content, hashlib.sha256(content).hexdigest(), self._clock.now())
        self.objects[key] = stored
        self.arrived(stored)
        return stored

    def link(self, key: str, url: str) -> str:
        """A link to the object, for an hour."""
        until = f"{self._clock.now() + _LINK_LIFE_SECONDS:.0f}"
        signed = f"X-Amz-Expires={_LINK_LIFE_SECONDS}&until={until}"
        return f"{url}/bucket/{quote(key)}?{signed}&X-Amz-Signature={_signature(key + until)}"

    def get(self, key: str, query: str) -> Stored:
        """The object behind a link.

        Raises:
            S3Error: the link is not signed so, is too old, or leads nowhere.
        """
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        until = asked.get("until", "")
        if not hmac.compare_digest(asked.get("X-Amz-Signature", ""), _signature(key + until)):
            raise S3Error(403, "SignatureDoesNotMatch", "The signature does not match")
        if float(until) <= self._clock.now():
            raise S3Error(403, "AccessDenied", "Request has expired")
        if key not in self.objects:
            raise S3Error(404, "NoSuchKey", "The specified key does not exist.")
        return self.objects[key]


def routes(bucket: Bucket) -> list[Route]:
    """Where the bucket is reached; it wants no token and refuses one."""

    async def put(request: Request) -> Response:
        try:
            _refuse_token(request)
            async with request.form() as form:
                file = form.get("file")
                if file is None or isinstance(file, str):
                    raise S3Error(400, "InvalidArgument", "POST requires exactly one file upload")
                fields = {name: value for name, value in form.items() if isinstance(value, str)}
                bucket.put(fields, file.filename or "", await file.read())
        except S3Error as error:
            return error.response()
        return Response(status_code=204)

    async def get(request: Request) -> Response:
        try:
            _refuse_token(request)
            stored = bucket.get(request.path_params["key"], request.url.query)
        except S3Error as error:
            return error.response()
        return ranged(request, stored.content, stored.sha256[:32], "application/octet-stream")

    return [
        Route("/bucket", put, methods=["POST"]),
        Route("/bucket/{key:path}", get, methods=["GET"]),
    ]


def _refuse_token(request: Request) -> None:
    if "authorization" in request.headers:
        raise S3Error(400, "InvalidArgument", "Only one auth mechanism allowed")


def _policy_of(fields: Mapping[str, str]) -> dict[str, Any]:
    encoded = fields.get("policy", "")
    if not hmac.compare_digest(fields.get("x-amz-signature", ""), _signature(encoded)):
        raise S3Error(403, "SignatureDoesNotMatch", "The signature does not match")
    policy: dict[str, Any] = json.loads(base64.b64decode(encoded))
    return policy


def _signature(text: str) -> str:
    return hmac.new(_SECRET, text.encode(), hashlib.sha256).hexdigest()
