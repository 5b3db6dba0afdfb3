#!/usr/bin/env python3
"""Cado SentinelOne's analyzers; rendered, not written: change the actions instead."""

from cado_sentinelone_manifests.asking import failure
from cado_sentinelone_manifests.thehive_cortex.presenter import labels, outcome_of
from cortexutils.analyzer import Analyzer

# Which parameter of each action the observable is.
SUBJECTS = {'enrich_endpoint': 'endpoint',
 'get_custody_record': 'collection_id',
 'get_endpoint': 'endpoint',
 'get_findings': 'collection_id',
 'list_collections': 'endpoint',
 'list_endpoints': 'hostname_contains',
 'list_fleet_endpoints': 'fleet_id',
 'list_investigations': 'name',
 'search_timeline': 'investigation'}


class CadoSentinelOne(Analyzer):
    """Runs the action that the flavor's service names, on the observable."""

    def summary(self, raw):
        return {
            "taxonomies": [
                self.build_taxonomy(level, "CadoS1", predicate, value)
                for level, predicate, value in labels(raw)
            ]
        }

    def run(self):
        config = self.get_param("config", {})
        outcome = outcome_of(config, SUBJECTS[config["service"]], self.get_data())
        if failure(outcome):
            self.error(failure(outcome))
        self.report(outcome)


if __name__ == "__main__":
    CadoSentinelOne().run()
