"""What the built-in actions take, without any model (see cado_sentinelone.gate).

Written by packaging/write_index.py from the models; `make index` renews it.
"""

ACTIONS = {
    "add_account": {
        "summary": "Give Cado a SentinelOne account, and have it checked.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "name": {
                    "default": "",
                    "description": "The new account's name in Cado; empty takes the asset's cado_account_name.",
                    "examples": [
                        "s1-prod",
                    ],
                    "maxLength": 200,
                    "type": "string",
                },
                "endpoint": {
                    "default": "",
                    "description": "Base URL of the SentinelOne console; empty takes the asset's.",
                    "examples": [
                        "https://acme.sentinelone.net",
                    ],
                    "soar": "url",
                    "type": "string",
                },
                "token": {
                    "default": "",
                    "description": "API token of a SentinelOne service user with account or global scope; empty takes the asset's.",
                    "format": "password",
                    "type": "string",
                    "writeOnly": True,
                },
                "check": {
                    "default": True,
                    "description": "Have Cado check the account right away.",
                    "type": "boolean",
                },
                "wait_seconds": {
                    "default": 120,
                    "description": "How long to wait for the check's end, in seconds; it goes on without us.",
                    "maximum": 3600,
                    "minimum": 0,
                    "type": "number",
                },
            },
            "type": "object",
        },
    },
    "add_exclusions": {
        "summary": "Exclude Cado Host's three paths, so that the agent does not stop a collection.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "scope": {
                    "description": "What kind of place the exclusions are for. tenant means every endpoint of the console.",
                    "enum": [
                        "site",
                        "account",
                        "tenant",
                        "group",
                    ],
                    "examples": [
                        "site",
                    ],
                    "type": "string",
                },
                "scope_ids": {
                    "default": [],
                    "description": "Ids of the sites, accounts or groups; none for tenant. Empty takes the ids that the asset pins.",
                    "examples": [
                        [
                            "1392053568582758390",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "maxItems": 500,
                    "type": "array",
                    "checked": True,
                },
                "os": {
                    "default": "all",
                    "description": "The operating system whose patterns are meant.",
                    "enum": [
                        "windows",
                        "linux",
                        "all",
                    ],
                    "type": "string",
                },
                "mode": {
                    "default": "suppress",
                    "description": "SentinelOne's exclusion mode.",
                    "enum": [
                        "suppress",
                        "suppress_dynamic_only",
                        "suppress_dfi_only",
                        "suppress_app_control",
                        "suppress_drift_detection",
                        "disable_in_process_monitor",
                        "disable_in_process_monitor_deep",
                        "disable_all_monitors",
                        "disable_all_monitors_deep",
                    ],
                    "type": "string",
                },
                "dry_run": {
                    "default": False,
                    "description": "Say what would be created and create nothing.",
                    "type": "boolean",
                },
            },
            "required": [
                "scope",
            ],
            "type": "object",
        },
    },
    "cancel_collection": {
        "summary": "Cancel a collection and verify that it ended.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "collection_id": {
                    "description": "The collection to cancel.",
                    "minLength": 1,
                    "type": "string",
                },
            },
            "required": [
                "collection_id",
            ],
            "type": "object",
        },
    },
    "cancel_fleet_collection": {
        "summary": "End a fleet collection: what was not launched never is.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "fleet_id": {
                    "description": "The fleet collection, by its id.",
                    "examples": [
                        "fleet-9b1c5f0a7d2e4c68",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
                "under_way": {
                    "default": False,
                    "description": "Also call off what was launched, as far as the vendors can.",
                    "type": "boolean",
                },
            },
            "required": [
                "fleet_id",
            ],
            "type": "object",
        },
    },
    "check_account": {
        "summary": "Have Cado check a SentinelOne account now.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "name": {
                    "default": "",
                    "description": "The account's name; empty takes the asset's cado_account_name.",
                    "examples": [
                        "s1-prod",
                    ],
                    "type": "string",
                },
                "wait_seconds": {
                    "default": 120,
                    "description": "How long to wait for the check's end, in seconds; it goes on without us.",
                    "maximum": 3600,
                    "minimum": 0,
                    "type": "number",
                },
            },
            "type": "object",
        },
    },
    "create_investigation": {
        "summary": "Create an investigation in Cado, or take the one that has the name.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "name": {
                    "description": "The name; no other investigation may have it.",
                    "examples": [
                        "S1-THREAT-2187",
                    ],
                    "maxLength": 80,
                    "minLength": 1,
                    "type": "string",
                },
                "description": {
                    "default": "",
                    "description": "What it is about.",
                    "type": "string",
                },
                "users": {
                    "default": [],
                    "description": "Usernames of those who shall see it.",
                    "examples": [
                        [
                            "alice",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "type": "array",
                },
                "groups": {
                    "default": [],
                    "description": "Names of the groups who shall see it.",
                    "examples": [
                        [
                            "IR",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "type": "array",
                },
                "reuse": {
                    "default": False,
                    "description": "Take the one that has this name, should there be one.",
                    "type": "boolean",
                },
            },
            "required": [
                "name",
            ],
            "type": "object",
        },
    },
    "delete_account": {
        "summary": "Take a SentinelOne account away from Cado.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "name": {
                    "description": "The account's exact name.",
                    "examples": [
                        "s1-prod",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
            },
            "required": [
                "name",
            ],
            "type": "object",
        },
    },
    "enrich_endpoint": {
        "summary": "An endpoint, its collections, verdicts and indicators in one record.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "endpoint": {
                    "description": "Agent id, agent UUID, hostname or IP address of the endpoint.",
                    "examples": [
                        "lap-0042",
                    ],
                    "minLength": 1,
                    "soar": "hostname",
                    "type": "string",
                },
            },
            "required": [
                "endpoint",
            ],
            "type": "object",
        },
    },
    "get_collection_output": {
        "summary": "Fetch what a collection's script wrote on the endpoint.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "collection_id": {
                    "description": "A collection via=remoteops.",
                    "minLength": 1,
                    "type": "string",
                },
                "folder": {
                    "description": "Existing folder; the files go into one of their own below it, named after the collection.",
                    "examples": [
                        "outputs",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
            },
            "required": [
                "collection_id",
                "folder",
            ],
            "type": "object",
        },
    },
    "get_custody_record": {
        "summary": "The hash-chained record of a collection, and whether it verifies.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "collection_id": {
                    "description": "From run_collection.",
                    "minLength": 1,
                    "type": "string",
                },
                "json_file": {
                    "default": "",
                    "description": "Write the record there, as a file that can be verified without us.",
                    "examples": [
                        "custody.json",
                    ],
                    "type": "string",
                },
                "html_file": {
                    "default": "",
                    "description": "Write one readable page there.",
                    "examples": [
                        "custody.html",
                    ],
                    "type": "string",
                },
            },
            "required": [
                "collection_id",
            ],
            "type": "object",
        },
    },
    "get_endpoint": {
        "summary": "Look one endpoint up by agent id, UUID, hostname or IP address.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "endpoint": {
                    "description": "Agent id, agent UUID, hostname or IP address.",
                    "examples": [
                        "lap-0042",
                    ],
                    "minLength": 1,
                    "soar": "hostname",
                    "type": "string",
                },
            },
            "required": [
                "endpoint",
            ],
            "type": "object",
        },
    },
    "get_findings": {
        "summary": "Read the verdict, the alarms and the indicators of what was collected.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "collection_id": {
                    "default": "",
                    "description": "What run_collection gave.",
                    "type": "string",
                },
                "evidence_id": {
                    "anyOf": [
                        {
                            "minimum": 1,
                            "type": "integer",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "Id of an evidence in Cado.",
                },
                "investigation": {
                    "default": "",
                    "description": "The investigation's id or exact name.",
                    "examples": [
                        "12",
                        "S1-THREAT-2187",
                    ],
                    "type": "string",
                },
            },
            "type": "object",
            "checked": True,
        },
    },
    "get_fleet_status": {
        "summary": "Tell how a fleet collection stands, in numbers that add up.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "fleet_id": {
                    "description": "The fleet collection, by its id.",
                    "examples": [
                        "fleet-9b1c5f0a7d2e4c68",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
                "work_seconds": {
                    "default": 0,
                    "description": "Work on it for so long before telling, where no worker runs.",
                    "maximum": 86400,
                    "minimum": 0,
                    "type": "number",
                },
            },
            "required": [
                "fleet_id",
            ],
            "type": "object",
        },
    },
    "get_task_status": {
        "summary": "Follow a collection to its evidence and say where it is.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "collection_id": {
                    "default": "",
                    "description": "From run_collection.",
                    "type": "string",
                },
                "pipeline_id": {
                    "anyOf": [
                        {
                            "minimum": 1,
                            "type": "integer",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "Cado's pipeline.",
                },
                "parent_task_id": {
                    "default": "",
                    "description": "SentinelOne's parent task.",
                    "type": "string",
                },
                "wait_seconds": {
                    "default": 0,
                    "description": "How long to follow it before returning.",
                    "maximum": 86400,
                    "minimum": 0,
                    "type": "number",
                },
            },
            "type": "object",
            "checked": True,
        },
    },
    "list_accounts": {
        "summary": "List Cado's SentinelOne accounts with their health and what is wrong with them.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "name": {
                    "default": "",
                    "description": "The account's name, or part of it.",
                    "examples": [
                        "s1-prod",
                    ],
                    "type": "string",
                },
            },
            "type": "object",
        },
    },
    "list_collections": {
        "summary": "List the collections that this ledger knows.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "state": {
                    "default": [],
                    "description": "Only these states.",
                    "examples": [
                        [
                            "running",
                        ],
                    ],
                    "items": {
                        "enum": [
                            "planned",
                            "requested",
                            "waiting_approval",
                            "waiting_endpoint",
                            "running",
                            "uploading",
                            "processing",
                            "completed",
                            "completed_with_errors",
                            "failed",
                            "expired",
                            "cancelled",
                            "refused",
                            "unknown",
                        ],
                        "type": "string",
                    },
                    "type": "array",
                },
                "endpoint": {
                    "default": "",
                    "description": "Agent id or hostname, exactly.",
                    "type": "string",
                },
                "investigation": {
                    "default": "",
                    "description": "Investigation id or exact name.",
                    "type": "string",
                },
                "since": {
                    "anyOf": [
                        {
                            "format": "date-time",
                            "type": "string",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "Created at or after this time.",
                    "examples": [
                        "2026-01-31T08:00:00Z",
                    ],
                },
                "limit": {
                    "anyOf": [
                        {
                            "minimum": 1,
                            "type": "integer",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "At most so many; default all.",
                },
                "refresh": {
                    "default": False,
                    "description": "Look at the open ones in Cado first; default is the ledger as it is.",
                    "type": "boolean",
                },
            },
            "type": "object",
        },
    },
    "list_endpoints": {
        "summary": "List the endpoints of the fleet and say of each whether it can be collected.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "hostname_contains": {
                    "default": "",
                    "description": "Part of the hostname, at least two characters.",
                    "examples": [
                        "lap-",
                    ],
                    "soar": "hostname",
                    "type": "string",
                    "checked": True,
                },
                "os": {
                    "default": "",
                    "description": "Only endpoints with this operating system.",
                    "enum": [
                        "",
                        "windows",
                        "windows_legacy",
                        "linux",
                        "macos",
                    ],
                    "examples": [
                        "windows",
                    ],
                    "type": "string",
                },
                "site_ids": {
                    "default": [],
                    "description": "Only endpoints of these SentinelOne sites.",
                    "examples": [
                        [
                            "1392053568582758390",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "maxItems": 500,
                    "soar": "site id",
                    "type": "array",
                    "checked": True,
                },
                "online_only": {
                    "default": False,
                    "description": "Leave out endpoints that are offline.",
                    "type": "boolean",
                },
                "query": {
                    "default": "",
                    "description": "Text that SentinelOne looks for in many fields of an endpoint.",
                    "examples": [
                        "10.20.",
                    ],
                    "type": "string",
                },
                "limit": {
                    "anyOf": [
                        {
                            "minimum": 1,
                            "type": "integer",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "At most so many endpoints.",
                    "examples": [
                        50,
                    ],
                },
                "page_size": {
                    "default": 1000,
                    "description": "How many to ask for in one call; fewer take longer in all.",
                    "maximum": 1000,
                    "minimum": 1,
                    "type": "integer",
                },
                "cursor": {
                    "default": "",
                    "description": "The next_cursor of an earlier listing that was limited.",
                    "type": "string",
                },
                "source": {
                    "default": "sentinelone",
                    "description": "Who is asked. cado lists what Cado can reach and tells less of it; it knows neither sites nor query.",
                    "enum": [
                        "sentinelone",
                        "cado",
                    ],
                    "type": "string",
                },
            },
            "type": "object",
        },
        "plain": {
            "function": "cado_sentinelone_actions.endpoint_listing:list_endpoint_fields",
            "noun": [
                "endpoint",
                "endpoints",
            ],
            "uses": [],
            "columns": [
                "hostname",
                "os",
                "online",
                "site_name",
                "collectable",
                "not_collectable_reason",
            ],
            "read_only": True,
        },
    },
    "list_exclusions": {
        "summary": "Say which of Cado Host's exclusions are there, inherited or missing.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "scope": {
                    "description": "What kind of place the exclusions are for. tenant means every endpoint of the console.",
                    "enum": [
                        "site",
                        "account",
                        "tenant",
                        "group",
                    ],
                    "examples": [
                        "site",
                    ],
                    "type": "string",
                },
                "scope_ids": {
                    "default": [],
                    "description": "Ids of the sites, accounts or groups; none for tenant. Empty takes the ids that the asset pins.",
                    "examples": [
                        [
                            "1392053568582758390",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "maxItems": 500,
                    "type": "array",
                    "checked": True,
                },
                "os": {
                    "default": "all",
                    "description": "The operating system whose patterns are meant.",
                    "enum": [
                        "windows",
                        "linux",
                        "all",
                    ],
                    "type": "string",
                },
            },
            "required": [
                "scope",
            ],
            "type": "object",
        },
    },
    "list_fleet_collections": {
        "summary": "List the fleet collections that this ledger knows.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "state": {
                    "default": [],
                    "description": "Only these states.",
                    "items": {
                        "enum": [
                            "planning",
                            "canary",
                            "running",
                            "paused",
                            "cancelling",
                            "completed",
                            "cancelled",
                            "expired",
                        ],
                        "type": "string",
                    },
                    "type": "array",
                },
            },
            "type": "object",
        },
    },
    "list_fleet_endpoints": {
        "summary": "List what became of each endpoint of a fleet collection.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "fleet_id": {
                    "description": "The fleet collection, by its id.",
                    "examples": [
                        "fleet-9b1c5f0a7d2e4c68",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
                "state": {
                    "default": [],
                    "description": "Only endpoints in these states.",
                    "items": {
                        "enum": [
                            "planned",
                            "requested",
                            "waiting_approval",
                            "waiting_endpoint",
                            "running",
                            "uploading",
                            "processing",
                            "completed",
                            "completed_with_errors",
                            "failed",
                            "expired",
                            "cancelled",
                            "refused",
                            "unknown",
                        ],
                        "type": "string",
                    },
                    "type": "array",
                },
            },
            "required": [
                "fleet_id",
            ],
            "type": "object",
        },
    },
    "list_investigations": {
        "summary": "List Cado's investigations, newest first, with their alarm counts.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "name": {
                    "default": "",
                    "description": "The name, or part of it.",
                    "examples": [
                        "S1-THREAT-2187",
                    ],
                    "type": "string",
                },
                "status": {
                    "default": [],
                    "description": "Only investigations in these statuses.",
                    "items": {
                        "enum": [
                            "Collection & Analysis",
                            "Containment",
                            "Eradication",
                            "Recovery",
                            "Post incident activity",
                            "Closed",
                            "Archived",
                        ],
                        "type": "string",
                    },
                    "type": "array",
                },
                "limit": {
                    "anyOf": [
                        {
                            "minimum": 1,
                            "type": "integer",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "At most so many, newest first.",
                },
            },
            "type": "object",
        },
    },
    "pause_fleet_collection": {
        "summary": "Launch no more endpoints of a fleet collection until it is resumed.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "fleet_id": {
                    "description": "The fleet collection, by its id.",
                    "examples": [
                        "fleet-9b1c5f0a7d2e4c68",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
                "reason": {
                    "default": "",
                    "description": "Why; shown until it is resumed.",
                    "maxLength": 1000,
                    "type": "string",
                },
            },
            "required": [
                "fleet_id",
            ],
            "type": "object",
        },
    },
    "remove_exclusions": {
        "summary": "Remove the exclusions that this connector created, and no others.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "scope": {
                    "description": "What kind of place the exclusions are for. tenant means every endpoint of the console.",
                    "enum": [
                        "site",
                        "account",
                        "tenant",
                        "group",
                    ],
                    "examples": [
                        "site",
                    ],
                    "type": "string",
                },
                "scope_ids": {
                    "default": [],
                    "description": "Ids of the sites, accounts or groups; none for tenant. Empty takes the ids that the asset pins.",
                    "examples": [
                        [
                            "1392053568582758390",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "maxItems": 500,
                    "type": "array",
                    "checked": True,
                },
                "os": {
                    "default": "all",
                    "description": "The operating system whose patterns are meant.",
                    "enum": [
                        "windows",
                        "linux",
                        "all",
                    ],
                    "type": "string",
                },
            },
            "required": [
                "scope",
            ],
            "type": "object",
        },
    },
    "resume_fleet_collection": {
        "summary": "Go on with a paused fleet collection.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "fleet_id": {
                    "description": "The fleet collection, by its id.",
                    "examples": [
                        "fleet-9b1c5f0a7d2e4c68",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
            },
            "required": [
                "fleet_id",
            ],
            "type": "object",
        },
    },
    "retry_fleet_collection": {
        "summary": "Collect again from endpoints of a fleet collection that failed.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "fleet_id": {
                    "description": "The fleet collection, by its id.",
                    "examples": [
                        "fleet-9b1c5f0a7d2e4c68",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
                "state": {
                    "default": [
                        "failed",
                        "expired",
                    ],
                    "description": "Endpoints that ended so: failed, expired, cancelled.",
                    "items": {
                        "enum": [
                            "planned",
                            "requested",
                            "waiting_approval",
                            "waiting_endpoint",
                            "running",
                            "uploading",
                            "processing",
                            "completed",
                            "completed_with_errors",
                            "failed",
                            "expired",
                            "cancelled",
                            "refused",
                            "unknown",
                        ],
                        "type": "string",
                    },
                    "type": "array",
                },
            },
            "required": [
                "fleet_id",
            ],
            "type": "object",
        },
    },
    "run_collection": {
        "summary": "Collect forensic evidence from an endpoint into a Cado investigation.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "endpoint": {
                    "description": "Agent id, agent UUID, hostname or IP address of the endpoint.",
                    "examples": [
                        "lap-0042",
                    ],
                    "minLength": 1,
                    "soar": "hostname",
                    "type": "string",
                },
                "investigation": {
                    "description": "Cado investigation: id or name; a name that is not there is created.",
                    "examples": [
                        "INC-2187",
                    ],
                    "maxLength": 80,
                    "minLength": 1,
                    "type": "string",
                },
                "via": {
                    "default": "cado",
                    "description": "Who drives RemoteOps: Cado itself, or this connector.",
                    "enum": [
                        "cado",
                        "remoteops",
                    ],
                    "type": "string",
                },
                "profile": {
                    "default": "balanced",
                    "description": "What to collect; light leaves files over 10 MB out.",
                    "enum": [
                        "balanced",
                        "light",
                        "max",
                        "custom",
                    ],
                    "type": "string",
                },
                "groups": {
                    "default": [],
                    "description": "Artifact groups of the custom profile; empty means all.",
                    "examples": [
                        [
                            "program_execution",
                            "processes",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "type": "array",
                },
                "additional_files": {
                    "default": [],
                    "description": "More paths to collect.",
                    "examples": [
                        [
                            "C:\\Users\\Public\\svch0st.exe",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "type": "array",
                },
                "additional_files_only": {
                    "default": False,
                    "description": "Collect additional_files and nothing else; custom profile only.",
                    "type": "boolean",
                },
                "skip_scan": {
                    "default": False,
                    "description": "Skip the signature search for additional files.",
                    "type": "boolean",
                },
                "include_memory": {
                    "default": False,
                    "description": "Capture memory; needs via=remoteops.",
                    "type": "boolean",
                },
                "drive_letter": {
                    "default": "",
                    "description": "Windows drive to collect from; empty means the system's; via=remoteops only.",
                    "examples": [
                        "D",
                    ],
                    "pattern": "^([A-Za-z]:?)?$",
                    "type": "string",
                },
                "collector_url": {
                    "default": "",
                    "description": "Own download location of the Cado Host binary, https; via=remoteops only.",
                    "examples": [
                        "https://mirror.example.com/cado-host/linux/cado-host",
                    ],
                    "maxLength": 2000,
                    "soar": "url",
                    "type": "string",
                },
                "collector_sha256": {
                    "default": "",
                    "description": "The binary runs only if it has this SHA-256; via=remoteops only.",
                    "pattern": "^([0-9A-Fa-f]{64})?$",
                    "soar": "sha256",
                    "type": "string",
                },
                "wait_for_endpoint_hours": {
                    "default": 168.0,
                    "description": "How long an offline endpoint is waited for; 0 refuses it; via=remoteops only.",
                    "maximum": 8760,
                    "minimum": 0,
                    "type": "number",
                },
                "requested_by": {
                    "default": "",
                    "description": "Who asks; kept in the ledger. Default: the login name.",
                    "maxLength": 200,
                    "type": "string",
                },
                "reason": {
                    "default": "",
                    "description": "Why; kept in the ledger.",
                    "maxLength": 1000,
                    "type": "string",
                },
                "dedupe_key": {
                    "default": "",
                    "description": "Requests with one key are one collection; default endpoint + investigation + profile, with memory and a custom profile's options.",
                    "maxLength": 200,
                    "type": "string",
                },
                "allow_repeat": {
                    "default": False,
                    "description": "Collect again although this key has a collection already.",
                    "type": "boolean",
                },
                "dry_run": {
                    "default": False,
                    "description": "Say what would be done, send nothing.",
                    "type": "boolean",
                },
                "wait_seconds": {
                    "default": 0,
                    "description": "How long to follow the collection before returning.",
                    "maximum": 86400,
                    "minimum": 0,
                    "type": "number",
                },
            },
            "required": [
                "endpoint",
                "investigation",
            ],
            "type": "object",
        },
    },
    "run_fleet_collection": {
        "summary": "Collect from a whole selection of endpoints, carefully; plan it first.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "investigation": {
                    "description": "Cado investigation: id or name; a name that is not there is created.",
                    "examples": [
                        "INC-2187",
                    ],
                    "maxLength": 80,
                    "minLength": 1,
                    "type": "string",
                },
                "agent_ids": {
                    "default": [],
                    "description": "Exactly these endpoints, by agent id; otherwise the filters select.",
                    "examples": [
                        [
                            "1913920934584665209",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "maxItems": 100000,
                    "soar": "agent id",
                    "type": "array",
                },
                "hostname_contains": {
                    "default": "",
                    "description": "Only endpoints with this part in the hostname.",
                    "examples": [
                        "lap-",
                    ],
                    "type": "string",
                },
                "os": {
                    "default": "",
                    "description": "Only this operating system.",
                    "enum": [
                        "",
                        "windows",
                        "linux",
                    ],
                    "type": "string",
                },
                "site_ids": {
                    "default": [],
                    "description": "Only endpoints of these SentinelOne sites.",
                    "items": {
                        "type": "string",
                    },
                    "maxItems": 500,
                    "soar": "site id",
                    "type": "array",
                },
                "online_only": {
                    "default": False,
                    "description": "Leave out endpoints that are offline now.",
                    "type": "boolean",
                },
                "query": {
                    "default": "",
                    "description": "Text that SentinelOne looks for in many fields.",
                    "type": "string",
                },
                "via": {
                    "default": "cado",
                    "description": "Who drives RemoteOps: Cado itself, or this connector.",
                    "enum": [
                        "cado",
                        "remoteops",
                    ],
                    "type": "string",
                },
                "profile": {
                    "default": "balanced",
                    "description": "What to collect; light leaves files over 10 MB out.",
                    "enum": [
                        "balanced",
                        "light",
                        "max",
                        "custom",
                    ],
                    "type": "string",
                },
                "groups": {
                    "default": [],
                    "description": "Artifact groups of the custom profile; empty means all.",
                    "examples": [
                        [
                            "program_execution",
                            "processes",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "type": "array",
                },
                "additional_files": {
                    "default": [],
                    "description": "More paths to collect.",
                    "examples": [
                        [
                            "C:\\Users\\Public\\svch0st.exe",
                        ],
                    ],
                    "items": {
                        "type": "string",
                    },
                    "type": "array",
                },
                "additional_files_only": {
                    "default": False,
                    "description": "Collect additional_files and nothing else; custom profile only.",
                    "type": "boolean",
                },
                "skip_scan": {
                    "default": False,
                    "description": "Skip the signature search for additional files.",
                    "type": "boolean",
                },
                "include_memory": {
                    "default": False,
                    "description": "Capture memory; needs via=remoteops.",
                    "type": "boolean",
                },
                "drive_letter": {
                    "default": "",
                    "description": "Windows drive to collect from; empty means the system's; via=remoteops only.",
                    "examples": [
                        "D",
                    ],
                    "pattern": "^([A-Za-z]:?)?$",
                    "type": "string",
                },
                "collector_url": {
                    "default": "",
                    "description": "Own download location of the Cado Host binary, https; via=remoteops only.",
                    "examples": [
                        "https://mirror.example.com/cado-host/linux/cado-host",
                    ],
                    "maxLength": 2000,
                    "soar": "url",
                    "type": "string",
                },
                "collector_sha256": {
                    "default": "",
                    "description": "The binary runs only if it has this SHA-256; via=remoteops only.",
                    "pattern": "^([0-9A-Fa-f]{64})?$",
                    "soar": "sha256",
                    "type": "string",
                },
                "requested_by": {
                    "default": "",
                    "description": "Who asks; kept in the ledger. Default: the login name.",
                    "maxLength": 200,
                    "type": "string",
                },
                "reason": {
                    "default": "",
                    "description": "Why; kept in the ledger.",
                    "maxLength": 1000,
                    "type": "string",
                },
                "canary": {
                    "default": 10,
                    "description": "How many go first; all others follow when they went well.",
                    "maximum": 1000,
                    "minimum": 0,
                    "type": "integer",
                },
                "start_rate_per_minute": {
                    "default": 20,
                    "description": "Launches a minute to begin with; it rises while all is well.",
                    "exclusiveMinimum": 0,
                    "maximum": 10000,
                    "type": "number",
                },
                "most_rate_per_minute": {
                    "default": 600,
                    "description": "Launches a minute that it may rise to.",
                    "exclusiveMinimum": 0,
                    "maximum": 10000,
                    "type": "number",
                },
                "most_at_once": {
                    "default": 5000,
                    "description": "How many may be under way at the same time.",
                    "minimum": 1,
                    "type": "integer",
                },
                "most_per_site": {
                    "default": 0,
                    "description": "How many of one site may be under way at the same time; 0 for any.",
                    "minimum": 0,
                    "type": "integer",
                },
                "pause_at_failures": {
                    "default": 0.3,
                    "description": "Pauses when more than this part of what ended has failed.",
                    "exclusiveMinimum": 0,
                    "maximum": 1,
                    "type": "number",
                },
                "pause_at_throttled": {
                    "default": 0.2,
                    "description": "Pauses when more than this part of the calls was throttled.",
                    "exclusiveMinimum": 0,
                    "maximum": 1,
                    "type": "number",
                },
                "retries": {
                    "default": 0,
                    "description": "How often a failed endpoint is tried again.",
                    "maximum": 5,
                    "minimum": 0,
                    "type": "integer",
                },
                "retry_after_minutes": {
                    "default": 30,
                    "description": "How long after its failure.",
                    "minimum": 0,
                    "type": "number",
                },
                "window": {
                    "default": "",
                    "description": "Launches only between these times of day, UTC; empty for any time.",
                    "examples": [
                        "22:00-05:00",
                    ],
                    "type": "string",
                    "checked": True,
                },
                "expires_after_hours": {
                    "default": 168,
                    "description": "What was not launched by then never is.",
                    "exclusiveMinimum": 0,
                    "maximum": 8760,
                    "type": "number",
                },
                "confirm_digest": {
                    "default": "",
                    "description": "The digest that the dry run showed; needed for more than 25 endpoints.",
                    "type": "string",
                },
                "dry_run": {
                    "default": False,
                    "description": "Say what would be done, keep and send nothing.",
                    "type": "boolean",
                },
            },
            "required": [
                "investigation",
            ],
            "type": "object",
        },
    },
    "search_timeline": {
        "summary": "Search the timeline of an investigation's evidence.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "investigation": {
                    "description": "The investigation's id or exact name.",
                    "examples": [
                        "12",
                        "S1-THREAT-2187",
                    ],
                    "minLength": 1,
                    "type": "string",
                },
                "query": {
                    "default": "",
                    "description": "What to look for; empty finds every event.",
                    "examples": [
                        "svch0st.exe",
                    ],
                    "type": "string",
                },
                "language": {
                    "default": "text",
                    "description": "text: the query is looked for as it stands. cado: it is in Cado's query language, such as alarm_severity:[1 TO 3] AND user: alice; never build that from what an endpoint or an alert says.",
                    "enum": [
                        "text",
                        "cado",
                    ],
                    "type": "string",
                },
                "limit": {
                    "anyOf": [
                        {
                            "minimum": 1,
                            "type": "integer",
                        },
                        {
                            "type": "null",
                        },
                    ],
                    "default": None,
                    "description": "At most so many events, oldest first.",
                },
                "cursor": {
                    "default": "",
                    "description": "The next_cursor of an earlier search that was limited.",
                    "type": "string",
                },
            },
            "required": [
                "investigation",
            ],
            "type": "object",
        },
    },
    "test_connectivity": {
        "summary": "Check both systems, the token, permissions, account, exclusions and ledger.",
        "params": {
            "additionalProperties": False,
            "properties": {
                "deep": {
                    "default": True,
                    "description": "Look at permissions, sites, exclusions, licence and account, too.",
                    "type": "boolean",
                },
            },
            "type": "object",
        },
    },
}
