#!/usr/bin/env python
# -*- coding: utf-8 -*-
"""The app; rendered, not written: change the actions instead."""

from setuptools import find_packages, setup

setup(
    name="fn_cado_sentinelone",
    display_name="Cado SentinelOne",
    version="1.1.0",
    license="Apache-2.0",
    author="cado-sentinelone",
    author_email="cado-sentinelone@users.noreply.example.org",
    url="https://www.darktrace.com",
    description="Collect forensic evidence from SentinelOne endpoints into Cado and read the findings back",
    long_description="""Find an endpoint, launch a Cado Host collection on it through SentinelOne RemoteOps, follow it to the evidence, read verdicts, indicators and the timeline back into the incident.""",
    install_requires=["resilient-circuits>=51.0.0", "cado-sentinelone==0.1.0"],
    python_requires=">=3.11",
    packages=find_packages(),
    include_package_data=True,
    platforms="any",
    classifiers=["Programming Language :: Python"],
    entry_points={
        "resilient.circuits.components": [
            "FunctAddAccount = fn_cado_sentinelone.components.funct_cado_s1_add_account:FunctionComponent",
            "FunctAddExclusions = fn_cado_sentinelone.components.funct_cado_s1_add_exclusions:FunctionComponent",
            "FunctCancelCollection = fn_cado_sentinelone.components.funct_cado_s1_cancel_collection:FunctionComponent",
            "FunctCheckAccount = fn_cado_sentinelone.components.funct_cado_s1_check_account:FunctionComponent",
            "FunctCreateInvestigation = fn_cado_sentinelone.components.funct_cado_s1_create_investigation:FunctionComponent",
            "FunctDeleteAccount = fn_cado_sentinelone.components.funct_cado_s1_delete_account:FunctionComponent",
            "FunctEnrichEndpoint = fn_cado_sentinelone.components.funct_cado_s1_enrich_endpoint:FunctionComponent",
            "FunctGetCollectionOutput = fn_cado_sentinelone.components.funct_cado_s1_get_collection_output:FunctionComponent",
            "FunctGetCustodyRecord = fn_cado_sentinelone.components.funct_cado_s1_get_custody_record:FunctionComponent",
            "FunctGetEndpoint = fn_cado_sentinelone.components.funct_cado_s1_get_endpoint:FunctionComponent",
            "FunctGetFindings = fn_cado_sentinelone.components.funct_cado_s1_get_findings:FunctionComponent",
            "FunctGetTaskStatus = fn_cado_sentinelone.components.funct_cado_s1_get_task_status:FunctionComponent",
            "FunctListAccounts = fn_cado_sentinelone.components.funct_cado_s1_list_accounts:FunctionComponent",
            "FunctListCollections = fn_cado_sentinelone.components.funct_cado_s1_list_collections:FunctionComponent",
            "FunctListEndpoints = fn_cado_sentinelone.components.funct_cado_s1_list_endpoints:FunctionComponent",
            "FunctListExclusions = fn_cado_sentinelone.components.funct_cado_s1_list_exclusions:FunctionComponent",
            "FunctListInvestigations = fn_cado_sentinelone.components.funct_cado_s1_list_investigations:FunctionComponent",
            "FunctRemoveExclusions = fn_cado_sentinelone.components.funct_cado_s1_remove_exclusions:FunctionComponent",
            "FunctRunCollection = fn_cado_sentinelone.components.funct_cado_s1_run_collection:FunctionComponent",
            "FunctSearchTimeline = fn_cado_sentinelone.components.funct_cado_s1_search_timeline:FunctionComponent",
            "FunctTestConnectivity = fn_cado_sentinelone.components.funct_cado_s1_test_connectivity:FunctionComponent",
        ],
        "resilient.circuits.configsection": ["gen_config = fn_cado_sentinelone.util.config:config_section_data"],
        "resilient.circuits.customize": ["customize = fn_cado_sentinelone.util.customize:customization_data"],
        "resilient.circuits.selftest": ["selftest = fn_cado_sentinelone.util.selftest:selftest_function"],
    },
)
