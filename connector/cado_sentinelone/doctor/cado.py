"""The Cado half: reachable, key, role, licence, the account alias and its check."""

from __future__ import annotations

from urllib.parse import urlsplit

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_records import WhoAmI
from cado_sentinelone.doctor.checks import CheckStatus, Examination
from cado_sentinelone.errors import ConnectorError, NotFoundError
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

REACHABLE = "Cado: platform reachable"
KEY = "Cado: API key accepted"
ROLE = "Cado: role of the key"
LICENCE = "Cado: licence"
COLLECTOR = "Cado: Cado Host for via=remoteops"
ACCOUNT = "Cado: SentinelOne account"
ACCOUNT_CHECK = "Cado: account check"
LISTING = "Cado: endpoints listed"

# By the roles that each route requires (Cado contract 0.3).
_COLLECTS = {"Administrator", "Lead Analyst", "Analyst"}
_CREATES_INVESTIGATIONS = {"Administrator", "Lead Analyst"}
_OWN_COLLECTOR = "Give run_collection a collector_url of your own for via=remoteops."
_CHECKS_ACCOUNTS = {"Administrator", "Platform Administrator"}


def examine_cado(exam: Examination, client: Cado, asset: Asset, run: Run, *, deep: bool) -> None:
    """Adds every check of Cado to `exam`; never raises a ConnectorError."""
    identity: list[WhoAmI] = []
    error = exam.attempt(KEY, lambda: _key(exam, client, identity))
    if error is not None:
        if error.http_status is None:
            exam.add(REACHABLE, "failed", error.message, error.remedy)
        else:
            exam.add(REACHABLE, "ok", "it answers, though not to this key")
        return
    exam.attempt(REACHABLE, lambda: _reachable(exam, client))
    _role(exam, identity[0])
    if not deep:
        return
    exam.attempt(LICENCE, lambda: _licence(exam, client))
    _collector(exam, client)
    if not asset.cado_account_name:
        exam.add(
            ACCOUNT,
            "failed",
            "the asset lacks cado_account_name",
            "Set it to the account's alias under Settings > Accounts in Cado.",
        )
        return
    exam.attempt(ACCOUNT, lambda: _account(exam, client, asset))
    if exam.passed(ACCOUNT):
        exam.attempt(ACCOUNT_CHECK, lambda: _account_check(exam, client, asset))
        exam.attempt(LISTING, lambda: _listing(exam, client, asset))


def _key(exam: Examination, client: Cado, identity: list[WhoAmI]) -> None:
    identity.append(client.whoami())
    exam.add(KEY, "ok", f"it is the key of {identity[0].username}")


def _reachable(exam: Examination, client: Cado) -> None:
    status = client.system_status()
    detail = f"its status is {status.status}" + (
        f": {status.status_message}" if status.status_message else ""
    )
    if status.running:
        exam.add(REACHABLE, "ok", detail)
    else:
        exam.add(REACHABLE, "warning", detail, "Wait until the platform says that it is running.")


def _role(exam: Examination, identity: WhoAmI) -> None:
    role = identity.role
    if not role:
        exam.add(ROLE, "unknown", "the platform does not tell the key's role")
        return
    lacking = [
        what
        for what, roles in (
            ("run collections", _COLLECTS),
            ("create investigations", _CREATES_INVESTIGATIONS),
            ("check, add and delete accounts", _CHECKS_ACCOUNTS),
        )
        if role not in roles
    ]
    status: CheckStatus = "ok"
    if role not in _COLLECTS:
        status = "failed"
    elif role not in _CREATES_INVESTIGATIONS:
        status = "warning"
    detail = f"the key has the role {role}"
    if lacking:
        detail += f", which cannot {'; '.join(lacking)}"
    remedy = "" if status == "ok" else "Create a key with the role Lead Analyst."
    exam.add(ROLE, status, detail, remedy)


def _licence(exam: Examination, client: Cado) -> None:
    licence = client.licence()
    detail = f"its level is {licence.level or 'not told'}, it ends {licence.expiry_date or '?'}"
    if licence.level == "RESTRICTED":
        exam.add(LICENCE, "failed", detail, "Renew the licence: imports may be refused.")
    elif licence.level in ("FULL", "TRIAGE_ONLY"):
        exam.add(LICENCE, "ok", detail)
    else:
        exam.add(LICENCE, "unknown", detail)


def _collector(exam: Examination, client: Cado) -> None:
    try:
        link = client.cado_host_link("linux")
    except ConnectorError as error:
        detail = f"Cado does not say where Cado Host is: {error.message}"
        exam.add(COLLECTOR, "warning", detail, error.remedy or _OWN_COLLECTOR)
        return
    host = urlsplit(link).hostname
    if host:
        exam.add(COLLECTOR, "ok", f"endpoints download it from {host}")
    else:
        exam.add(COLLECTOR, "warning", "Cado gives no location for Cado Host", _OWN_COLLECTOR)


def _account(exam: Examination, client: Cado, asset: Asset) -> None:
    name = asset.cado_account_name
    try:
        account = client.account(name)
    except NotFoundError:
        there = ", ".join(sorted(account.name for account in client.accounts()))
        exam.add(
            ACCOUNT,
            "failed",
            f"Cado has no account {name!r}; its SentinelOne accounts: {there or 'none'}",
            "Correct cado_account_name, or add the account with add_account.",
        )
        return
    if account.type and account.type != "sentinelone":
        exam.add(ACCOUNT, "failed", f"{name!r} is a {account.type} account", "Correct the alias.")
        return
    exam.add(ACCOUNT, "ok", f"{name!r} is there")
    for issue in account.issues:
        remedy = "Mend it in the SentinelOne console, then run check_account."
        exam.add(f"{ACCOUNT}: {issue.service or 'issue'}", "failed", str(issue), remedy)
    theirs, ours = (
        urlsplit(url).hostname for url in (account.public_identifier, asset.sentinelone_url)
    )
    if theirs and ours and theirs != ours:
        exam.add(
            f"{ACCOUNT}: console",
            "warning",
            f"Cado's account is of {theirs}, the asset's console is {ours}",
            "Use the alias of the account that reaches the same console.",
        )


def _account_check(exam: Examination, client: Cado, asset: Asset) -> None:
    name = asset.cado_account_name
    found: tuple[tuple[str, CheckStatus, str, str], ...] = (
        ("success", "ok", "the last account check succeeded", ""),
        (
            "failure",
            "failed",
            "the last account check failed",
            "Run check_account for the reasons.",
        ),
        ("cancelled", "warning", "the last account check was cancelled", "Run check_account."),
        ("no_checks", "warning", "the account was never checked", "Run check_account."),
    )
    for result, status, detail, remedy in found:
        if any(account.name == name for account in client.accounts(name=name, check_result=result)):
            exam.add(ACCOUNT_CHECK, status, detail, remedy)
            return
    exam.add(ACCOUNT_CHECK, "unknown", "Cado does not tell the result of a check", "")


def _listing(exam: Examination, client: Cado, asset: Asset) -> None:
    device = next(client.devices(asset.cado_account_name, limit=1, page_size=1), None)
    if device is None:
        exam.add(
            LISTING,
            "failed",
            "Cado lists no endpoint of the account",
            "Check the scope of the token that Cado holds for the account.",
        )
    else:
        exam.add(LISTING, "ok", "Cado lists the endpoints of the account")
