"""The report of a fleet collection: one page without a network, its numbers the ledger's."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files

from cado_sentinelone import __version__
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet import report_plots as plots
from cado_sentinelone.fleet.outcomes import Writable
from cado_sentinelone.fleet.report_figures import STATES, durations, history, quantile, rows_by
from cado_sentinelone.fleet.status import status_of
from cado_sentinelone.log import printable
from cado_sentinelone.models.fleet import Fleet
from cado_sentinelone.rendering import render_page

_PACKAGE = "cado_sentinelone.fleet"
_HERE = "THE-ENDPOINTS-STAND-HERE"
_BEFORE_END = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


def write_report(fleet: Fleet, desk: Desk, out: Writable) -> int:
    """Writes the page; how many endpoints are in it. What comes from endpoints is escaped (S16)."""
    head, _, tail = _page(fleet, desk).partition(_HERE)
    out.write(head)
    errors: dict[str, int] = {"": 0}
    count = 0
    out.write('{"rows":[')
    for row in _rows(fleet, desk, errors):
        out.write((",\n" if count else "\n") + _in_script(row))
        count += 1
    out.write(f'],"errors":{_in_script(list(errors))}}}')
    out.write(tail)
    return count


def _page(fleet: Fleet, desk: Desk) -> str:
    status = status_of(fleet, desk)
    moments = history(fleet, desk)
    width, bars = durations(fleet, desk)
    sites, more_sites = rows_by(fleet, desk, "site_id")
    systems, _ = rows_by(fleet, desk, "os")
    verdicts, _ = rows_by(fleet, desk, "verdict")
    script = files(_PACKAGE).joinpath("templates/report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return render_page(
        _PACKAGE,
        "report.html.j2",
        {
            "fleet": fleet,
            "status": status,
            "told_at": desk.run.utcnow(),
            "version": __version__,
            "states": [state for state in STATES if status.counts.get(state)],
            "paused_reason": printable(status.paused_reason),
            "requested_by": printable(fleet.requested_by) or "unknown",
            "investigation": printable(status.investigation),
            "errors": [
                (cause.endpoints, cause.state, printable(cause.error)) for cause in status.errors
            ],
            "groups": [
                ("By site", sites, more_sites),
                ("By operating system", systems, 0),
            ],
            "verdicts": [row for row in verdicts if row.name != "unknown"],
            "areas": plots.areas(moments, status.selected),
            "legend": [state for state in STATES if any(m.counts.get(state) for m in moments)],
            "time_ticks": plots.time_ticks(moments),
            "count_ticks": plots.count_ticks(status.selected),
            "bars": plots.histogram(bars, width),
            "bar_ticks": plots.duration_ticks(bars),
            "half": plots.duration(quantile(bars, 0.5, width)),
            "most": plots.duration(quantile(bars, 0.95, width)),
            "width": plots.WIDTH,
            "height": plots.HEIGHT,
            "here": _HERE,
            "script_digest": digest,
            "script": script,
        },
    )


def _rows(fleet: Fleet, desk: Desk, errors: dict[str, int]) -> Iterator[list[object]]:
    """Each endpoint as the page's table has it; `errors` grows by what was not said before."""
    names = fleet.request.get("site_names", {})
    for one in desk.ledger.members(fleet.fleet_id):
        took = None
        if one.requested_at and one.finished_at and one.finished_at >= one.requested_at:
            took = round((one.finished_at - one.requested_at).total_seconds())
        yield [
            printable(one.hostname),
            printable(one.os),
            printable(names.get(one.site_id) or one.site_id),
            one.state,
            one.verdict,
            took,
            one.requested_at and one.requested_at.isoformat(" ", "seconds")[:19],
            " ".join(map(str, one.evidence_ids)),
            errors.setdefault(printable(one.error), len(errors)),
        ]


def _in_script(value: object) -> str:
    """`value` as JSON that ends no script element, whatever an endpoint is called."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for sign, escaped in _BEFORE_END.items():
        text = text.replace(sign, escaped)
    return text
