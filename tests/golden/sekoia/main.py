from cado_sentinelone_module.actions import AddAccount
from cado_sentinelone_module.actions import AddExclusions
from cado_sentinelone_module.actions import CancelCollection
from cado_sentinelone_module.actions import CancelFleetCollection
from cado_sentinelone_module.actions import CheckAccount
from cado_sentinelone_module.actions import CreateInvestigation
from cado_sentinelone_module.actions import DeleteAccount
from cado_sentinelone_module.actions import EnrichEndpoint
from cado_sentinelone_module.actions import GetCollectionOutput
from cado_sentinelone_module.actions import GetCustodyRecord
from cado_sentinelone_module.actions import GetEndpoint
from cado_sentinelone_module.actions import GetFindings
from cado_sentinelone_module.actions import GetFleetStatus
from cado_sentinelone_module.actions import GetTaskStatus
from cado_sentinelone_module.actions import ListAccounts
from cado_sentinelone_module.actions import ListCollections
from cado_sentinelone_module.actions import ListEndpoints
from cado_sentinelone_module.actions import ListExclusions
from cado_sentinelone_module.actions import ListFleetCollections
from cado_sentinelone_module.actions import ListFleetEndpoints
from cado_sentinelone_module.actions import ListInvestigations
from cado_sentinelone_module.actions import PauseFleetCollection
from cado_sentinelone_module.actions import RemoveExclusions
from cado_sentinelone_module.actions import ResumeFleetCollection
from cado_sentinelone_module.actions import RetryFleetCollection
from cado_sentinelone_module.actions import RunCollection
from cado_sentinelone_module.actions import RunFleetCollection
from cado_sentinelone_module.actions import SearchTimeline
from cado_sentinelone_module.actions import TestConnectivity
from cado_sentinelone_module.module import CadoSentinelOneModule

if __name__ == "__main__":
    module = CadoSentinelOneModule()
    module.register(AddAccount, 'add_account')
    module.register(AddExclusions, 'add_exclusions')
    module.register(CancelCollection, 'cancel_collection')
    module.register(CancelFleetCollection, 'cancel_fleet_collection')
    module.register(CheckAccount, 'check_account')
    module.register(CreateInvestigation, 'create_investigation')
    module.register(DeleteAccount, 'delete_account')
    module.register(EnrichEndpoint, 'enrich_endpoint')
    module.register(GetCollectionOutput, 'get_collection_output')
    module.register(GetCustodyRecord, 'get_custody_record')
    module.register(GetEndpoint, 'get_endpoint')
    module.register(GetFindings, 'get_findings')
    module.register(GetFleetStatus, 'get_fleet_status')
    module.register(GetTaskStatus, 'get_task_status')
    module.register(ListAccounts, 'list_accounts')
    module.register(ListCollections, 'list_collections')
    module.register(ListEndpoints, 'list_endpoints')
    module.register(ListExclusions, 'list_exclusions')
    module.register(ListFleetCollections, 'list_fleet_collections')
    module.register(ListFleetEndpoints, 'list_fleet_endpoints')
    module.register(ListInvestigations, 'list_investigations')
    module.register(PauseFleetCollection, 'pause_fleet_collection')
    module.register(RemoveExclusions, 'remove_exclusions')
    module.register(ResumeFleetCollection, 'resume_fleet_collection')
    module.register(RetryFleetCollection, 'retry_fleet_collection')
    module.register(RunCollection, 'run_collection')
    module.register(RunFleetCollection, 'run_fleet_collection')
    module.register(SearchTimeline, 'search_timeline')
    module.register(TestConnectivity, 'test_connectivity')
    module.run()
