import demistomock as demisto  # noqa: F401
from CommonServerPython import *  # noqa: F401

from cado_sentinelone_manifests.xsoar.presenter import Command, Shown, check_connection, show

COMMANDS = {
    'cado-s1-add-account': Command(
        'add_account',
        'CadoS1.Account',
        'name',
        ['name', 'health', 'issues', 'last_used', 'check_status'],
    ),
    'cado-s1-add-exclusions': Command(
        'add_exclusions',
        'CadoS1.Exclusion',
        '',
        ['pattern', 'os', 'scope', 'scope_id', 'state', 'reason'],
    ),
    'cado-s1-cancel-collection': Command(
        'cancel_collection',
        'CadoS1.Cancellation',
        'collection_id',
        ['collection_id', 'state', 'cancelled', 'not_cancelled'],
    ),
    'cado-s1-cancel-fleet-collection': Command(
        'cancel_fleet_collection',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'to_launch', 'under_way', 'ended', 'with_evidence'],
    ),
    'cado-s1-check-account': Command(
        'check_account',
        'CadoS1.Account',
        'name',
        ['name', 'health', 'issues', 'last_used', 'check_status'],
    ),
    'cado-s1-create-investigation': Command(
        'create_investigation',
        'CadoS1.Investigation',
        'investigation_id',
        ['investigation_id', 'name', 'created', 'link'],
    ),
    'cado-s1-delete-account': Command(
        'delete_account',
        'CadoS1.Account',
        'name',
        ['name'],
    ),
    'cado-s1-enrich-endpoint': Command(
        'enrich_endpoint',
        'CadoS1.Endpoint',
        '',
        ['verdict', 'malicious', 'suspicious', 'collections_total', 'evidence_total'],
    ),
    'cado-s1-get-collection-output': Command(
        'get_collection_output',
        'CadoS1.File',
        '',
        ['path', 'size_bytes', 'digest_sha256', 'kind'],
    ),
    'cado-s1-get-custody-record': Command(
        'get_custody_record',
        'CadoS1.Record',
        'collection_id',
        ['verified', 'entries_count', 'head_sha256', 'problems'],
    ),
    'cado-s1-get-endpoint': Command(
        'get_endpoint',
        'CadoS1.Endpoint',
        'agent_id',
        ['hostname', 'os', 'online', 'site_name', 'collectable', 'not_collectable_reason'],
    ),
    'cado-s1-get-findings': Command(
        'get_findings',
        'CadoS1.Finding',
        'collection_id',
        ['verdict', 'malicious', 'suspicious', 'hostnames', 'attack', 'link'],
    ),
    'cado-s1-get-fleet-status': Command(
        'get_fleet_status',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'to_launch', 'under_way', 'ended', 'with_evidence'],
    ),
    'cado-s1-get-task-status': Command(
        'get_task_status',
        'CadoS1.Status',
        'collection_id',
        ['state', 'progress', 'hostname', 'evidence_ids', 'error'],
    ),
    'cado-s1-list-accounts': Command(
        'list_accounts',
        'CadoS1.Account',
        'name',
        ['name', 'health', 'issues', 'last_used'],
    ),
    'cado-s1-list-collections': Command(
        'list_collections',
        'CadoS1.Collection',
        'collection_id',
        ['collection_id', 'state', 'hostname', 'investigation_name', 'created_at', 'error'],
    ),
    'cado-s1-list-endpoints': Command(
        'list_endpoints',
        'CadoS1.Endpoint',
        'agent_id',
        ['hostname', 'os', 'online', 'site_name', 'collectable', 'not_collectable_reason'],
    ),
    'cado-s1-list-exclusions': Command(
        'list_exclusions',
        'CadoS1.Exclusion',
        '',
        ['pattern', 'os', 'scope', 'scope_id', 'state', 'reason'],
    ),
    'cado-s1-list-fleet-collections': Command(
        'list_fleet_collections',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'to_launch', 'under_way', 'ended', 'with_evidence'],
    ),
    'cado-s1-list-fleet-endpoints': Command(
        'list_fleet_endpoints',
        'CadoS1.Endpoint',
        'collection_id',
        ['hostname', 'state', 'collection_id', 'evidence_ids', 'error'],
    ),
    'cado-s1-list-investigations': Command(
        'list_investigations',
        'CadoS1.Investigation',
        'investigation_id',
        ['investigation_id', 'name', 'status', 'malicious', 'suspicious', 'created_at'],
    ),
    'cado-s1-pause-fleet-collection': Command(
        'pause_fleet_collection',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'to_launch', 'under_way', 'ended', 'with_evidence'],
    ),
    'cado-s1-remove-exclusions': Command(
        'remove_exclusions',
        'CadoS1.Exclusion',
        '',
        ['pattern', 'os', 'scope', 'scope_id', 'state', 'reason'],
    ),
    'cado-s1-resume-fleet-collection': Command(
        'resume_fleet_collection',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'to_launch', 'under_way', 'ended', 'with_evidence'],
    ),
    'cado-s1-retry-fleet-collection': Command(
        'retry_fleet_collection',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'to_launch', 'under_way', 'ended', 'with_evidence'],
    ),
    'cado-s1-run-collection': Command(
        'run_collection',
        'CadoS1.Collection',
        'collection_id',
        ['collection_id', 'state', 'hostname', 'investigation_id', 'deduplicated'],
    ),
    'cado-s1-run-fleet-collection': Command(
        'run_fleet_collection',
        'CadoS1.FleetCollection',
        '',
        ['fleet_id', 'state', 'selected', 'collectable', 'offline', 'digest'],
    ),
    'cado-s1-search-timeline': Command(
        'search_timeline',
        'CadoS1.Event',
        'evidence_id',
        ['occurred_at', 'severity', 'hostname', 'summary', 'filename'],
    ),
    'cado-s1-test-connectivity': Command(
        'test_connectivity',
        'CadoS1.Diagnosis',
        '',
        ['name', 'status', 'detail', 'remedy'],
    ),
}


def results_of(command: Command, shown: Shown) -> CommandResults:
    """The platform's own results, with the next look where there is one."""
    scheduled = None
    if shown.next_look:
        name, args, seconds, timeout = shown.next_look
        scheduled = ScheduledCommand(
            command=name, next_run_in_seconds=seconds, args=args, timeout_in_seconds=timeout
        )
    return CommandResults(
        outputs_prefix=command.prefix,
        outputs_key_field=command.key or None,
        outputs=shown.outputs,
        readable_output=shown.readable,
        raw_response=shown.raw,
        scheduled_command=scheduled,
    )


def main() -> None:
    name = demisto.command()
    demisto.debug(f"Command being called is {name}")
    try:
        handle_proxy()
        if name == "test-module":
            return_results(check_connection(demisto.params()))
            return
        if name not in COMMANDS:
            raise NotImplementedError(f"Command {name} is not implemented.")
        command = COMMANDS[name]
        shown = show(command, demisto.params(), demisto.args())
        if shown.error:
            return_error(shown.error)
        return_results(results_of(command, shown))
    except Exception as error:
        return_error(f"Failed to execute {name} command.\nError:\n{error!s}")


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
