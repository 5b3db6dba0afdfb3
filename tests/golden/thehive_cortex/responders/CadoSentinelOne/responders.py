#!/usr/bin/env python3
"""Cado SentinelOne's responders; rendered, not written: change the actions instead."""

from cado_sentinelone_manifests.asking import failure
from cado_sentinelone_manifests.thehive_cortex.presenter import outcome_of, tags
from cortexutils.responder import Responder

# Which parameter of each action the case, the alert or the observable is.
SUBJECTS = {'add_account': 'endpoint',
 'add_exclusions': '',
 'cancel_collection': 'collection_id',
 'cancel_fleet_collection': 'fleet_id',
 'check_account': '',
 'create_investigation': 'name',
 'delete_account': '',
 'get_collection_output': 'collection_id',
 'get_fleet_status': 'fleet_id',
 'get_task_status': 'collection_id',
 'list_accounts': '',
 'list_exclusions': '',
 'list_fleet_collections': '',
 'pause_fleet_collection': 'fleet_id',
 'remove_exclusions': '',
 'resume_fleet_collection': 'fleet_id',
 'retry_fleet_collection': 'fleet_id',
 'run_collection': 'endpoint',
 'run_fleet_collection': 'investigation',
 'test_connectivity': ''}


class CadoSentinelOne(Responder):
    """Runs the action that the flavor's service names, on what the responder was started on."""

    def operations(self, raw):
        add = "AddTagToArtifact" if self.data_type == "thehive:case_artifact" else "AddTagToCase"
        return [self.build_operation(add, tag=tag) for tag in tags(raw)]

    def run(self):
        config = self.get_param("config", {})
        outcome = outcome_of(config, SUBJECTS[config["service"]], self.get_param("data", {}))
        if failure(outcome):
            self.error(failure(outcome))
        self.report(outcome)


if __name__ == "__main__":
    CadoSentinelOne().run()
