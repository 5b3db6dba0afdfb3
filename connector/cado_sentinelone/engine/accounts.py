"""Accounts inside Cado with their health, which no single call tells (Cado contract 2)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr

from cado_sentinelone.clients.cado import Cado
from cado_sentinelone.clients.cado_records import CadoAccount, Pipeline
from cado_sentinelone.errors import (
    AnswerLostError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
)
from cado_sentinelone.models.account import Account, Health
from cado_sentinelone.models.run import Run

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 10.0


def accounts_with_health(cado: Cado, name: str = "") -> Iterator[Account]:
    """Every SentinelOne account; `name` narrows as the platform does, exactly or in part.

    Health is a filter of the listing; the issues of one that is not green take one call each.
    Raises as the Cado client does.
    """
    red = {one.name for one in cado.accounts(name=name, check_result="failure")}
    green = {one.name for one in cado.accounts(name=name, check_result="success")} - red
    for account in cado.accounts(name=name):
        health: Health = "grey"
        if account.name in red | green:
            health = "red" if account.name in red else "green"
        if health != "green":
            account = cado.account(account.name)
        yield _account(account, health)


def account_with_health(cado: Cado, name: str) -> Account:
    """One account with its issues. Raises NotFoundError."""
    account = cado.account(name)

    def has(check_result: str) -> bool:
        found = cado.accounts(account.type, name=name, check_result=check_result)
        return any(one.name == name for one in found)

    return _account(account, "red" if has("failure") else "green" if has("success") else "grey")


def add_account(cado: Cado, name: str, endpoint: str, token: SecretStr) -> None:
    """Adds the account. Raises ConflictError for a name that is taken, ForbiddenError."""
    # A taken name is looked for first: what Cado does with one is not documented.
    if _exists(cado, name):
        raise _taken(name)
    try:
        cado.add_account(name, endpoint, token)
    except ConflictError:
        raise _taken(name) from None
    except AnswerLostError as error:
        error.remedy = "Run list_accounts: Cado may have added it."
        if not _exists(cado, name):
            raise


def delete_account(cado: Cado, name: str) -> None:
    """Deletes the account. Raises NotFoundError, ForbiddenError."""
    try:
        cado.delete_account(name)
    except AnswerLostError as error:
        error.remedy = "Run list_accounts: Cado may have deleted it."
        if _exists(cado, name):
            raise


def checked_account(cado: Cado, name: str, run: Run, *, wait_seconds: float) -> Account:
    """The account after a check that is started now and followed for `wait_seconds` at most.

    Raises NotFoundError, ForbiddenError.
    """
    pipeline_id = cado.check_account(name)
    try:
        pipeline = _follow(cado, pipeline_id, run, wait_seconds)
    except ForbiddenError:
        # A Platform Administrator may start a check but not read pipelines (contract 0.3).
        run.warn(f"the key's role may not follow the check (pipeline {pipeline_id}); look later")
        return _with_check(account_with_health(cado, name), pipeline_id, None)
    if not pipeline.ended:
        run.warn(
            f"the check still runs (pipeline {pipeline_id}): health is that of the one before;"
            " run list_accounts or get_task_status later"
        )
    return _with_check(account_with_health(cado, name), pipeline_id, pipeline)


def _exists(cado: Cado, name: str) -> bool:
    try:
        cado.account(name)
    except NotFoundError:
        return False
    return True


def _taken(name: str) -> ConflictError:
    return ConflictError(
        f"Cado has an account {name!r} already",
        remedy="To rotate its token run delete_account, then add_account with the new token:"
        " an account cannot be changed.",
        vendor="cado",
    )


def _follow(cado: Cado, pipeline_id: int, run: Run, wait_seconds: float) -> Pipeline:
    waited, pause = 0.0, _FIRST_PAUSE_SECONDS
    while True:
        pipeline = cado.pipeline(pipeline_id)
        if pipeline.ended or waited >= wait_seconds:
            return pipeline
        run.progress(f"account check: {pipeline.status}")
        pause = min(pause, wait_seconds - waited)
        run.wait(pause)
        waited, pause = waited + pause, min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _with_check(account: Account, pipeline_id: int, check: Pipeline | None) -> Account:
    changes: dict[str, object] = {"check_pipeline_id": pipeline_id}
    if check is not None:
        changes["check_status"] = check.status
        reasons = [
            line
            for task in check.subtasks
            if task.state == "FAILURE"
            for line in task.progress_text or (task.name,)
        ]
        changes["issues"] = tuple(dict.fromkeys((*account.issues, *reasons)))
        if check.status == "failed" or check.summary.failure:
            changes["health"] = "red"
    return account.model_copy(update=changes)


def _account(account: CadoAccount, health: Health) -> Account:
    return Account(
        name=account.name,
        health=health,
        issues=tuple(str(issue) for issue in account.issues),
        account_type=account.type,
        public_identifier=account.public_identifier,
        last_used=account.last_used,
    )
