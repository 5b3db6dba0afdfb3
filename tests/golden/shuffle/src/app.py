"""Cado SentinelOne for Shuffle; rendered, not written: change the actions instead."""

from cado_sentinelone_manifests.shuffle.presenter import answer
from shuffle_sdk import AppBase


class CadoSentinelOne(AppBase):
    """One function per action; every argument arrives as text."""

    __version__ = '0.1.0'
    app_name = "Cado SentinelOne"

    def add_account(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        name="",
        endpoint="",
        token="",
        check="",
        wait_seconds="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('add_account', arguments)

    def add_exclusions(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        scope="",
        scope_ids="",
        os="",
        mode="",
        dry_run="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('add_exclusions', arguments)

    def cancel_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        collection_id="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('cancel_collection', arguments)

    def cancel_fleet_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        fleet_id="",
        under_way="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('cancel_fleet_collection', arguments)

    def check_account(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        name="",
        wait_seconds="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('check_account', arguments)

    def create_investigation(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        name="",
        description="",
        users="",
        groups="",
        reuse="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('create_investigation', arguments)

    def delete_account(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        name="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('delete_account', arguments)

    def enrich_endpoint(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        endpoint="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('enrich_endpoint', arguments)

    def get_collection_output(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        collection_id="",
        folder="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('get_collection_output', arguments)

    def get_custody_record(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        collection_id="",
        json_file="",
        html_file="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('get_custody_record', arguments)

    def get_endpoint(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        endpoint="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('get_endpoint', arguments)

    def get_findings(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        collection_id="",
        evidence_id="",
        investigation="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('get_findings', arguments)

    def get_fleet_status(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        fleet_id="",
        work_seconds="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('get_fleet_status', arguments)

    def get_task_status(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        collection_id="",
        pipeline_id="",
        parent_task_id="",
        wait_seconds="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('get_task_status', arguments)

    def list_accounts(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        name="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_accounts', arguments)

    def list_collections(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        state="",
        endpoint="",
        investigation="",
        since="",
        limit="",
        refresh="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_collections', arguments)

    def list_endpoints(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        hostname_contains="",
        os="",
        site_ids="",
        online_only="",
        query="",
        limit="",
        page_size="",
        cursor="",
        source="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_endpoints', arguments)

    def list_exclusions(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        scope="",
        scope_ids="",
        os="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_exclusions', arguments)

    def list_fleet_collections(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        state="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_fleet_collections', arguments)

    def list_fleet_endpoints(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        fleet_id="",
        state="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_fleet_endpoints', arguments)

    def list_investigations(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        name="",
        status="",
        limit="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('list_investigations', arguments)

    def pause_fleet_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        fleet_id="",
        reason="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('pause_fleet_collection', arguments)

    def remove_exclusions(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        scope="",
        scope_ids="",
        os="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('remove_exclusions', arguments)

    def resume_fleet_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        fleet_id="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('resume_fleet_collection', arguments)

    def retry_fleet_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        fleet_id="",
        state="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('retry_fleet_collection', arguments)

    def run_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        endpoint="",
        investigation="",
        via="",
        profile="",
        groups="",
        additional_files="",
        additional_files_only="",
        skip_scan="",
        include_memory="",
        drive_letter="",
        collector_url="",
        collector_sha256="",
        wait_for_endpoint_hours="",
        requested_by="",
        reason="",
        dedupe_key="",
        allow_repeat="",
        dry_run="",
        wait_seconds="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('run_collection', arguments)

    def run_fleet_collection(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        investigation="",
        agent_ids="",
        hostname_contains="",
        os="",
        site_ids="",
        online_only="",
        query="",
        via="",
        profile="",
        groups="",
        additional_files="",
        additional_files_only="",
        skip_scan="",
        include_memory="",
        drive_letter="",
        collector_url="",
        collector_sha256="",
        requested_by="",
        reason="",
        canary="",
        start_rate_per_minute="",
        most_rate_per_minute="",
        most_at_once="",
        most_per_site="",
        pause_at_failures="",
        pause_at_throttled="",
        retries="",
        retry_after_minutes="",
        window="",
        expires_after_hours="",
        confirm_digest="",
        dry_run="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('run_fleet_collection', arguments)

    def search_timeline(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        investigation="",
        query="",
        language="",
        limit="",
        cursor="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('search_timeline', arguments)

    def test_connectivity(
        self,
        sentinelone_url="",
        sentinelone_token="",
        cado_url="",
        cado_api_key="",
        cado_account_name="",
        account_ids="",
        asset_site_ids="",
        verify_tls="",
        ca_bundle="",
        proxy_url="",
        allow_private_addresses="",
        use_private_api="",
        timeout_seconds="",
        total_timeout_seconds="",
        ledger_url="",
        deep="",
    ):
        arguments = {name: value for name, value in locals().items() if name != "self"}
        return answer('test_connectivity', arguments)


if __name__ == "__main__":
    CadoSentinelOne.run()
