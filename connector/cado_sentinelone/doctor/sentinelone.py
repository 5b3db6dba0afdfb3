"""The SentinelOne half: reachable, token, scope, permissions, RemoteOps on sites, exclusions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cado_sentinelone.clients.sentinelone import SentinelOne
from cado_sentinelone.clients.sentinelone_records import PermissionPage, User
from cado_sentinelone.clients.sentinelone_sites import REMOTE_OPS as RSO_MODULE
from cado_sentinelone.doctor.checks import Examination
from cado_sentinelone.doctor.permissions import add_permission_checks
from cado_sentinelone.engine.patterns import PATTERNS
from cado_sentinelone.errors import ConnectorError
from cado_sentinelone.log import printable
from cado_sentinelone.models.action import Run

REACHABLE = "SentinelOne: console reachable"
TOKEN = "SentinelOne: token accepted"  # noqa: S105 - the name of a check
SCOPE = "SentinelOne: scope of the service user"
MODULES = "SentinelOne: RemoteOps on the sites"
_EXPIRES_SOON = timedelta(days=30)
_MOST_NAMES = 10


def examine_sentinelone(exam: Examination, client: SentinelOne, run: Run, *, deep: bool) -> None:
    """Adds every check of SentinelOne to `exam`; never raises a ConnectorError."""
    exam.attempt(REACHABLE, lambda: _reachable(exam, client))
    if not exam.passed(REACHABLE):
        exam.add(TOKEN, "unknown", "not checked: the console cannot be reached")
        return
    user: list[User] = []
    exam.attempt(TOKEN, lambda: _token(exam, client, run, user))
    if not exam.passed(TOKEN) or not deep:
        return
    _scope(exam, user)
    _permissions(exam, client, user)
    exam.attempt(MODULES, lambda: _modules(exam, client))
    exam.attempt("SentinelOne: endpoints listed", lambda: _endpoints(exam, client))
    exam.attempt("SentinelOne: exclusions", lambda: _exclusions(exam, client))


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


def _modules(exam: Examination, client: SentinelOne) -> None:
    sites = [site for site in client.sites() if site.state in ("active", "")]
    without = [printable(site.name) for site in sites if RSO_MODULE not in site.modules]
    remedy = "Have RemoteOps (module rso) enabled on each site whose endpoints are collected."
    if not sites:
        exam.add(MODULES, "failed", "the token sees no active site", "Widen the token's scope.")
    elif len(without) == len(sites):
        exam.add(MODULES, "failed", f"none of {len(sites)} sites has RemoteOps", remedy)
    elif without:
        named = ", ".join(without[:_MOST_NAMES])
        more = f" and {len(without) - _MOST_NAMES} more" if len(without) > _MOST_NAMES else ""
        detail = f"{len(without)} of {len(sites)} sites have no RemoteOps: {named}{more}"
        exam.add(MODULES, "warning", detail, remedy)
    else:
        exam.add(MODULES, "ok", f"all {len(sites)} sites have RemoteOps")


def _endpoints(exam: Examination, client: SentinelOne) -> None:
    count = client.count()
    if count:
        exam.add("SentinelOne: endpoints listed", "ok", f"the token sees {count} endpoints")
    else:
        exam.add(
            "SentinelOne: endpoints listed",
            "failed",
            "the token sees no endpoint",
            "Widen the token's scope, or correct account_ids and site_ids in the asset.",
        )


def _exclusions(exam: Examination, client: SentinelOne) -> None:
    there = {exclusion.value.casefold() for exclusion in client.exclusions_in_scope()}
    for pattern in PATTERNS:
        name = f"exclusion: {pattern.value}"
        if pattern.value.casefold() in there:
            exam.add(name, "ok", f"there for {pattern.os}")
        else:
            exam.add(
                name,
                "warning",
                f"not found for {pattern.os}: the agent may stop the collection",
                "Run add_exclusions.",
            )
