"""Every permission of the sandbox's role pages (contract 3).

A permission is written `<page>.<permission>`, as the vendor's specification writes what a route
requires. What the role pages themselves call it (their `identifier` and `title`) is not
published: here the identifier is that same string and the title is the permission in words.
"""

import re
from collections.abc import Set as AbstractSet

RSO = "Remote Script Orchestration"
"""The API's name of the page that the console calls RemoteOps."""

_PAGES = {
    "Endpoints": (
        "view fileFetch remoteShell moveToAnotherSite FetchLogs downloadRemoteShellTranscript"
    ),
    "Sites": "view create edit delete",
    "Accounts": "view create edit",
    "Groups": "view create edit delete",
    "Users": "view create edit delete allowGenerateApiToken",
    "Service Users": "view create edit delete",
    "Roles": "view create edit delete",
    "Activity Page": "view",
    "Policy": "view edit",
    "Upgrade Policy": "view edit",
    "Exclusions": "view create edit delete",
    "Configuration": "view edit",
    RSO: (
        "view upload edit delete runDataCollectionScript runArtifactCollectionScript"
        " runActionScript viewOutput cancelDataCollectionScript cancelArtifactCollectionScript"
        " cancelActionScript manageGuardrails reviewPendingExecutions createScheduledTasks"
        " viewScheduledTasks updateScheduledTasks deleteScheduledTasks"
        " manageDestinationCredentials viewDestinationCredentials viewDestinationResults"
    ),
    "Remote Ops Forensics": "view viewOutput runForensicsCollection",
    "Task Management": "view",
}

PERMISSIONS = frozenset(
    f"{page}.{permission}" for page, names in _PAGES.items() for permission in names.split()
)

CONSOLE_ONLY = frozenset(
    f"{RSO}.{permission}"
    for permission in (
        "viewOutput",
        "cancelDataCollectionScript",
        "cancelArtifactCollectionScript",
        "cancelActionScript",
    )
)
"""The console's role editor shows these; nothing published says that the API does."""

COLLECTOR = CONSOLE_ONLY | {
    "Endpoints.view",
    "Sites.view",
    "Accounts.view",
    "Roles.view",
    "Users.view",
    "Activity Page.view",
    "Policy.view",
    "Exclusions.view",
    "Exclusions.create",
    "Exclusions.edit",
    "Exclusions.delete",
    f"{RSO}.view",
    f"{RSO}.upload",
    f"{RSO}.runDataCollectionScript",
    f"{RSO}.runArtifactCollectionScript",
    f"{RSO}.runActionScript",
    f"{RSO}.delete",
    "Task Management.view",
}
"""The vendor's eleven on top of what reading endpoints and setting exclusions needs."""

VIEWER = frozenset(permission for permission in PERMISSIONS if permission.endswith(".view"))

_GROUPS = {"run": "Run Scripts", "cancel": "Cancel Scripts"}


def role_pages(
    granted: AbstractSet[str], *, console_only: bool
) -> list[dict[str, str | list[dict[str, object]]]]:
    """The `pages` of a role that grants these; `console_only` lists the unpublished ones too."""
    hidden = frozenset() if console_only else CONSOLE_ONLY
    return [
        {
            "name": page,
            "identifier": page,
            "permissions": [
                _entry(page, name, granted)
                for name in names.split()
                if f"{page}.{name}" not in hidden
            ],
        }
        for page, names in _PAGES.items()
    ]


def _entry(page: str, name: str, granted: AbstractSet[str]) -> dict[str, object]:
    words = re.findall(r"[A-Z]?[a-z]+", name)
    title = " ".join(word.capitalize() for word in words)
    return {
        "identifier": f"{page}.{name}",
        "title": title,
        "value": f"{page}.{name}" in granted,
        "description": f"{title} ({page})",
        "additionalDescription": None,
        "type": "checkbox",
        "dependsOn": [] if name == "view" else [f"{page}.view"],
        "groupName": _GROUPS.get(words[0]) if page == RSO else None,
        "disabledReason": None,
        "disabledReasonCode": None,
    }
