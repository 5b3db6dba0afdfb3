"""The endpoints that Cado can reach through SentinelOne, and collecting from one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cado_sentinelone.clients.cado_calls import CadoCalls, query
from cado_sentinelone.clients.cado_records import CadoHostLink, CadoHostScript, Device, Started
from cado_sentinelone.errors import ParamsError, VendorError

# All that the route takes; memory, max mode and file names are not among it (Cado contract 3.2).
HOST_OPTIONS = frozenset(
    {
        "collection_type",
        "light_mode",
        "skip_scan",
        "skip_ssl_verification",
        "additional_files_only",
        "groups",
        "additional_files",
    }
)


class ImportCalls(CadoCalls):
    """XDR devices and imports (Cado contract 3)."""

    def devices(
        self,
        account_name: str,
        *,
        hostname: str = "",
        os: str = "",
        limit: int | None = None,
        page_size: int = 100,
        cursor: str = "",
    ) -> Iterator[Device]:
        """Every device of the account; `hostname` and `os` narrow, exactly or in part.

        When `limit` stopped it, `next_cursor` in the run's summary says where to go on.
        """
        params = query(account_name=account_name, hostname=hostname, os=os)
        return self.cursored(
            Device,
            "/import/xdr/sentinelone",
            params,
            limit=limit,
            page_size=page_size,
            cursor=cursor,
        )

    def import_xdr(
        self,
        *,
        account_name: str,
        investigation_id: int,
        device_id: str,
        host_options: dict[str, Any],
    ) -> int:
        """The id of the pipeline that now collects from the device.

        The route has no idempotency key: a second call is a second collection, so nothing here
        repeats it. Raises AnswerLostError when the platform may have started it without our
        learning the pipeline, ParamsError for an option that the route does not have.
        """
        if unknown := sorted(set(host_options) - HOST_OPTIONS):
            raise ParamsError(f"Cado's import has no option {', '.join(unknown)}")
        body = {
            "account_name": account_name,
            "investigation_id": investigation_id,
            "device_id": device_id,
            "host_options": host_options,
        }
        return self.one(Started, "POST", "/import/xdr", body=body).pipeline_id

    def cado_host_script(
        self, *, project_id: int, os: str, options: dict[str, Any]
    ) -> CadoHostScript:
        """A fresh upload credential and the vendor's own script around it (Cado contract 4.1).

        Nothing on any endpoint happens by it, and every call gives another credential. Raises
        VendorError for an answer without a credential.
        """
        body = {
            "deployment": "auto",
            "os": os,
            "downloadable": True,
            "project_id": project_id,
            "command_options": options,
        }
        made = self.one(CadoHostScript, "POST", "/import/cado-host", body=body)
        if not made.presigned.get_secret_value():
            raise VendorError(
                "Cado answered without an upload credential (presigned_data)", vendor="cado"
            )
        self.hide(made.presigned)
        return made

    def cado_host_link(self, os: str) -> str:
        """Where the Cado Host binary for `os` is downloaded from."""
        return self.one(CadoHostLink, "GET", "/import/cado-host", query(os=os)).link
