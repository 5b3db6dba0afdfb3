"""Cado SentinelOne for Splunk SOAR; rendered, not written: change the actions instead."""

from cado_sentinelone_manifests.splunk_soar_sdk import presenter
from soar_sdk.abstract import SOARClient
from soar_sdk.action_results import OutputField, PermissiveActionOutput
from soar_sdk.app import App
from soar_sdk.asset import AssetField, BaseAsset
from soar_sdk.exceptions import ActionFailure, AssetMisconfiguration
from soar_sdk.logging import getLogger
from soar_sdk.params import Param, Params

logger = getLogger()


class Asset(BaseAsset):
    sentinelone_url: str | None = AssetField(description='Base URL of the SentinelOne console.')
    sentinelone_token: str | None = AssetField(description='API token of a SentinelOne service user with account or global scope.', sensitive=True)
    cado_url: str | None = AssetField(description='Base URL of the Cado platform.')
    cado_api_key: str | None = AssetField(description='Cado API key: the secret key shown once under Settings > API.', sensitive=True)
    cado_account_name: str | None = AssetField(description='Alias of the SentinelOne account inside Cado (Settings > Accounts).')
    account_ids: str | None = AssetField(description='SentinelOne account ids; when set, no request leaves without them.')
    site_ids: str | None = AssetField(description='SentinelOne site ids; when set, no request leaves without them.')
    verify_tls: bool | None = AssetField(description='Verify the TLS certificates of both vendors.', default=True)
    ca_bundle: str | None = AssetField(description='File with the private CA certificates, PEM.')
    proxy_url: str | None = AssetField(description='HTTP proxy for all calls; may carry a user and password.', sensitive=True)
    allow_private_addresses: bool | None = AssetField(description='Allow loopback, link-local and private base URLs.', default=False)
    use_private_api: bool | None = AssetField(description='Allow calls that SentinelOne does not publish: cancelling a task that was not sent yet, and finding a task whose id was lost.', default=False)
    timeout_seconds: float | None = AssetField(description='Longest time for one call to a vendor, in seconds.', default=30)
    total_timeout_seconds: float | None = AssetField(description='Longest time for one action without its waiting, in seconds.', default=300)
    ledger_url: str | None = AssetField(description="Where the ledger is: sqlite:///path or postgresql://user@host/database; empty means a file in the user's state directory.", sensitive=True)


app = App(
    name="Cado SentinelOne SDK",
    app_type="forensic",
    logo="logo.svg",
    logo_dark="logo_dark.svg",
    product_vendor="Darktrace",
    product_name="Forensic Acquisition and Investigation",
    publisher="cado-sentinelone",
    appid='3d0f3c35-4c61-4b0e-9b0f-6a8a52a5c9e4',
    fips_compliant=False,
    asset_cls=Asset,
)


class Summary(PermissiveActionOutput):
    """Counts and whatever the action adds."""


def tell(line: str) -> None:
    # As an argument: the text itself may hold what looks like a place to fill.
    logger.progress("%s", line)


def failed(failure: presenter.Failure) -> ActionFailure:
    return (AssetMisconfiguration if failure.is_asset else ActionFailure)(str(failure))


@app.test_connectivity()
def test_connectivity(soar: SOARClient, asset: Asset) -> None:
    """Tells what a collection would miss, with the remedy."""
    try:
        presenter.connect(asset, tell)
    except presenter.Failure as failure:
        raise failed(failure) from None


class AddAccountParams(Params):
    name: str | None = Param(description="The new account's name in Cado; empty takes the asset's cado_account_name.")
    endpoint: str | None = Param(description="Base URL of the SentinelOne console; empty takes the asset's.", primary=True, cef_types=['url'])
    token: str | None = Param(description="API token of a SentinelOne service user with account or global scope; empty takes the asset's.", sensitive=True)
    check: bool | None = Param(description='Have Cado check the account right away.', default=True)
    wait_seconds: float | None = Param(description="How long to wait for the check's end, in seconds; it goes on without us.", default=120)


class AddAccountOutput(PermissiveActionOutput):
    name: str | None = OutputField(column_name='Name')
    health: str | None = OutputField(example_values=['green'], column_name='Health')
    issues: list[str] | None = OutputField(column_name='Issues')
    account_type: str | None = None
    public_identifier: str | None = None
    last_used: str | None = OutputField(column_name='Last used')
    check_pipeline_id: int | None = OutputField(example_values=[12])
    check_status: str | None = OutputField(column_name='Check status')


@app.action(
    description='Give Cado a SentinelOne account, and have it checked.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def add_account(
    params: AddAccountParams, soar: SOARClient, asset: Asset
) -> list[AddAccountOutput]:
    try:
        return presenter.run(
            'add_account', asset, params, soar, AddAccountOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class AddExclusionsParams(Params):
    scope: str = Param(description='What kind of place the exclusions are for. tenant means every endpoint of the console.', value_list=['site', 'account', 'tenant', 'group'])
    scope_ids: str | None = Param(description='Ids of the sites, accounts or groups; none for tenant. Empty takes the ids that the asset pins.', allow_list=True)
    os: str | None = Param(description='The operating system whose patterns are meant.', default='all', value_list=['windows', 'linux', 'all'])
    mode: str | None = Param(description="SentinelOne's exclusion mode.", default='suppress', value_list=['suppress', 'suppress_dynamic_only', 'suppress_dfi_only', 'suppress_app_control', 'suppress_drift_detection', 'disable_in_process_monitor', 'disable_in_process_monitor_deep', 'disable_all_monitors', 'disable_all_monitors_deep'])
    dry_run: bool | None = Param(description='Say what would be created and create nothing.', default=False)


class AddExclusionsOutput(PermissiveActionOutput):
    pattern: str | None = OutputField(column_name='Pattern')
    os: str | None = OutputField(column_name='Os')
    state: str | None = OutputField(example_values=['created'], column_name='State')
    reason: str | None = OutputField(example_values=['INC-2187, suspected ransomware'], column_name='Reason')
    exclusion_id: str | None = None
    scope: str | None = OutputField(column_name='Scope')
    scope_id: str | None = OutputField(column_name='Scope id')
    mode: str | None = None


@app.action(
    description="Exclude Cado Host's three paths, so that the agent does not stop a collection.",
    verbose='',
    action_type='correct',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def add_exclusions(
    params: AddExclusionsParams, soar: SOARClient, asset: Asset
) -> list[AddExclusionsOutput]:
    try:
        return presenter.run(
            'add_exclusions', asset, params, soar, AddExclusionsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class CancelCollectionParams(Params):
    collection_id: str = Param(description='The collection to cancel.', primary=True, cef_types=['cado sentinelone collection id'])


class CancelCollectionOutput(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'], column_name='Collection id')
    state: str | None = OutputField(example_values=['planned'], column_name='State')
    cancelled: list[str] | None = OutputField(column_name='Cancelled')
    not_cancelled: list[str] | None = OutputField(column_name='Not cancelled')


@app.action(
    description='Cancel a collection and verify that it ended.',
    verbose='',
    action_type='investigate',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def cancel_collection(
    params: CancelCollectionParams, soar: SOARClient, asset: Asset
) -> list[CancelCollectionOutput]:
    try:
        return presenter.run(
            'cancel_collection', asset, params, soar, CancelCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class CancelFleetCollectionParams(Params):
    fleet_id: str = Param(description='The fleet collection, by its id.')
    under_way: bool | None = Param(description='Also call off what was launched, as far as the vendors can.', default=False)


class CancelFleetCollectionOutputErrors(PermissiveActionOutput):
    state: str | None = None
    error: str | None = None
    endpoints: int | None = OutputField(example_values=[12])


class CancelFleetCollectionOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    group_id: str | None = None
    state: str | None = OutputField(example_values=['planning'], column_name='State')
    terminal: bool | None = None
    paused_reason: str | None = None
    digest: str | None = None
    investigation: str | None = OutputField(example_values=['INC-2187'])
    via: str | None = None
    profile: str | None = None
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    to_launch: int | None = OutputField(example_values=[12], column_name='To launch')
    under_way: int | None = OutputField(example_values=[12], column_name='Under way')
    ended: int | None = OutputField(example_values=[12], column_name='Ended')
    with_evidence: int | None = OutputField(example_values=[12], column_name='With evidence')
    rate_per_minute: float | None = OutputField(example_values=[1.5])
    ended_per_minute: float | None = OutputField(example_values=[1.5])
    eta_minutes: float | None = OutputField(example_values=[1.5])
    eta_basis: str | None = None
    oldest_wait_hours: float | None = OutputField(example_values=[1.5])
    throttled: int | None = OutputField(example_values=[12])
    errors: list[CancelFleetCollectionOutputErrors] | None = None
    requested_by: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    expires_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='End a fleet collection: what was not launched never is.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def cancel_fleet_collection(
    params: CancelFleetCollectionParams, soar: SOARClient, asset: Asset
) -> list[CancelFleetCollectionOutput]:
    try:
        return presenter.run(
            'cancel_fleet_collection', asset, params, soar, CancelFleetCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class CheckAccountParams(Params):
    name: str | None = Param(description="The account's name; empty takes the asset's cado_account_name.")
    wait_seconds: float | None = Param(description="How long to wait for the check's end, in seconds; it goes on without us.", default=120)


class CheckAccountOutput(PermissiveActionOutput):
    name: str | None = OutputField(column_name='Name')
    health: str | None = OutputField(example_values=['green'], column_name='Health')
    issues: list[str] | None = OutputField(column_name='Issues')
    account_type: str | None = None
    public_identifier: str | None = None
    last_used: str | None = OutputField(column_name='Last used')
    check_pipeline_id: int | None = OutputField(example_values=[12])
    check_status: str | None = OutputField(column_name='Check status')


@app.action(
    description='Have Cado check a SentinelOne account now.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def check_account(
    params: CheckAccountParams, soar: SOARClient, asset: Asset
) -> list[CheckAccountOutput]:
    try:
        return presenter.run(
            'check_account', asset, params, soar, CheckAccountOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class CreateInvestigationParams(Params):
    name: str = Param(description='The name; no other investigation may have it.')
    description: str | None = Param(description='What it is about.')
    users: str | None = Param(description='Usernames of those who shall see it.', allow_list=True)
    groups: str | None = Param(description='Names of the groups who shall see it.', allow_list=True)
    reuse: bool | None = Param(description='Take the one that has this name, should there be one.', default=False)


class CreateInvestigationOutput(PermissiveActionOutput):
    investigation_id: int | None = OutputField(example_values=[12], column_name='Investigation id')
    name: str | None = OutputField(column_name='Name')
    description: str | None = None
    status: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    evidence_count: int | None = OutputField(example_values=[12])
    malicious: int | None = OutputField(example_values=[12])
    suspicious: int | None = OutputField(example_values=[12])
    created: bool | None = OutputField(column_name='Created')
    link: str | None = OutputField(cef_types=['url'], example_values=['https://cado.example.com/projects/12'], column_name='Link')


@app.action(
    description='Create an investigation in Cado, or take the one that has the name.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def create_investigation(
    params: CreateInvestigationParams, soar: SOARClient, asset: Asset
) -> list[CreateInvestigationOutput]:
    try:
        return presenter.run(
            'create_investigation', asset, params, soar, CreateInvestigationOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class DeleteAccountParams(Params):
    name: str = Param(description="The account's exact name.")


class DeleteAccountOutput(PermissiveActionOutput):
    name: str | None = OutputField(column_name='Name')


@app.action(
    description='Take a SentinelOne account away from Cado.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def delete_account(
    params: DeleteAccountParams, soar: SOARClient, asset: Asset
) -> list[DeleteAccountOutput]:
    try:
        return presenter.run(
            'delete_account', asset, params, soar, DeleteAccountOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class EnrichEndpointParams(Params):
    endpoint: str = Param(description='Agent id, agent UUID, hostname or IP address of the endpoint.', primary=True, cef_types=['host name', 'ip', 'sentinelone agent id'])


class EnrichEndpointOutputEndpoint(PermissiveActionOutput):
    agent_id: str | None = OutputField(cef_types=['sentinelone agent id'], example_values=['1913920934584665209'])
    agent_uuid: str | None = None
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'])
    os: str | None = None
    os_name: str | None = None
    online: bool | None = None
    last_seen: str | None = None
    ip_addresses: list[str] | None = OutputField(cef_types=['ip'], example_values=['192.0.2.17'])
    external_ip: str | None = OutputField(cef_types=['ip'], example_values=['192.0.2.17'])
    account_id: str | None = OutputField(cef_types=['sentinelone account id'], example_values=['1392053568574369781'])
    site_id: str | None = OutputField(cef_types=['sentinelone site id'], example_values=['1392053568582758390'])
    site_name: str | None = OutputField(example_values=['Default site'])
    group_name: str | None = None
    agent_version: str | None = None
    network_isolated: bool | None = None
    collectable: bool | None = None
    not_collectable_reason: str | None = None
    tags: list[str] | None = None
    rso_level: str | None = None
    site_rso_module: bool | None = None


class EnrichEndpointOutputCollections(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'])
    state: str | None = OutputField(example_values=['planned'])
    investigation_id: int | None = OutputField(example_values=[12])
    investigation_name: str | None = OutputField(example_values=['INC-2187'])
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    evidence_ids: list[int] | None = OutputField(example_values=[12])
    error: str | None = None


class EnrichEndpointOutputEvidence(PermissiveActionOutput):
    evidence_id: int | None = OutputField(example_values=[12])
    investigation_id: int | None = OutputField(example_values=[12])
    verdict: str | None = OutputField(example_values=['malicious'])
    malicious: int | None = OutputField(example_values=[12])
    suspicious: int | None = OutputField(example_values=[12])


class EnrichEndpointOutputIndicators(PermissiveActionOutput):
    indicator: str | None = None
    type: str | None = None
    description: str | None = None
    evidence_id: int | None = OutputField(example_values=[12])


class EnrichEndpointOutput(PermissiveActionOutput):
    endpoint: EnrichEndpointOutputEndpoint | None = None
    verdict: str | None = OutputField(example_values=['malicious'], column_name='Verdict')
    malicious: int | None = OutputField(example_values=[12], column_name='Malicious')
    suspicious: int | None = OutputField(example_values=[12], column_name='Suspicious')
    collections: list[EnrichEndpointOutputCollections] | None = None
    collections_total: int | None = OutputField(example_values=[12], column_name='Collections total')
    evidence: list[EnrichEndpointOutputEvidence] | None = None
    evidence_total: int | None = OutputField(example_values=[12], column_name='Evidence total')
    attack: list[str] | None = None
    indicators: list[EnrichEndpointOutputIndicators] | None = None
    indicators_total: int | None = OutputField(example_values=[12])
    link: str | None = None


@app.action(
    description='An endpoint, its collections, verdicts and indicators in one record.',
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def enrich_endpoint(
    params: EnrichEndpointParams, soar: SOARClient, asset: Asset
) -> list[EnrichEndpointOutput]:
    try:
        return presenter.run(
            'enrich_endpoint', asset, params, soar, EnrichEndpointOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class GetCollectionOutputParams(Params):
    collection_id: str = Param(description='A collection via=remoteops.', primary=True, cef_types=['cado sentinelone collection id'])
    folder: str = Param(description='Existing folder; the files go into one of their own below it, named after the collection.')


class GetCollectionOutputOutput(PermissiveActionOutput):
    path: str | None = OutputField(column_name='Path')
    size_bytes: int | None = OutputField(example_values=[12], column_name='Size bytes')
    digest_sha256: str | None = OutputField(cef_types=['sha256'], example_values=['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'], column_name='Digest sha256')
    kind: str | None = OutputField(column_name='Kind')


@app.action(
    description="Fetch what a collection's script wrote on the endpoint.",
    verbose='',
    action_type='investigate',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def get_collection_output(
    params: GetCollectionOutputParams, soar: SOARClient, asset: Asset
) -> list[GetCollectionOutputOutput]:
    try:
        return presenter.run(
            'get_collection_output', asset, params, soar, GetCollectionOutputOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class GetCustodyRecordParams(Params):
    collection_id: str = Param(description='From run_collection.', primary=True, cef_types=['cado sentinelone collection id'])
    json_file: str | None = Param(description='Write the record there, as a file that can be verified without us.')
    html_file: str | None = Param(description='Write one readable page there.')


class GetCustodyRecordOutputEntries(PermissiveActionOutput):
    number: int | None = OutputField(example_values=[12])
    at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    event: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    run_id: str | None = None
    note: str | None = None
    previous_sha256: str | None = OutputField(cef_types=['sha256'], example_values=['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'])
    sha256: str | None = OutputField(cef_types=['sha256'], example_values=['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'])


class GetCustodyRecordOutput(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'])
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'])
    state: str | None = OutputField(example_values=['planned'])
    verified: bool | None = OutputField(column_name='Verified')
    problems: list[str] | None = OutputField(column_name='Problems')
    entries_count: int | None = OutputField(example_values=[12], column_name='Entries count')
    head_sha256: str | None = OutputField(cef_types=['sha256'], example_values=['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'], column_name='Head sha256')
    entries: list[GetCustodyRecordOutputEntries] | None = None
    files: list[str] | None = None


@app.action(
    description='The hash-chained record of a collection, and whether it verifies.',
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def get_custody_record(
    params: GetCustodyRecordParams, soar: SOARClient, asset: Asset
) -> list[GetCustodyRecordOutput]:
    try:
        return presenter.run(
            'get_custody_record', asset, params, soar, GetCustodyRecordOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class GetEndpointParams(Params):
    endpoint: str = Param(description='Agent id, agent UUID, hostname or IP address.', primary=True, cef_types=['host name', 'ip', 'sentinelone agent id'])


class GetEndpointOutput(PermissiveActionOutput):
    agent_id: str | None = OutputField(cef_types=['sentinelone agent id'], example_values=['1913920934584665209'])
    agent_uuid: str | None = None
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'], column_name='Hostname')
    os: str | None = OutputField(column_name='Os')
    os_name: str | None = None
    online: bool | None = OutputField(column_name='Online')
    last_seen: str | None = None
    ip_addresses: list[str] | None = OutputField(cef_types=['ip'], example_values=['192.0.2.17'])
    external_ip: str | None = OutputField(cef_types=['ip'], example_values=['192.0.2.17'])
    account_id: str | None = OutputField(cef_types=['sentinelone account id'], example_values=['1392053568574369781'])
    site_id: str | None = OutputField(cef_types=['sentinelone site id'], example_values=['1392053568582758390'])
    site_name: str | None = OutputField(example_values=['Default site'], column_name='Site name')
    group_name: str | None = None
    agent_version: str | None = None
    network_isolated: bool | None = None
    collectable: bool | None = OutputField(column_name='Collectable')
    not_collectable_reason: str | None = OutputField(column_name='Not collectable reason')
    tags: list[str] | None = None
    rso_level: str | None = None
    site_rso_module: bool | None = None


@app.action(
    description='Look one endpoint up by agent id, UUID, hostname or IP address.',
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def get_endpoint(
    params: GetEndpointParams, soar: SOARClient, asset: Asset
) -> list[GetEndpointOutput]:
    try:
        return presenter.run(
            'get_endpoint', asset, params, soar, GetEndpointOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class GetFindingsParams(Params):
    collection_id: str | None = Param(description='What run_collection gave.', primary=True, cef_types=['cado sentinelone collection id'])
    evidence_id: int | None = Param(description='Id of an evidence in Cado.')
    investigation: str | None = Param(description="The investigation's id or exact name.")


class GetFindingsOutputAlarms(PermissiveActionOutput):
    description: str | None = None
    severity: str | None = None
    attack: list[str] | None = None
    in_files: int | None = OutputField(example_values=[12])
    in_events: int | None = OutputField(example_values=[12])
    total: int | None = OutputField(example_values=[12])


class GetFindingsOutputIndicators(PermissiveActionOutput):
    indicator: str | None = None
    type: str | None = None
    description: str | None = None
    evidence_id: int | None = OutputField(example_values=[12])


class GetFindingsOutput(PermissiveActionOutput):
    verdict: str | None = OutputField(example_values=['malicious'], column_name='Verdict')
    malicious: int | None = OutputField(example_values=[12], column_name='Malicious')
    suspicious: int | None = OutputField(example_values=[12], column_name='Suspicious')
    informational: int | None = OutputField(example_values=[12])
    alarms: list[GetFindingsOutputAlarms] | None = None
    attack: list[str] | None = OutputField(column_name='Attack')
    indicators: list[GetFindingsOutputIndicators] | None = None
    hostnames: list[str] | None = OutputField(cef_types=['host name'], example_values=['lap-0042'], column_name='Hostnames')
    evidence_ids: list[int] | None = OutputField(example_values=[12])
    investigation_id: int | None = OutputField(example_values=[12])
    investigation_name: str | None = OutputField(example_values=['INC-2187'])
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'])
    link: str | None = OutputField(cef_types=['url'], example_values=['https://cado.example.com/projects/12'], column_name='Link')


@app.action(
    description='Read the verdict, the alarms and the indicators of what was collected.',
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def get_findings(
    params: GetFindingsParams, soar: SOARClient, asset: Asset
) -> list[GetFindingsOutput]:
    try:
        return presenter.run(
            'get_findings', asset, params, soar, GetFindingsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class GetFleetStatusParams(Params):
    fleet_id: str = Param(description='The fleet collection, by its id.')
    work_seconds: float | None = Param(description='Work on it for so long before telling, where no worker runs.', default=0)


class GetFleetStatusOutputErrors(PermissiveActionOutput):
    state: str | None = None
    error: str | None = None
    endpoints: int | None = OutputField(example_values=[12])


class GetFleetStatusOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    group_id: str | None = None
    state: str | None = OutputField(example_values=['planning'], column_name='State')
    terminal: bool | None = None
    paused_reason: str | None = None
    digest: str | None = None
    investigation: str | None = OutputField(example_values=['INC-2187'])
    via: str | None = None
    profile: str | None = None
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    to_launch: int | None = OutputField(example_values=[12], column_name='To launch')
    under_way: int | None = OutputField(example_values=[12], column_name='Under way')
    ended: int | None = OutputField(example_values=[12], column_name='Ended')
    with_evidence: int | None = OutputField(example_values=[12], column_name='With evidence')
    rate_per_minute: float | None = OutputField(example_values=[1.5])
    ended_per_minute: float | None = OutputField(example_values=[1.5])
    eta_minutes: float | None = OutputField(example_values=[1.5])
    eta_basis: str | None = None
    oldest_wait_hours: float | None = OutputField(example_values=[1.5])
    throttled: int | None = OutputField(example_values=[12])
    errors: list[GetFleetStatusOutputErrors] | None = None
    requested_by: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    expires_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='Tell how a fleet collection stands, in numbers that add up.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def get_fleet_status(
    params: GetFleetStatusParams, soar: SOARClient, asset: Asset
) -> list[GetFleetStatusOutput]:
    try:
        return presenter.run(
            'get_fleet_status', asset, params, soar, GetFleetStatusOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class GetTaskStatusParams(Params):
    collection_id: str | None = Param(description='From run_collection.', primary=True, cef_types=['cado sentinelone collection id'])
    pipeline_id: int | None = Param(description="Cado's pipeline.")
    parent_task_id: str | None = Param(description="SentinelOne's parent task.")
    wait_seconds: float | None = Param(description='How long to follow it before returning.', default=0)


class GetTaskStatusOutputSteps(PermissiveActionOutput):
    pipeline_id: int | None = OutputField(example_values=[12])
    task_id: str | None = None
    pipeline: str | None = None
    name: str | None = None
    name_key: str | None = None
    state: str | None = None
    progress: list[str] | None = None
    started_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


class GetTaskStatusOutput(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'])
    state: str | None = OutputField(example_values=['planned'], column_name='State')
    terminal: bool | None = None
    progress: int | None = OutputField(example_values=[12], column_name='Progress')
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'], column_name='Hostname')
    investigation_id: int | None = OutputField(example_values=[12])
    pipeline_id: int | None = OutputField(example_values=[12])
    parent_task_id: str | None = None
    pending_execution_id: str | None = None
    steps: list[GetTaskStatusOutputSteps] | None = None
    evidence_ids: list[int] | None = OutputField(example_values=[12], column_name='Evidence ids')
    error: str | None = OutputField(column_name='Error')
    started_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='Follow a collection to its evidence and say where it is.',
    verbose='',
    action_type='investigate',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def get_task_status(
    params: GetTaskStatusParams, soar: SOARClient, asset: Asset
) -> list[GetTaskStatusOutput]:
    try:
        return presenter.run(
            'get_task_status', asset, params, soar, GetTaskStatusOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListAccountsParams(Params):
    name: str | None = Param(description="The account's name, or part of it.")


class ListAccountsOutput(PermissiveActionOutput):
    name: str | None = OutputField(column_name='Name')
    health: str | None = OutputField(example_values=['green'], column_name='Health')
    issues: list[str] | None = OutputField(column_name='Issues')
    account_type: str | None = None
    public_identifier: str | None = None
    last_used: str | None = OutputField(column_name='Last used')
    check_pipeline_id: int | None = OutputField(example_values=[12])
    check_status: str | None = None


@app.action(
    description="List Cado's SentinelOne accounts with their health and what is wrong with them.",
    verbose='',
    action_type='generic',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_accounts(
    params: ListAccountsParams, soar: SOARClient, asset: Asset
) -> list[ListAccountsOutput]:
    try:
        return presenter.run(
            'list_accounts', asset, params, soar, ListAccountsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListCollectionsParams(Params):
    state: str | None = Param(description='Only these states.', allow_list=True)
    endpoint: str | None = Param(description='Agent id or hostname, exactly.', primary=True, cef_types=['host name', 'ip', 'sentinelone agent id'])
    investigation: str | None = Param(description='Investigation id or exact name.')
    since: str | None = Param(description='Created at or after this time.')
    limit: int | None = Param(description='At most so many; default all.')
    refresh: bool | None = Param(description='Look at the open ones in Cado first; default is the ledger as it is.', default=False)


class ListCollectionsOutput(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'], column_name='Collection id')
    dedupe_key: str | None = None
    state: str | None = OutputField(example_values=['planned'], column_name='State')
    route: str | None = OutputField(example_values=['cado'])
    agent_id: str | None = None
    agent_uuid: str | None = None
    hostname: str | None = OutputField(column_name='Hostname')
    os: str | None = None
    site_id: str | None = None
    account_id: str | None = None
    device_id: str | None = None
    investigation_id: int | None = OutputField(example_values=[12])
    investigation_name: str | None = OutputField(example_values=['INC-2187'], column_name='Investigation name')
    profile: str | None = OutputField(example_values=['balanced'])
    reason: str | None = OutputField(example_values=['INC-2187, suspected ransomware'])
    requested_by: str | None = None
    runner: str | None = None
    run_id: str | None = None
    pipeline_id: int | None = OutputField(example_values=[12])
    pipeline_watermark: int | None = OutputField(example_values=[12])
    parent_task_id: str | None = None
    task_id: str | None = None
    pending_execution_id: str | None = None
    batch_id: str | None = None
    script_id: str | None = None
    script_name: str | None = None
    script_sha256: str | None = None
    script_deleted_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    attempts: int | None = OutputField(example_values=[12])
    archive_name: str | None = None
    archive_sha256: str | None = None
    archive_size_bytes: int | None = OutputField(example_values=[12])
    result_line: str | None = None
    evidence_ids: list[int] | None = OutputField(example_values=[12])
    verdict: str | None = OutputField(example_values=['malicious'])
    error: str | None = OutputField(column_name='Error')
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'], column_name='Created at')
    requested_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    updated_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    deadline_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='List the collections that this ledger knows.',
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_collections(
    params: ListCollectionsParams, soar: SOARClient, asset: Asset
) -> list[ListCollectionsOutput]:
    try:
        return presenter.run(
            'list_collections', asset, params, soar, ListCollectionsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListEndpointsParams(Params):
    hostname_contains: str | None = Param(description='Part of the hostname, at least two characters.', primary=True, cef_types=['host name'])
    os: str | None = Param(description='Only endpoints with this operating system.', value_list=['windows', 'windows_legacy', 'linux', 'macos'])
    site_ids: str | None = Param(description='Only endpoints of these SentinelOne sites.', primary=True, cef_types=['sentinelone site id'], allow_list=True)
    online_only: bool | None = Param(description='Leave out endpoints that are offline.', default=False)
    query: str | None = Param(description='Text that SentinelOne looks for in many fields of an endpoint.')
    limit: int | None = Param(description='At most so many endpoints.')
    page_size: int | None = Param(description='How many to ask for in one call; fewer take longer in all.', default=1000)
    cursor: str | None = Param(description='The next_cursor of an earlier listing that was limited.')
    source: str | None = Param(description='Who is asked. cado lists what Cado can reach and tells less of it; it knows neither sites nor query.', default='sentinelone', value_list=['sentinelone', 'cado'])


class ListEndpointsOutput(PermissiveActionOutput):
    agent_id: str | None = OutputField(cef_types=['sentinelone agent id'], example_values=['1913920934584665209'])
    agent_uuid: str | None = None
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'], column_name='Hostname')
    os: str | None = OutputField(column_name='Os')
    os_name: str | None = None
    online: bool | None = OutputField(column_name='Online')
    last_seen: str | None = None
    ip_addresses: list[str] | None = OutputField(cef_types=['ip'], example_values=['192.0.2.17'])
    external_ip: str | None = OutputField(cef_types=['ip'], example_values=['192.0.2.17'])
    account_id: str | None = OutputField(cef_types=['sentinelone account id'], example_values=['1392053568574369781'])
    site_id: str | None = OutputField(cef_types=['sentinelone site id'], example_values=['1392053568582758390'])
    site_name: str | None = OutputField(example_values=['Default site'], column_name='Site name')
    group_name: str | None = None
    agent_version: str | None = None
    network_isolated: bool | None = None
    collectable: bool | None = OutputField(column_name='Collectable')
    not_collectable_reason: str | None = OutputField(column_name='Not collectable reason')
    tags: list[str] | None = None


@app.action(
    description='List the endpoints of the fleet and say of each whether it can be collected.',
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_endpoints(
    params: ListEndpointsParams, soar: SOARClient, asset: Asset
) -> list[ListEndpointsOutput]:
    try:
        return presenter.run(
            'list_endpoints', asset, params, soar, ListEndpointsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListExclusionsParams(Params):
    scope: str = Param(description='What kind of place the exclusions are for. tenant means every endpoint of the console.', value_list=['site', 'account', 'tenant', 'group'])
    scope_ids: str | None = Param(description='Ids of the sites, accounts or groups; none for tenant. Empty takes the ids that the asset pins.', allow_list=True)
    os: str | None = Param(description='The operating system whose patterns are meant.', default='all', value_list=['windows', 'linux', 'all'])


class ListExclusionsOutput(PermissiveActionOutput):
    pattern: str | None = OutputField(column_name='Pattern')
    os: str | None = OutputField(column_name='Os')
    state: str | None = OutputField(example_values=['created'], column_name='State')
    reason: str | None = OutputField(example_values=['INC-2187, suspected ransomware'], column_name='Reason')
    exclusion_id: str | None = None
    scope: str | None = OutputField(column_name='Scope')
    scope_id: str | None = OutputField(column_name='Scope id')
    mode: str | None = None


@app.action(
    description="Say which of Cado Host's exclusions are there, inherited or missing.",
    verbose='',
    action_type='correct',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_exclusions(
    params: ListExclusionsParams, soar: SOARClient, asset: Asset
) -> list[ListExclusionsOutput]:
    try:
        return presenter.run(
            'list_exclusions', asset, params, soar, ListExclusionsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListFleetCollectionsParams(Params):
    state: str | None = Param(description='Only these states.', allow_list=True)


class ListFleetCollectionsOutputErrors(PermissiveActionOutput):
    state: str | None = None
    error: str | None = None
    endpoints: int | None = OutputField(example_values=[12])


class ListFleetCollectionsOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    group_id: str | None = None
    state: str | None = OutputField(example_values=['planning'], column_name='State')
    terminal: bool | None = None
    paused_reason: str | None = None
    digest: str | None = None
    investigation: str | None = OutputField(example_values=['INC-2187'])
    via: str | None = None
    profile: str | None = None
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    to_launch: int | None = OutputField(example_values=[12], column_name='To launch')
    under_way: int | None = OutputField(example_values=[12], column_name='Under way')
    ended: int | None = OutputField(example_values=[12], column_name='Ended')
    with_evidence: int | None = OutputField(example_values=[12], column_name='With evidence')
    rate_per_minute: float | None = OutputField(example_values=[1.5])
    ended_per_minute: float | None = OutputField(example_values=[1.5])
    eta_minutes: float | None = OutputField(example_values=[1.5])
    eta_basis: str | None = None
    oldest_wait_hours: float | None = OutputField(example_values=[1.5])
    throttled: int | None = OutputField(example_values=[12])
    errors: list[ListFleetCollectionsOutputErrors] | None = None
    requested_by: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    expires_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='List the fleet collections that this ledger knows.',
    verbose='',
    action_type='generic',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_fleet_collections(
    params: ListFleetCollectionsParams, soar: SOARClient, asset: Asset
) -> list[ListFleetCollectionsOutput]:
    try:
        return presenter.run(
            'list_fleet_collections', asset, params, soar, ListFleetCollectionsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListFleetEndpointsParams(Params):
    fleet_id: str = Param(description='The fleet collection, by its id.')
    state: str | None = Param(description='Only endpoints in these states.', allow_list=True)


class ListFleetEndpointsOutput(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'], column_name='Collection id')
    dedupe_key: str | None = None
    state: str | None = OutputField(example_values=['planned'], column_name='State')
    route: str | None = OutputField(example_values=['cado'])
    agent_id: str | None = None
    agent_uuid: str | None = None
    hostname: str | None = OutputField(column_name='Hostname')
    os: str | None = None
    site_id: str | None = None
    account_id: str | None = None
    device_id: str | None = None
    investigation_id: int | None = OutputField(example_values=[12])
    investigation_name: str | None = OutputField(example_values=['INC-2187'])
    profile: str | None = OutputField(example_values=['balanced'])
    reason: str | None = OutputField(example_values=['INC-2187, suspected ransomware'])
    requested_by: str | None = None
    runner: str | None = None
    run_id: str | None = None
    pipeline_id: int | None = OutputField(example_values=[12])
    pipeline_watermark: int | None = OutputField(example_values=[12])
    parent_task_id: str | None = None
    task_id: str | None = None
    pending_execution_id: str | None = None
    batch_id: str | None = None
    script_id: str | None = None
    script_name: str | None = None
    script_sha256: str | None = None
    script_deleted_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    attempts: int | None = OutputField(example_values=[12])
    archive_name: str | None = None
    archive_sha256: str | None = None
    archive_size_bytes: int | None = OutputField(example_values=[12])
    result_line: str | None = None
    evidence_ids: list[int] | None = OutputField(example_values=[12], column_name='Evidence ids')
    verdict: str | None = OutputField(example_values=['malicious'])
    error: str | None = OutputField(column_name='Error')
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    requested_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    updated_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    deadline_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='List what became of each endpoint of a fleet collection.',
    verbose='',
    action_type='generic',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_fleet_endpoints(
    params: ListFleetEndpointsParams, soar: SOARClient, asset: Asset
) -> list[ListFleetEndpointsOutput]:
    try:
        return presenter.run(
            'list_fleet_endpoints', asset, params, soar, ListFleetEndpointsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ListInvestigationsParams(Params):
    name: str | None = Param(description='The name, or part of it.')
    status: str | None = Param(description='Only investigations in these statuses.', allow_list=True)
    limit: int | None = Param(description='At most so many, newest first.')


class ListInvestigationsOutput(PermissiveActionOutput):
    investigation_id: int | None = OutputField(example_values=[12], column_name='Investigation id')
    name: str | None = OutputField(column_name='Name')
    description: str | None = None
    status: str | None = OutputField(column_name='Status')
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'], column_name='Created at')
    evidence_count: int | None = OutputField(example_values=[12])
    malicious: int | None = OutputField(example_values=[12], column_name='Malicious')
    suspicious: int | None = OutputField(example_values=[12], column_name='Suspicious')
    created: bool | None = None
    link: str | None = OutputField(cef_types=['url'], example_values=['https://cado.example.com/projects/12'])


@app.action(
    description="List Cado's investigations, newest first, with their alarm counts.",
    verbose='',
    action_type='generic',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def list_investigations(
    params: ListInvestigationsParams, soar: SOARClient, asset: Asset
) -> list[ListInvestigationsOutput]:
    try:
        return presenter.run(
            'list_investigations', asset, params, soar, ListInvestigationsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class PauseFleetCollectionParams(Params):
    fleet_id: str = Param(description='The fleet collection, by its id.')
    reason: str | None = Param(description='Why; shown until it is resumed.')


class PauseFleetCollectionOutputErrors(PermissiveActionOutput):
    state: str | None = None
    error: str | None = None
    endpoints: int | None = OutputField(example_values=[12])


class PauseFleetCollectionOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    group_id: str | None = None
    state: str | None = OutputField(example_values=['planning'], column_name='State')
    terminal: bool | None = None
    paused_reason: str | None = None
    digest: str | None = None
    investigation: str | None = OutputField(example_values=['INC-2187'])
    via: str | None = None
    profile: str | None = None
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    to_launch: int | None = OutputField(example_values=[12], column_name='To launch')
    under_way: int | None = OutputField(example_values=[12], column_name='Under way')
    ended: int | None = OutputField(example_values=[12], column_name='Ended')
    with_evidence: int | None = OutputField(example_values=[12], column_name='With evidence')
    rate_per_minute: float | None = OutputField(example_values=[1.5])
    ended_per_minute: float | None = OutputField(example_values=[1.5])
    eta_minutes: float | None = OutputField(example_values=[1.5])
    eta_basis: str | None = None
    oldest_wait_hours: float | None = OutputField(example_values=[1.5])
    throttled: int | None = OutputField(example_values=[12])
    errors: list[PauseFleetCollectionOutputErrors] | None = None
    requested_by: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    expires_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='Launch no more endpoints of a fleet collection until it is resumed.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def pause_fleet_collection(
    params: PauseFleetCollectionParams, soar: SOARClient, asset: Asset
) -> list[PauseFleetCollectionOutput]:
    try:
        return presenter.run(
            'pause_fleet_collection', asset, params, soar, PauseFleetCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class RemoveExclusionsParams(Params):
    scope: str = Param(description='What kind of place the exclusions are for. tenant means every endpoint of the console.', value_list=['site', 'account', 'tenant', 'group'])
    scope_ids: str | None = Param(description='Ids of the sites, accounts or groups; none for tenant. Empty takes the ids that the asset pins.', allow_list=True)
    os: str | None = Param(description='The operating system whose patterns are meant.', default='all', value_list=['windows', 'linux', 'all'])


class RemoveExclusionsOutput(PermissiveActionOutput):
    pattern: str | None = OutputField(column_name='Pattern')
    os: str | None = OutputField(column_name='Os')
    state: str | None = OutputField(example_values=['created'], column_name='State')
    reason: str | None = OutputField(example_values=['INC-2187, suspected ransomware'], column_name='Reason')
    exclusion_id: str | None = None
    scope: str | None = OutputField(column_name='Scope')
    scope_id: str | None = OutputField(column_name='Scope id')
    mode: str | None = None


@app.action(
    description='Remove the exclusions that this connector created, and no others.',
    verbose='',
    action_type='correct',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def remove_exclusions(
    params: RemoveExclusionsParams, soar: SOARClient, asset: Asset
) -> list[RemoveExclusionsOutput]:
    try:
        return presenter.run(
            'remove_exclusions', asset, params, soar, RemoveExclusionsOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class ResumeFleetCollectionParams(Params):
    fleet_id: str = Param(description='The fleet collection, by its id.')


class ResumeFleetCollectionOutputErrors(PermissiveActionOutput):
    state: str | None = None
    error: str | None = None
    endpoints: int | None = OutputField(example_values=[12])


class ResumeFleetCollectionOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    group_id: str | None = None
    state: str | None = OutputField(example_values=['planning'], column_name='State')
    terminal: bool | None = None
    paused_reason: str | None = None
    digest: str | None = None
    investigation: str | None = OutputField(example_values=['INC-2187'])
    via: str | None = None
    profile: str | None = None
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    to_launch: int | None = OutputField(example_values=[12], column_name='To launch')
    under_way: int | None = OutputField(example_values=[12], column_name='Under way')
    ended: int | None = OutputField(example_values=[12], column_name='Ended')
    with_evidence: int | None = OutputField(example_values=[12], column_name='With evidence')
    rate_per_minute: float | None = OutputField(example_values=[1.5])
    ended_per_minute: float | None = OutputField(example_values=[1.5])
    eta_minutes: float | None = OutputField(example_values=[1.5])
    eta_basis: str | None = None
    oldest_wait_hours: float | None = OutputField(example_values=[1.5])
    throttled: int | None = OutputField(example_values=[12])
    errors: list[ResumeFleetCollectionOutputErrors] | None = None
    requested_by: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    expires_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='Go on with a paused fleet collection.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def resume_fleet_collection(
    params: ResumeFleetCollectionParams, soar: SOARClient, asset: Asset
) -> list[ResumeFleetCollectionOutput]:
    try:
        return presenter.run(
            'resume_fleet_collection', asset, params, soar, ResumeFleetCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class RetryFleetCollectionParams(Params):
    fleet_id: str = Param(description='The fleet collection, by its id.')
    state: str | None = Param(description='Endpoints that ended so: failed, expired, cancelled.', default=['failed', 'expired'], allow_list=True)


class RetryFleetCollectionOutputErrors(PermissiveActionOutput):
    state: str | None = None
    error: str | None = None
    endpoints: int | None = OutputField(example_values=[12])


class RetryFleetCollectionOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    group_id: str | None = None
    state: str | None = OutputField(example_values=['planning'], column_name='State')
    terminal: bool | None = None
    paused_reason: str | None = None
    digest: str | None = None
    investigation: str | None = OutputField(example_values=['INC-2187'])
    via: str | None = None
    profile: str | None = None
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    to_launch: int | None = OutputField(example_values=[12], column_name='To launch')
    under_way: int | None = OutputField(example_values=[12], column_name='Under way')
    ended: int | None = OutputField(example_values=[12], column_name='Ended')
    with_evidence: int | None = OutputField(example_values=[12], column_name='With evidence')
    rate_per_minute: float | None = OutputField(example_values=[1.5])
    ended_per_minute: float | None = OutputField(example_values=[1.5])
    eta_minutes: float | None = OutputField(example_values=[1.5])
    eta_basis: str | None = None
    oldest_wait_hours: float | None = OutputField(example_values=[1.5])
    throttled: int | None = OutputField(example_values=[12])
    errors: list[RetryFleetCollectionOutputErrors] | None = None
    requested_by: str | None = None
    created_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    expires_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])
    finished_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'])


@app.action(
    description='Collect again from endpoints of a fleet collection that failed.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def retry_fleet_collection(
    params: RetryFleetCollectionParams, soar: SOARClient, asset: Asset
) -> list[RetryFleetCollectionOutput]:
    try:
        return presenter.run(
            'retry_fleet_collection', asset, params, soar, RetryFleetCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class RunCollectionParams(Params):
    endpoint: str = Param(description='Agent id, agent UUID, hostname or IP address of the endpoint.', primary=True, cef_types=['host name', 'ip', 'sentinelone agent id'])
    investigation: str = Param(description='Cado investigation: id or name; a name that is not there is created.')
    via: str | None = Param(description='Who drives RemoteOps: Cado itself, or this connector.', default='cado', value_list=['cado', 'remoteops'])
    profile: str | None = Param(description='What to collect; light leaves files over 10 MB out.', default='balanced', value_list=['balanced', 'light', 'max', 'custom'])
    groups: str | None = Param(description='Artifact groups of the custom profile; empty means all.', allow_list=True)
    additional_files: str | None = Param(description='More paths to collect.', allow_list=True)
    additional_files_only: bool | None = Param(description='Collect additional_files and nothing else; custom profile only.', default=False)
    skip_scan: bool | None = Param(description='Skip the signature search for additional files.', default=False)
    include_memory: bool | None = Param(description='Capture memory; needs via=remoteops.', default=False)
    drive_letter: str | None = Param(description="Windows drive to collect from; empty means the system's; via=remoteops only.")
    collector_url: str | None = Param(description='Own download location of the Cado Host binary, https; via=remoteops only.', primary=True, cef_types=['url'])
    collector_sha256: str | None = Param(description='The binary runs only if it has this SHA-256; via=remoteops only.', primary=True, cef_types=['sha256'])
    wait_for_endpoint_hours: float | None = Param(description='How long an offline endpoint is waited for; 0 refuses it; via=remoteops only.', default=168.0)
    requested_by: str | None = Param(description='Who asks; kept in the ledger. Default: the login name.')
    reason: str | None = Param(description='Why; kept in the ledger.')
    dedupe_key: str | None = Param(description="Requests with one key are one collection; default endpoint + investigation + profile, with memory and a custom profile's options.")
    allow_repeat: bool | None = Param(description='Collect again although this key has a collection already.', default=False)
    dry_run: bool | None = Param(description='Say what would be done, send nothing.', default=False)
    wait_seconds: float | None = Param(description='How long to follow the collection before returning.', default=0)


class RunCollectionOutput(PermissiveActionOutput):
    collection_id: str | None = OutputField(cef_types=['cado sentinelone collection id'], example_values=['col-0123456789abcdef0123'], column_name='Collection id')
    state: str | None = OutputField(example_values=['planned'], column_name='State')
    route: str | None = OutputField(example_values=['cado'])
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'], column_name='Hostname')
    agent_id: str | None = OutputField(cef_types=['sentinelone agent id'], example_values=['1913920934584665209'])
    investigation_id: int | None = OutputField(example_values=[12], column_name='Investigation id')
    pipeline_id: int | None = OutputField(example_values=[12])
    parent_task_id: str | None = None
    script_id: str | None = None
    deduplicated: bool | None = OutputField(column_name='Deduplicated')
    pending_execution_id: str | None = None
    script: str | None = None
    evidence_ids: list[int] | None = OutputField(example_values=[12])
    error: str | None = None


@app.action(
    description='Collect forensic evidence from an endpoint into a Cado investigation.',
    verbose=("Returns at once with the collection's id. Look with the action 'get task status' "
 "until 'terminal' is true; running this again gives the same collection back."),
    action_type='investigate',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def run_collection(
    params: RunCollectionParams, soar: SOARClient, asset: Asset
) -> list[RunCollectionOutput]:
    try:
        return presenter.run(
            'run_collection', asset, params, soar, RunCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class RunFleetCollectionParams(Params):
    investigation: str = Param(description='Cado investigation: id or name; a name that is not there is created.')
    agent_ids: str | None = Param(description='Exactly these endpoints, by agent id; otherwise the filters select.', primary=True, cef_types=['sentinelone agent id'], allow_list=True)
    hostname_contains: str | None = Param(description='Only endpoints with this part in the hostname.')
    os: str | None = Param(description='Only this operating system.', value_list=['windows', 'linux'])
    site_ids: str | None = Param(description='Only endpoints of these SentinelOne sites.', primary=True, cef_types=['sentinelone site id'], allow_list=True)
    online_only: bool | None = Param(description='Leave out endpoints that are offline now.', default=False)
    query: str | None = Param(description='Text that SentinelOne looks for in many fields.')
    via: str | None = Param(description='Who drives RemoteOps: Cado itself, or this connector.', default='cado', value_list=['cado', 'remoteops'])
    profile: str | None = Param(description='What to collect; light leaves files over 10 MB out.', default='balanced', value_list=['balanced', 'light', 'max', 'custom'])
    groups: str | None = Param(description='Artifact groups of the custom profile; empty means all.', allow_list=True)
    additional_files: str | None = Param(description='More paths to collect.', allow_list=True)
    additional_files_only: bool | None = Param(description='Collect additional_files and nothing else; custom profile only.', default=False)
    skip_scan: bool | None = Param(description='Skip the signature search for additional files.', default=False)
    include_memory: bool | None = Param(description='Capture memory; needs via=remoteops.', default=False)
    drive_letter: str | None = Param(description="Windows drive to collect from; empty means the system's; via=remoteops only.")
    collector_url: str | None = Param(description='Own download location of the Cado Host binary, https; via=remoteops only.', primary=True, cef_types=['url'])
    collector_sha256: str | None = Param(description='The binary runs only if it has this SHA-256; via=remoteops only.', primary=True, cef_types=['sha256'])
    requested_by: str | None = Param(description='Who asks; kept in the ledger. Default: the login name.')
    reason: str | None = Param(description='Why; kept in the ledger.')
    canary: int | None = Param(description='How many go first; all others follow when they went well.', default=10)
    start_rate_per_minute: float | None = Param(description='Launches a minute to begin with; it rises while all is well.', default=20)
    most_rate_per_minute: float | None = Param(description='Launches a minute that it may rise to.', default=600)
    most_at_once: int | None = Param(description='How many may be under way at the same time.', default=5000)
    most_per_site: int | None = Param(description='How many of one site may be under way at the same time; 0 for any.', default=0)
    pause_at_failures: float | None = Param(description='Pauses when more than this part of what ended has failed.', default=0.3)
    pause_at_throttled: float | None = Param(description='Pauses when more than this part of the calls was throttled.', default=0.2)
    retries: int | None = Param(description='How often a failed endpoint is tried again.', default=0)
    retry_after_minutes: float | None = Param(description='How long after its failure.', default=30)
    window: str | None = Param(description='Launches only between these times of day, UTC; empty for any time.')
    expires_after_hours: float | None = Param(description='What was not launched by then never is.', default=168)
    confirm_digest: str | None = Param(description='The digest that the dry run showed; needed for more than 25 endpoints.')
    dry_run: bool | None = Param(description='Say what would be done, keep and send nothing.', default=False)


class RunFleetCollectionOutput(PermissiveActionOutput):
    fleet_id: str | None = OutputField(column_name='Fleet id')
    state: str | None = OutputField(column_name='State')
    digest: str | None = OutputField(column_name='Digest')
    selected: int | None = OutputField(example_values=[12], column_name='Selected')
    collectable: int | None = OutputField(example_values=[12], column_name='Collectable')
    offline: int | None = OutputField(example_values=[12], column_name='Offline')
    launching_minutes: float | None = OutputField(example_values=[1.5])
    archive_gigabytes_guess: float | None = OutputField(example_values=[1.5])


@app.action(
    description='Collect from a whole selection of endpoints, carefully; plan it first.',
    verbose='',
    action_type='generic',
    read_only=False,
    render_as="table",
    summary_type=Summary,
)
def run_fleet_collection(
    params: RunFleetCollectionParams, soar: SOARClient, asset: Asset
) -> list[RunFleetCollectionOutput]:
    try:
        return presenter.run(
            'run_fleet_collection', asset, params, soar, RunFleetCollectionOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


class SearchTimelineParams(Params):
    investigation: str = Param(description="The investigation's id or exact name.")
    query: str | None = Param(description='What to look for; empty finds every event.')
    language: str | None = Param(description="text: the query is looked for as it stands. cado: it is in Cado's query language, such as alarm_severity:[1 TO 3] AND user: alice; never build that from what an endpoint or an alert says.", default='text', value_list=['text', 'cado'])
    limit: int | None = Param(description='At most so many events, oldest first.')
    cursor: str | None = Param(description='The next_cursor of an earlier search that was limited.')


class SearchTimelineOutput(PermissiveActionOutput):
    event_id: str | None = None
    occurred_at: str | None = OutputField(example_values=['2026-03-01T09:30:00Z'], column_name='Occurred at')
    time_kind: str | None = None
    summary: str | None = OutputField(column_name='Summary')
    severity: str | None = OutputField(column_name='Severity')
    alarms: list[str] | None = None
    attack: list[str] | None = None
    hostname: str | None = OutputField(cef_types=['host name'], example_values=['lap-0042'], column_name='Hostname')
    user: str | None = None
    filename: str | None = OutputField(column_name='Filename')
    executed_process: str | None = None
    sha256: str | None = OutputField(cef_types=['sha256'], example_values=['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'])
    source: str | None = None
    source_type: str | None = None
    macb: str | None = None
    evidence_id: int | None = OutputField(example_values=[12])
    evidence_name: str | None = None


@app.action(
    description="Search the timeline of an investigation's evidence.",
    verbose='',
    action_type='investigate',
    read_only=True,
    render_as="table",
    summary_type=Summary,
)
def search_timeline(
    params: SearchTimelineParams, soar: SOARClient, asset: Asset
) -> list[SearchTimelineOutput]:
    try:
        return presenter.run(
            'search_timeline', asset, params, soar, SearchTimelineOutput, Summary, tell
        )
    except presenter.Failure as failure:
        raise failed(failure) from None


if __name__ == "__main__":
    app.cli()
