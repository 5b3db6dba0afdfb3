"""One class per action, each handing over what it was given."""

from cado_sentinelone_manifests.sekoia.presenter import results
from sekoia_automation.action import Action


class CadoSentinelOneAction(Action):
    """What all actions do; `identifier` is the action's."""

    identifier = ""

    def run(self, arguments: dict) -> dict:
        configuration = self.module.configuration
        if not isinstance(configuration, dict):
            configuration = configuration.model_dump(exclude_none=True)
        return results(self, self.identifier, configuration, arguments)


class AddAccount(CadoSentinelOneAction):
    identifier = 'add_account'


class AddExclusions(CadoSentinelOneAction):
    identifier = 'add_exclusions'


class CancelCollection(CadoSentinelOneAction):
    identifier = 'cancel_collection'


class CancelFleetCollection(CadoSentinelOneAction):
    identifier = 'cancel_fleet_collection'


class CheckAccount(CadoSentinelOneAction):
    identifier = 'check_account'


class CreateInvestigation(CadoSentinelOneAction):
    identifier = 'create_investigation'


class DeleteAccount(CadoSentinelOneAction):
    identifier = 'delete_account'


class EnrichEndpoint(CadoSentinelOneAction):
    identifier = 'enrich_endpoint'


class GetCollectionOutput(CadoSentinelOneAction):
    identifier = 'get_collection_output'


class GetCustodyRecord(CadoSentinelOneAction):
    identifier = 'get_custody_record'


class GetEndpoint(CadoSentinelOneAction):
    identifier = 'get_endpoint'


class GetFindings(CadoSentinelOneAction):
    identifier = 'get_findings'


class GetFleetStatus(CadoSentinelOneAction):
    identifier = 'get_fleet_status'


class GetTaskStatus(CadoSentinelOneAction):
    identifier = 'get_task_status'


class ListAccounts(CadoSentinelOneAction):
    identifier = 'list_accounts'


class ListCollections(CadoSentinelOneAction):
    identifier = 'list_collections'


class ListEndpoints(CadoSentinelOneAction):
    identifier = 'list_endpoints'


class ListExclusions(CadoSentinelOneAction):
    identifier = 'list_exclusions'


class ListFleetCollections(CadoSentinelOneAction):
    identifier = 'list_fleet_collections'


class ListFleetEndpoints(CadoSentinelOneAction):
    identifier = 'list_fleet_endpoints'


class ListInvestigations(CadoSentinelOneAction):
    identifier = 'list_investigations'


class PauseFleetCollection(CadoSentinelOneAction):
    identifier = 'pause_fleet_collection'


class RemoveExclusions(CadoSentinelOneAction):
    identifier = 'remove_exclusions'


class ResumeFleetCollection(CadoSentinelOneAction):
    identifier = 'resume_fleet_collection'


class RetryFleetCollection(CadoSentinelOneAction):
    identifier = 'retry_fleet_collection'


class RunCollection(CadoSentinelOneAction):
    identifier = 'run_collection'


class RunFleetCollection(CadoSentinelOneAction):
    identifier = 'run_fleet_collection'


class SearchTimeline(CadoSentinelOneAction):
    identifier = 'search_timeline'


class TestConnectivity(CadoSentinelOneAction):
    identifier = 'test_connectivity'
