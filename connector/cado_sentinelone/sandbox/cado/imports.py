"""Imports: one device, one pipeline, no idempotency (Cado contract 3.2)."""

from typing import Literal

from cado_sentinelone.sandbox.cado.asked import Body
from cado_sentinelone.sandbox.cado.devices import is_listed, sentinelone_account
from cado_sentinelone.sandbox.cado.launch import import_device
from cado_sentinelone.sandbox.cado.operation import Answer, Call, Operation
from cado_sentinelone.sandbox.cado.records import ImportOrder
from cado_sentinelone.sandbox.cado.refusal import Refusal, invalid, not_found
from cado_sentinelone.sandbox.cado.system import license_level


class HostOptions(Body):
    """How Cado Host collects; all may be left out."""

    collection_type: Literal["balanced", "custom"] = "balanced"
    light_mode: bool = False
    skip_scan: bool = False
    skip_ssl_verification: bool = False
    additional_files_only: bool = False
    groups: tuple[str, ...] = ()
    additional_files: tuple[str, ...] = ()


class XdrImport(Body):
    """One device to import. The investigation goes by `investigation_id` here."""

    account_name: str
    investigation_id: int
    device_id: str
    host_options: HostOptions


def import_xdr(call: Call, body: XdrImport) -> Answer:
    """Start a collection, each time anew. Whether it can succeed shows in its pipeline."""
    options = body.host_options
    if options.collection_type != "custom" and (options.groups or options.additional_files_only):
        raise invalid(
            "host_options: groups and additional_files_only need the collection_type custom"
        )
    if license_level(call) == "RESTRICTED":
        raise Refusal(403, "license.restricted", "The license does not allow imports")
    account = sentinelone_account(call, body.account_name)
    project = call.state.project(body.investigation_id)
    agent = call.state.world.agent(body.device_id)
    ours = call.state.world.accounts[0].account_id
    if agent is None or agent.account_id != ours or not is_listed(agent):
        raise not_found("device", body.device_id)
    wanted = f"Options: {options.model_dump_json(exclude_unset=True)}"
    order = ImportOrder(account, project, agent, call.user, wanted)
    return {"data": {"pipeline_id": import_device(call.state, order, call.path).pipeline_id}}


OPERATIONS = (
    Operation(
        "POST",
        "/import/xdr",
        "Start an import of an XDR Device",
        "import_data_triage",
        XdrImport,
        import_xdr,
        event="Import",
    ),
)
