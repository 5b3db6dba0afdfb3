"""`fleet plan`: which endpoints a fleet collection would take, what it costs, what confirms it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from pydantic import ValidationError

from cado_sentinelone.console import quick
from cado_sentinelone.console.fleet import say
from cado_sentinelone.console.person import view_for
from cado_sentinelone.console.run import read_parameters
from cado_sentinelone.errors import ParamsError
from cado_sentinelone.fleet.group import digest_of, plan
from cado_sentinelone.fleet.plan import planned
from cado_sentinelone.fleet.request import FleetRequest
from cado_sentinelone.log import printable
from cado_sentinelone.models.problems import problems

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cado_sentinelone.engine.desk import Desk
    from cado_sentinelone.log import Mask

_ACTION = "run_fleet_collection"


def command(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> int:
    """Prints the plan of each asset and the digest of all; nothing is kept or sent."""
    request = request_of(parsed, desks, mask)
    shares = plan(request, desks)
    digest = digest_of(shares)
    plans = [planned(request, share.told) for share in shares]
    if parsed.json:
        document = {"digest": digest, "plans": [one.model_dump(mode="json") for one in plans]}
        print(json.dumps(document, indent=1))
        return 0
    view = view_for(sys.stdout)
    for desk, one in zip(desks, plans, strict=True):
        if len(desks) > 1:
            print(printable(f"{desk.asset.sentinelone_url}, {desk.asset.cado_account_name}"))
        record = one.model_dump(mode="json", exclude={"fleet_id", "state"})
        view.single(record)
        view.end()
    collectable = sum(one.collectable for one in plans)
    say(f"{collectable} endpoints would be collected; nothing was kept or sent")
    say(f"to begin: cado-sentinelone fleet run --watch --confirm {digest} and the same parameters")
    return 0


def request_of(parsed: argparse.Namespace, desks: Sequence[Desk], mask: Mask) -> FleetRequest:
    """The parameters of run_fleet_collection on the command line. Raises ParamsError."""
    try:
        given = read_parameters(parsed.params, parsed.pairs)
    except ValueError as error:
        raise ParamsError(str(error)) from None
    if getattr(parsed, "confirm", ""):
        given["confirm_digest"] = parsed.confirm
    if problem := quick.problem(_ACTION, given):
        raise problem
    mask.add(FleetRequest.secrets_in(given))
    try:
        request = FleetRequest.model_validate(given)
    except ValidationError as error:
        raise ParamsError(problems(error, FleetRequest.model_fields)) from None
    if request.via == "cado":
        for desk in desks:
            desk.asset.require("cado_account_name")
    return request
