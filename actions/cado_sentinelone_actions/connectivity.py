"""The doctor: is everything there that a collection needs?"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from cado_sentinelone.doctor.checks import Diagnosis, Examination
from cado_sentinelone.models.action import Action, Params, Run
from cado_sentinelone.models.asset import Asset
from cado_sentinelone.plugin import hookimpl


class TestConnectivityParams(Params):
    """The parameters of test_connectivity."""

    __test__ = False  # pytest would collect it for its name

    deep: bool = Field(
        True, description="Look at permissions, sites, exclusions, licence and account, too."
    )


def test_connectivity(asset: Asset, params: TestConnectivityParams, run: Run) -> Diagnosis:
    """Looks at everything that a collection needs and says what is missing, by name."""
    exam = Examination()
    run.progress("looking at SentinelOne")
    exam.attempt("SentinelOne: settings", lambda: _sentinelone(exam, asset, params, run))
    run.progress("looking at Cado")
    exam.attempt("Cado: settings", lambda: _cado(exam, asset, params, run))
    exam.attempt("ledger writable", lambda: _ledger(exam, asset, run))
    if not asset.verify_tls:
        exam.add("TLS", "warning", "verification is off", "Set ca_bundle and verify_tls=true.")
    diagnosis = exam.diagnosis()
    counts = {
        status: sum(check.status == status for check in diagnosis.checks)
        for status in ("failed", "warning", "unknown", "ok")
    }
    run.summary |= {"health": diagnosis.health, **counts}
    run.message = f"{diagnosis.health}: " + ", ".join(
        f"{count} {status}" for status, count in counts.items() if count
    )
    return diagnosis


test_connectivity.__test__ = False  # type: ignore[attr-defined]


def _sentinelone(exam: Examination, asset: Asset, params: TestConnectivityParams, run: Run) -> None:
    from cado_sentinelone.clients.sentinelone import SentinelOne
    from cado_sentinelone.doctor.sentinelone import examine_sentinelone

    asset.require("sentinelone_url", "sentinelone_token")
    examine_sentinelone(exam, SentinelOne(asset, run), run, deep=params.deep)


def _cado(exam: Examination, asset: Asset, params: TestConnectivityParams, run: Run) -> None:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.doctor.cado import examine_cado

    asset.require("cado_url", "cado_api_key")
    examine_cado(exam, Cado(asset, run), asset, run, deep=params.deep)


def _ledger(exam: Examination, asset: Asset, run: Run) -> None:
    run.ledger(asset).forget_exclusion("")
    exam.add("ledger writable", "ok", "it was opened and locked for writing")


@hookimpl
def cado_sentinelone_actions() -> Iterable[Action]:
    yield Action(
        identifier="test_connectivity",
        summary="Check both systems, the token, permissions, account, exclusions and ledger.",
        params=TestConnectivityParams,
        output=Diagnosis,
        run=test_connectivity,
        noun=("diagnosis", "diagnoses"),
        group="set-up",
        columns=("name", "status", "detail", "remedy"),
    )
