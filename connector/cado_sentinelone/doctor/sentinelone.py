"""The SentinelOne half: reachable, token, scope, permissions, RemoteOps on sites, exclusions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.clients.sentinelone_records import PermissionPage, Site, User
from cado_sentinelone.clients.sentinelone_sites import REMOTE_OPS as RSO_MODULE
from cado_sentinelone.doctor.checks import Examination
from cado_sentinelone.doctor.coverage import add_exclusion_checks, names
from cado_sentinelone.doctor.permissions import add_permission_checks
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.log import printable
from cado_sentinelone.models.run import Run

REACHABLE = "SentinelOne: console reachable"
TOKEN = "SentinelOne: token accepted"  # noqa: S105 - the name of a check
SCOPE = "SentinelOne: scope of the service user"
MODULES = "SentinelOne: RemoteOps on the sites"
LISTING = "SentinelOne: endpoints listed"
EXCLUSIONS = "SentinelOne: exclusions"
_EXPIRES_SOON = timedelta(days=30)


def examine_sentinelone(exam: Examination, client: SentinelOne, run: Run, *, deep: bool) -> None:
    """Adds every check of SentinelOne to `exam`; never raises a ConnectorError."""
    exam.attempt(REACHABLE, lambda: _reachable(exam, client))
    if not exam.passed(REACHABLE):
        exam.add(TOKEN, "unknown", "not checked: the console cannot be reached")
        return
    user: list[User] = []
    exam.attempt(TOKEN, lambda: _token(exam, client, run, user))
    if not exam.passed(TOKEN):
        if deep:
            add_permission_checks(exam, None, "the token is not accepted, so its role is not known")
        return
    if not deep:
        return
    _scope(exam, user)
    _permissions(exam, client, user)
    exam.attempt(LISTING, lambda: _endpoints(exam, client))
    sites: list[Site] = []
    exam.attempt(MODULES, lambda: _modules(exam, client, sites))
    if sites:
        exam.attempt(EXCLUSIONS, lambda: add_exclusion_checks(exam, client, sites))


def _reachable(exam: Examination, client: SentinelOne) -> None:
    health = client.system_status()
    exam.add(REACHABLE, "ok", f"its health is {health or 'not told'}")


def _token(exam: Examination, client: SentinelOne, run: Run, user: list[User]) -> None:
    life = client.token_expiry()
    try:
        user.append(client.user())
        whose = f" of {printable(user[0].full_name or user[0].email)}"
    except ConnectorError as error:
        if error.kind != "forbidden":
            raise
        # A living token may still be refused here: nobody requires Users.view of it.
        client.count()
        whose = ""
    if life.expires_at is None:
        exam.add(TOKEN, "ok", f"the token{whose} is accepted; its expiry date is not told")
        return
    expiry = f"the token{whose} expires on {life.expires_at:%Y-%m-%d %H:%M} UTC"
    if life.expires_at <= run.utcnow():
        exam.add(TOKEN, "failed", expiry, "Create a new token for the service user.")
    elif life.expires_at - run.utcnow() < _EXPIRES_SOON:
        exam.add(TOKEN, "warning", expiry, "Renew it soon: running collections need it, too.")
    else:
        exam.add(TOKEN, "ok", expiry)


def _scope(exam: Examination, user: Sequence[User]) -> None:
    if not user or not user[0].scope:
        detail = "the token may not read its own user (Users > View)"
        exam.add(SCOPE, "unknown", detail, "Look in the console: account or global scope.")
    elif user[0].scope == "site":
        exam.add(
            SCOPE,
            "failed",
            "the service user has site scope",
            "Create it with account or global scope: Cado needs that, not site scope.",
        )
    else:
        exam.add(SCOPE, "ok", f"the service user has {user[0].scope} scope")


def _permissions(exam: Examination, client: SentinelOne, user: Sequence[User]) -> None:
    pages: Sequence[PermissionPage] | None = None
    why = "the token may not read its own user (Users > View), so its role is not known"
    if user:
        try:
            pages = client.permission_pages(user[0])
        except ConnectorError as error:
            why = f"the role cannot be read: {error.message}"
    add_permission_checks(exam, pages, why)


def _modules(exam: Examination, client: SentinelOne, sites: list[Site]) -> None:
    sites += [site for site in client.sites() if site.state in ("active", "")]
    without = [site.name for site in sites if RSO_MODULE not in site.modules]
    remedy = "Have RemoteOps (module rso) enabled on each site whose endpoints are collected."
    if not sites:
        exam.add(MODULES, "failed", "the token sees no active site", "Widen the token's scope.")
    elif len(without) == len(sites):
        exam.add(MODULES, "failed", f"none of {len(sites)} sites has RemoteOps", remedy)
    elif without:
        detail = f"{len(without)} of {len(sites)} sites have no RemoteOps: {names(without)}"
        exam.add(MODULES, "warning", detail, remedy)
    else:
        exam.add(MODULES, "ok", f"all {len(sites)} sites have RemoteOps")


def _endpoints(exam: Examination, client: SentinelOne) -> None:
    count = client.count()
    if count:
        exam.add(LISTING, "ok", f"the token sees {count} endpoints")
    else:
        exam.add(
            LISTING,
            "failed",
            "the token sees no endpoint",
            "Widen the token's scope, or correct account_ids and site_ids in the asset.",
        )
