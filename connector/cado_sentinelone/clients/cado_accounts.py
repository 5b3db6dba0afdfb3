"""The accounts through which Cado reaches SentinelOne."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr

from cado_sentinelone.clients.cado_calls import CadoCalls, query, segment
from cado_sentinelone.clients.cado_records import CadoAccount, Started


class AccountCalls(CadoCalls):
    """Accounts and their checks (Cado contract 2). There is no update: rotate by delete and add."""

    def accounts(
        self, type: str = "sentinelone", name: str = "", check_result: str = ""
    ) -> Iterator[CadoAccount]:
        """Every account; an empty `type` means all types.

        `name` narrows as the platform does, which may be by part of the name. `check_result`
        (success, failure, cancelled, no_checks) is the only way to read an account's health.
        """
        params = query(type=type, account_name=name, account_check_result=check_result)
        return self.listing(CadoAccount, "/accounts", params)

    def account(self, name: str) -> CadoAccount:
        """One account with what its last check found wrong. Raises NotFoundError."""
        return self.one(CadoAccount, "GET", f"/accounts/{segment(name, 'an account')}")

    def add_account(self, name: str, endpoint: str, token: SecretStr) -> None:
        """Adds a SentinelOne account; whether its check starts by itself is not documented.

        Raises ConflictError when the name is taken, ForbiddenError.
        """
        self.hide(token)
        credential = {"endpoint": endpoint, "token": token.get_secret_value()}
        body = {
            "account_name": name,
            "account_type": "sentinelone",
            "credential_data": credential,
        }
        self.call("POST", "/accounts", body=body)

    def check_account(self, name: str) -> int:
        """The id of the pipeline that now checks the account. Raises NotFoundError, ForbiddenError."""
        return self.one(Started, "POST", "/accounts/check", body={"account_name": name}).pipeline_id

    def delete_account(self, name: str) -> None:
        """Deletes the account; the answer carries no object. Raises NotFoundError, ForbiddenError."""
        self.call("DELETE", f"/accounts/{segment(name, 'an account')}")
