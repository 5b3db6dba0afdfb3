"""The bare loop that a listing is held against: urllib3 and json, page after page, nothing kept.

argv: URL, token, and `read` to leave the pages undecoded or `count` to decode them. Prints how
many endpoints it saw, or how many bytes.
"""

import json
import sys
from urllib.parse import quote, unquote

import urllib3

url, token, what = sys.argv[1:]
pool = urllib3.PoolManager()
headers = {"Authorization": f"ApiToken {token}", "Accept-Encoding": "gzip"}
cursor, seen = "", 0
while True:
    query = "limit=1000" + (f"&cursor={quote(unquote(cursor), safe='')}" if cursor else "")
    body = pool.request("GET", f"{url}/web/api/v2.1/agents?{query}", headers=headers).data
    if what == "read":
        seen += len(body)
        # The cursor is at the end of the page; looking for it there costs nothing.
        tail = body[-600:].decode()
        page = {"pagination": json.loads(tail[tail.rindex('"pagination":') + 13 : -1])}
    else:
        page = json.loads(body)
        seen += len(page["data"])
    cursor = page["pagination"]["nextCursor"]
    if not cursor:
        break
print(seen)
