"""A console with one endpoint, on a free port: writes the asset file named in argv, then serves."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

AGENT_ID = "1913920934584665209"
AGENT = {
    "id": AGENT_ID,
    "uuid": "c06d63d9-9fa2-046d-e91e-dc94cf6695d8",
    "computerName": "host-1",
    "osType": "linux",
    "osName": "Linux",
    "isActive": True,
    "isDecommissioned": False,
    "isUninstalled": False,
    "networkStatus": "connected",
    "agentVersion": "23.4.2.14",
    "accountId": "1392053568574369781",
    "siteId": "1392053568582758390",
    "siteName": "Default site",
    "groupName": "Default Group",
    "externalIp": "198.51.100.7",
    "lastActiveDate": "2026-04-11T14:59:50.260336Z",
    "networkInterfaces": [{"inet": ["192.0.2.7"]}],
    "tags": {"sentinelone": []},
}
SITE = {
    "id": AGENT["siteId"],
    "name": "Default site",
    "accountId": AGENT["accountId"],
    "state": "active",
    "licenses": {"modules": [{"name": "rso"}]},
}
PAGE = {"totalItems": 1, "nextCursor": None}
ANSWERS = {
    "agents": {"data": [AGENT], "pagination": PAGE},
    "agents/count": {"data": {"total": 1}},
    "sites": {"data": {"allSites": {}, "sites": [SITE]}, "pagination": PAGE},
}
BODIES = {
    f"/web/api/v2.1/{route}": json.dumps(answer).encode() for route, answer in ANSWERS.items()
}


class Console(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer, or the client would wait for the second

    def do_GET(self) -> None:
        body = BODIES.get(self.path.partition("?")[0])
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a log would cost what is measured."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Console)
asset = {
    "sentinelone_url": f"http://127.0.0.1:{server.server_port}",
    "sentinelone_token": "bench",
    "allow_private_addresses": True,
}
Path(sys.argv[1]).write_text(json.dumps(asset) + "\n", encoding="utf-8")
server.serve_forever()
