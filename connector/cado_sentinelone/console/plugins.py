"""`plugins`: what is loaded, from where, what is broken and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cado_sentinelone.console.cells import cell
from cado_sentinelone.host import Catalogue, broken_indexes, load_catalogue
from cado_sentinelone.secret_plugins import secret_plugins

if TYPE_CHECKING:
    import argparse

    from cado_sentinelone.discovery import Offer


def command(parsed: argparse.Namespace) -> int:
    """Prints every plugin; exit status 1 when one is broken or two clash."""
    catalogue = load_catalogue()
    catalogue.build()
    rows = [*plugin_rows(catalogue), *source_rows()]
    if parsed.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            print(f"{row['distribution']} {row['version']}  {row['module']}: {row['status']}")
            print(f"  {cell(row['reason'] or row['actions'] or row['sources'])}")
    return 0 if all(row["status"] == "loaded" for row in rows) else 1


def plugin_rows(catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """One record per plugin that is loaded or broken, and per action that clashes."""
    loaded: dict[tuple[str, str], tuple[Offer, list[str]]] = {}
    for name, offered in sorted(catalogue.offered.items()):
        offer = offered.offer
        loaded.setdefault((offer.distribution, offer.module), (offer, []))[1].append(name)
    for offer, names in loaded.values():
        yield _row(offer, "loaded", names)
    broken: dict[tuple[str, str, str], tuple[Offer, list[str]]] = {}
    for one in [*catalogue.broken, *broken_indexes()]:
        key = (one.offer.distribution, one.offer.module, one.reason)
        broken.setdefault(key, (one.offer, []))[1].append(one.offer.name)
    for (_, _, reason), (offer, names) in broken.items():
        yield _row(offer, "broken", names, reason)
    for name, offers in sorted(catalogue.clashes.items()):
        for offer in offers:
            yield _row(offer, "clash", [name], f"{name} is offered by {catalogue.owners(name)}")


def source_rows() -> Iterator[dict[str, Any]]:
    """One record per plugin that adds a source of secrets."""
    for offer, reason in secret_plugins():
        status = "broken" if reason else "loaded"
        yield _row(offer, status, [], reason) | {"sources": [offer.name]}


def _row(offer: Offer, status: str, actions: list[str], reason: str = "") -> dict[str, Any]:
    return {
        "distribution": offer.distribution,
        "version": offer.version,
        "module": f"{offer.module}:{offer.attribute}".rstrip(":"),
        "status": status,
        "actions": actions,
        "sources": [],
        "reason": reason,
    }
