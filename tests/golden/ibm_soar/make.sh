#!/bin/sh
# Makes the app in the folder that this file is in; needs resilient-sdk.
set -e
cd "$(dirname "$0")"
resilient-sdk codegen -p fn_cado_sentinelone -e export.res -m fn_cado_sentinelone -c /dev/null \
    -f cado_s1_add_account cado_s1_add_exclusions cado_s1_cancel_collection cado_s1_cancel_fleet_collection cado_s1_check_account cado_s1_create_investigation cado_s1_delete_account cado_s1_enrich_endpoint cado_s1_get_collection_output cado_s1_get_custody_record cado_s1_get_endpoint cado_s1_get_findings cado_s1_get_fleet_status cado_s1_get_task_status cado_s1_list_accounts cado_s1_list_collections cado_s1_list_endpoints cado_s1_list_exclusions cado_s1_list_fleet_collections cado_s1_list_fleet_endpoints cado_s1_list_investigations cado_s1_pause_fleet_collection cado_s1_remove_exclusions cado_s1_resume_fleet_collection cado_s1_retry_fleet_collection cado_s1_run_collection cado_s1_run_fleet_collection cado_s1_search_timeline cado_s1_test_connectivity
cp -R overlay/. fn_cado_sentinelone/
resilient-sdk package -p fn_cado_sentinelone
