"""Parts of a stored object, as an object store hands them out (RFC 9110, section 14)."""

import re

from starlette.requests import Request
from starlette.responses import Response

_ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(request: Request, content: bytes, tag: str, media_type: str) -> Response:
    """The part that `request` asks for, or all of it where it asks for none or the tag has changed.

    Several ranges at once are ignored, as object stores do.
    """
    headers = {"etag": f'"{tag}"', "accept-ranges": "bytes"}
    asked = _ONE_RANGE.fullmatch(request.headers.get("range", ""))
    same = request.headers.get("if-range", headers["etag"]) == headers["etag"]
    if asked is None or not same or not (asked[1] or asked[2]):
        return Response(content, 200, headers, media_type)
    size = len(content)
    if asked[1]:
        start = int(asked[1])
        end = min(int(asked[2]), size - 1) if asked[2] else size - 1
    else:
        start, end = max(0, size - int(asked[2])), size - 1
    if start > end:
        return Response(
            "<Error><Code>InvalidRange</Code></Error>",
            416,
            {"content-range": f"bytes */{size}"},
            "application/xml",
        )
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return Response(content[start : end + 1], 206, headers, media_type)
