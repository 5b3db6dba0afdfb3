"""The library of remote scripts (contract 7.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import SecretStr

from cado_sentinelone.clients.request import Form
from cado_sentinelone.clients.sentinelone_calls import batches, broken, envelope_of
from cado_sentinelone.clients.sentinelone_errors import BASE
from cado_sentinelone.clients.sentinelone_records import read
from cado_sentinelone.clients.sentinelone_scope import outside_the_pin
from cado_sentinelone.clients.sentinelone_script_records import RemoteScript, ScriptContent
from cado_sentinelone.clients.sentinelone_sites import SiteCalls
from cado_sentinelone.errors import InternalError, RefusedError

SCRIPT_TYPE = "artifactCollection"


class ScriptCalls(SiteCalls):
    """The part of the client that uploads, reads and deletes scripts."""

    def scripts(self, *, query: str = "", ids: Sequence[str] = ()) -> Iterator[RemoteScript]:
        """The scripts of the library that the scope allows, by words or by ids."""
        filters = [("query", query)] if query else []
        for part in batches(ids) if ids else [()]:
            wanted = [*filters, *([("ids", ",".join(part))] if part else [])]
            for rows in self.rows("remote-scripts", [*self.scope.query(), *wanted]):
                yield from (read(RemoteScript, row, "remote-scripts") for row in rows)

    def upload_script(
        self,
        *,
        name: str,
        file_name: str,
        content: SecretStr,
        os: Literal["windows", "linux"],
        scope_level: str,
        scope_id: str,
        runtime_limit_seconds: int,
        description: str,
    ) -> RemoteScript:
        """The new script. A second call makes a second script, so nothing here repeats it.

        Raises RefusedError for a scope outside the pin, AnswerLostError when it may be there.
        """
        self._check_scope(scope_level, scope_id)
        form: Form = [
            ("scriptName", name),
            ("scriptType", SCRIPT_TYPE),
            ("osTypes", os),
            ("scopeLevel", scope_level),
            ("scopeId", scope_id),
            ("inputRequired", "false"),
            ("scriptRuntimeTimeoutSeconds", str(runtime_limit_seconds)),
            ("scriptDescription", description),
            ("file", (file_name, content.get_secret_value().encode(), "application/terminal")),
        ]
        reply = self.transport.send("POST", f"{BASE}remote-scripts", form=form)
        return read(RemoteScript, envelope_of(reply).get("data"), "remote-scripts")

    def script_content(self, script_id: str) -> SecretStr:
        """The script's text as the console holds it. Raises NotFoundError."""
        route = "remote-scripts/script-content"
        return read(
            ScriptContent, self.call("GET", route, [("scriptId", script_id)]), route
        ).content

    def delete_scripts(self, script_ids: Sequence[str]) -> int:
        """How many scripts the console deleted; it answers with a number or with the scripts.

        Raises InternalError for no ids: the console would take an empty filter for everything.
        """
        if not script_ids or not all(script_ids):
            raise InternalError("a deletion of scripts has to name them")
        scope = {name: value.split(",") for name, value in self.scope.query()}
        body = {"filter": {"ids": list(script_ids)} | scope}
        reply = self.send("DELETE", "remote-scripts", body=body)
        content = envelope_of(reply).get("data")
        if isinstance(content, dict) and isinstance(content.get("affected"), int):
            return int(content["affected"])
        if isinstance(content, list):
            return len(content)
        raise broken(reply, "it does not say what was deleted")

    def _check_scope(self, level: str, scope_id: str) -> None:
        if level not in ("site", "account") or not scope_id:
            raise RefusedError(
                f"a script of scope {level or 'nothing'} would be seen beyond the endpoint's site",
                remedy="Collect an endpoint whose site the console names.",
            )
        pinned = self.scope.site_ids if level == "site" else self.scope.account_ids
        if pinned and scope_id not in pinned:
            raise outside_the_pin(level, [scope_id])
        if level == "account" and self.scope.site_ids:
            raise outside_the_pin(level, [scope_id])
