"""What a collection is worked on with: both vendors, the ledger and the run."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cado_sentinelone.models.asset import Asset
from cado_sentinelone.models.run import Run

if TYPE_CHECKING:
    from cado_sentinelone.clients.cado import Cado
    from cado_sentinelone.clients.sentinelone import SentinelOne
    from cado_sentinelone.engine.ledger import Ledger


class Desk:
    """One asset and one run with what they need, each made at its first use: the route through
    Cado works without the SentinelOne half of an asset.
    """

    def __init__(self, asset: Asset, run: Run) -> None:
        self.asset = asset
        self.run = run

    @cached_property
    def cado(self) -> Cado:
        """The Cado client. Raises AssetError for an asset without that half."""
        from cado_sentinelone.clients.cado import Cado

        self.asset.require("cado_url", "cado_api_key")
        return Cado(self.asset, self.run)

    @cached_property
    def sentinelone(self) -> SentinelOne:
        """The SentinelOne client. Raises AssetError for an asset without that half."""
        from cado_sentinelone.clients.sentinelone import SentinelOne

        self.asset.require("sentinelone_url", "sentinelone_token")
        return SentinelOne(self.asset, self.run)

    @property
    def ledger(self) -> Ledger:
        """The ledger that the asset names. Raises LedgerError."""
        return self.run.ledger(self.asset)
