"""List, add, check and delete the accounts through which Cado reaches SentinelOne."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import Field, SecretStr

from cado_sentinelone.errors import ParamsError
from cado_sentinelone.models.account import Account
from cado_sentinelone.models.action import Action, Output, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.plugin import hookimpl
from cado_sentinelone.urls import check_base_url

_WAIT = "How long to wait for the check's end, in seconds; it goes on without us."


class ListAccountsParams(Params):
    name: str = Field("", description="The account's name, or part of it.", examples=["s1-prod"])


class AddAccountParams(Params):
    name: str = Field(
        "",
        max_length=200,
        description="The new account's name in Cado; empty takes the asset's cado_account_name.",
        examples=["s1-prod"],
    )
    endpoint: str = Field(
        "",
        description="Base URL of the SentinelOne console; empty takes the asset's.",
        examples=["https://acme.sentinelone.net"],
        json_schema_extra={"soar": "url"},
    )
    token: SecretStr = Field(
        SecretStr(""),
        description="API token of a SentinelOne service user with account or global scope;"
        " empty takes the asset's.",
    )
    check: bool = Field(True, description="Have Cado check the account right away.")
    wait_seconds: float = Field(120, ge=0, le=3600, description=_WAIT)


class CheckAccountParams(Params):
    name: str = Field(
        "",
        description="The account's name; empty takes the asset's cado_account_name.",
        examples=["s1-prod"],
    )
    wait_seconds: float = Field(120, ge=0, le=3600, description=_WAIT)


class DeleteAccountParams(Params):
    name: str = Field(min_length=1, description="The account's exact name.", examples=["s1-prod"])


class DeletedAccount(Output):
    """The account that is gone."""

    name: str


def list_accounts(asset: Asset, params: ListAccountsParams, run: Run) -> Iterator[Account]:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.engine.accounts import accounts_with_health

    yield from accounts_with_health(Cado(asset, run), params.name)


def add_account(asset: Asset, params: AddAccountParams, run: Run) -> Account:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.engine import accounts

    name = _name(params.name, asset)
    endpoint = params.endpoint or asset.sentinelone_url
    token = params.token if params.token.get_secret_value() else asset.sentinelone_token
    if not endpoint or not token.get_secret_value():
        raise ParamsError(
            "an account needs the console's endpoint and a token: the asset has no"
            " sentinelone_url or sentinelone_token to take instead"
        )
    try:
        check_base_url(endpoint, field="endpoint", allow_private=asset.allow_private_addresses)
    except ValueError as error:
        raise ParamsError(str(error)) from None
    cado = Cado(asset, run)
    accounts.add_account(cado, name, endpoint, token)
    run.message = f"account {name} was added"
    if not params.check:
        return accounts.account_with_health(cado, name)
    account = accounts.checked_account(cado, name, run, wait_seconds=params.wait_seconds)
    run.message += f", its health is {account.health}"
    return account


def check_account(asset: Asset, params: CheckAccountParams, run: Run) -> Account:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.engine.accounts import checked_account

    name = _name(params.name, asset)
    account = checked_account(Cado(asset, run), name, run, wait_seconds=params.wait_seconds)
    run.message = f"the health of account {name} is {account.health}"
    return account


def delete_account(asset: Asset, params: DeleteAccountParams, run: Run) -> DeletedAccount:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.engine import accounts

    accounts.delete_account(Cado(asset, run), params.name)
    run.message = f"account {params.name} was deleted"
    return DeletedAccount(name=params.name)


def _name(name: str, asset: Asset) -> str:
    if name := name.strip() or asset.cado_account_name:
        return name
    raise ParamsError("name: is required, the asset has no cado_account_name to take instead")


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    noun = ("account", "accounts")
    columns = ("name", "health", "issues", "last_used")
    yield Action(
        identifier="list_accounts",
        summary="List Cado's SentinelOne accounts with their health and what is wrong with them.",
        params=ListAccountsParams,
        output=Account,
        run=list_accounts,
        noun=noun,
        group="accounts",
        uses=("cado",),
        columns=columns,
    )
    yield Action(
        identifier="add_account",
        summary="Give Cado a SentinelOne account, and have it checked.",
        params=AddAccountParams,
        output=Account,
        run=add_account,
        noun=noun,
        group="accounts",
        uses=("cado",),
        read_only=False,
        long_running=True,
        columns=(*columns, "check_status"),
    )
    yield Action(
        identifier="check_account",
        summary="Have Cado check a SentinelOne account now.",
        params=CheckAccountParams,
        output=Account,
        run=check_account,
        noun=noun,
        group="accounts",
        uses=("cado",),
        read_only=False,
        long_running=True,
        columns=(*columns, "check_status"),
    )
    yield Action(
        identifier="delete_account",
        summary="Take a SentinelOne account away from Cado.",
        params=DeleteAccountParams,
        output=DeletedAccount,
        run=delete_account,
        noun=noun,
        group="accounts",
        uses=("cado",),
        read_only=False,
        columns=("name",),
    )
