"""Accounts under their aliases, and their checks (Cado contract 2)."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field

from cado_sentinelone.sandbox.cado.asked import Body, Nothing, PageQuery
from cado_sentinelone.sandbox.cado.launch import check_account, problem_of
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.paging import numbered
from cado_sentinelone.sandbox.cado.records import CadoAccount
from cado_sentinelone.sandbox.cado.refusal import conflict, invalid
from cado_sentinelone.sandbox.cado.state import CadoState

AccountType = Literal[
    "aws",
    "gcp",
    "azure",
    "crowdstrike",
    "sentinelone",
    "defender",
    "microsoft_saas",
    "google_workspace",
    "darktrace",
]
_SENTINELONE_CREDENTIAL = {"endpoint", "token"}


class AccountsQuery(PageQuery):
    """Which accounts to list. Health is a filter, not a field."""

    account_name: str = ""
    type: tuple[AccountType, ...] = ()
    account_check_result: Literal["success", "failure", "cancelled", "no_checks", ""] = ""
    group_name: str = ""


class NewAccount(Body):
    """An account to add."""

    account_name: str = Field(min_length=1)
    account_type: AccountType
    default_creds: bool = False
    credential_data: dict[str, object] = Field(default_factory=dict)


class AccountName(Body):
    """The account to check."""

    account_name: str


def list_accounts(call: Call, query: AccountsQuery) -> Answer:
    """The accounts that pass all filters; no account is bound to a group here."""
    accounts = [
        account
        for account in call.state.accounts()
        if query.account_name.casefold() in account.name.casefold()
        and (not query.type or account.kind in query.type)
        and query.account_check_result in ("", check_result(call.state, account))
        and not query.group_name
    ]
    return numbered(accounts, query, lambda account: _listed(call, account))


def get_account(call: Call, _: Nothing) -> Answer:
    """One account, with the issues that its check has found."""
    account = call.state.account(call.path_params["account_name"])
    problem = problem_of(call.state, account)
    issue = {"service": "RemoteOps", "issue": problem, "issue_type": "missing_permission"}
    checked = check_result(call.state, account) != "no_checks"
    issues: list[dict[str, str]] | None = ([issue] if problem else []) if checked else None
    return {"data": _account(call, account) | {"account_issues": issues}}


def add_account(call: Call, body: NewAccount) -> Answer:
    """Keep the account. Its credentials are looked at only when it is checked or used."""
    if any(account.name == body.account_name for account in call.state.accounts()):
        raise conflict("account", "Account name already exists")
    if body.account_type == "sentinelone":
        account = _sentinelone_account(call, body)
    elif body.default_creds or body.credential_data:
        account = CadoAccount(
            call.state.number("account"), body.account_name, body.account_type, body.account_name
        )
    else:
        raise invalid("credential_data: Field required")
    call.state.add_account(account)
    return {"data": {"account_name": account.name}}


def delete_account(call: Call, _: Nothing) -> Answer:
    """Forget the account."""
    call.state.remove_account(call.state.account(call.path_params["account_name"]))
    return {}


def start_check(call: Call, body: AccountName) -> Answer:
    """A pipeline whose end is the account's new health."""
    account = call.state.account(body.account_name)
    check = check_account(call.state, account, call.user, call.now)
    return {"data": {"pipeline_id": check.pipeline_id}}


def check_result(state: CadoState, account: CadoAccount) -> str:
    """What the last check that has ended said; a fault speaks as if it had been there then."""
    ended = [check.status(state.now) for check in account.checks if check.ended_at(state.now)]
    if not ended:
        return "no_checks"
    if ended[-1] == "cancelled":
        return "cancelled"
    return "failure" if ended[-1] == "failed" or problem_of(state, account) else "success"


def _sentinelone_account(call: Call, body: NewAccount) -> CadoAccount:
    credential = body.credential_data
    for name in sorted(_SENTINELONE_CREDENTIAL ^ set(credential)):
        if name in credential:
            raise invalid(f"credential_data.{name}: Extra inputs are not permitted")
        raise invalid(f"credential_data.{name}: Field required")
    endpoint, token = credential["endpoint"], credential["token"]
    if not isinstance(endpoint, str) or not isinstance(token, str):
        raise invalid("credential_data: endpoint and token are strings")
    return CadoAccount(
        account_id=call.state.number("account"),
        name=body.account_name,
        kind="sentinelone",
        public_identifier=endpoint,
        problem=_problem(endpoint, token, call.base_url),
    )


def _problem(endpoint: str, token: str, own_url: str) -> str:
    """Why these credentials do not open a console; a token with "bad" in it never does."""
    url = urlsplit(endpoint)
    if endpoint.rstrip("/") != own_url and (url.scheme != "https" or not url.hostname):
        return "The endpoint is not the https URL of a SentinelOne console"
    return "The API token was refused" if not token or "bad" in token else ""


def _account(call: Call, account: CadoAccount) -> dict[str, object]:
    return {
        "id": account.account_id,
        "account_name": account.name,
        "type": account.kind,
        "public_identifier": account.public_identifier,
        "account_last_used": _ago(call.now, account.last_used_at),
    }


def _listed(call: Call, account: CadoAccount) -> dict[str, object]:
    check_id = account.checks[-1].pipeline_id if account.checks else None
    return _account(call, account) | {"account_check_id": check_id}


def _ago(now: float, moment: float | None) -> str | None:
    if moment is None:
        return None
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int((now - moment) // seconds)
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "a few seconds ago"


OPERATIONS = (
    Operation(
        "GET", "/accounts", "List accounts", "cloud_accounts_read", AccountsQuery, list_accounts
    ),
    Operation(
        "POST",
        "/accounts",
        "Add an account",
        "cloud_accounts_write",
        NewAccount,
        add_account,
        status=201,
        event="Create",
    ),
    Operation(
        "POST",
        "/accounts/check",
        "Trigger an account check",
        "cloud_accounts_write",
        AccountName,
        start_check,
        event="Create",
    ),
    Operation(
        "GET",
        "/accounts/{account_name}",
        "Get an account",
        "cloud_accounts_read",
        Nothing,
        get_account,
    ),
    Operation(
        "DELETE",
        "/accounts/{account_name}",
        "Delete an account",
        "cloud_accounts_write",
        Nothing,
        delete_account,
        event="Delete",
    ),
)
