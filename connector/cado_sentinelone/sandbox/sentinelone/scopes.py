"""Accounts, sites, groups and a site's policy (contract 6)."""

from collections.abc import Iterable

from starlette.responses import Response

from cado_sentinelone.sandbox.places import DAY, Account, Group, Site
from cado_sentinelone.sandbox.sentinelone.call import Call, answer, listing
from cado_sentinelone.sandbox.sentinelone.errors import not_found
from cado_sentinelone.sandbox.sentinelone.rows import Record, page_of_records
from cado_sentinelone.sandbox.world import World

_MODULES = {"rso": "Remote Script Orchestration", "star": "STAR"}
_PLURALS = {"states": "state", "types": "type"}


def list_accounts(call: Call) -> Response:
    """The accounts of the caller; a caller with site scope has none."""
    if not call.caller.accounts:
        raise call.caller.outside()
    call.caller.sites_in(call.query)
    accounts = [account_record(account, call.world) for account in call.caller.accounts]
    query = dict(call.query)
    if wanted := query.pop("accountIds", None):
        query["ids"] = wanted
    page = page_of_records(
        _licensed(accounts, query.pop("module", "")), query, _PLURALS, ("name", "id")
    )
    return listing(page.rows, page.pagination)


def list_sites(call: Call) -> Response:
    """The sites of the caller, in an OBJECT beside the licences of all of them."""
    everything = [site_record(site, call.world) for site in call.caller.sites]
    wanted = {site.site_id for site in call.caller.sites_in(call.query)}
    sites = [site for site in everything if site["id"] in wanted]
    query = dict(call.query)
    searched = ("name", "accountName", "description", "id")
    page = page_of_records(_licensed(sites, query.pop("module", "")), query, _PLURALS, searched)
    totals = {
        name: sum(int(str(site[name])) for site in everything)
        for name in ("activeLicenses", "totalLicenses")
    }
    return listing({"allSites": totals, "sites": page.rows}, page.pagination)


def list_groups(call: Call) -> Response:
    """The groups of the caller's sites."""
    sites = call.caller.sites_in(call.query)
    groups = call.caller.groups_in(call.query)
    if groups is None:
        groups = [group for site in sites for group in site.groups]
    records = [group_record(group, call.world) for group in groups if group.site in sites]
    page = page_of_records(records, call.query, _PLURALS, ("name", "description", "id"))
    return listing(page.rows, page.pagination)


def get_policy(call: Call) -> Response:
    """The policy of a site, with what RemoteOps may upload."""
    site = call.world.site(call.path["site_id"])
    if site is None or site not in call.caller.sites:
        raise not_found()
    return answer(_policy(site, call.world))


def account_record(account: Account, world: World) -> Record:
    """The account as the API shows it."""
    agents = sum(_active_licenses(site) for site in account.sites)
    return {
        "id": account.account_id,
        "name": account.name,
        "accountType": "Paid",
        "state": "active",
        "isDefault": account is world.accounts[0],
        "usageType": "customer",
        "billingMode": "subscription",
        "createdAt": world.clock.iso(account.created_at),
        "updatedAt": world.clock.iso(account.created_at + DAY),
        "creator": world.sentinelone.users[1].full_name,
        "creatorId": world.sentinelone.users[1].user_id,
        "expiration": world.clock.iso(world.started_at + 365 * DAY),
        "unlimitedExpiration": False,
        "externalId": "",
        "salesforceId": "",
        "numberOfSites": len(account.sites),
        "activeAgents": agents,
        "agentsInCompleteSku": agents,
        "completeSites": len(account.sites),
        "totalComplete": sum(_total_licenses(site) for site in account.sites),
        "totalLicenses": sum(_total_licenses(site) for site in account.sites),
        "activeLicenses": agents,
        "unlimitedComplete": False,
        "licenses": _licenses(_MODULES, -1),
        "skus": [],
    }


def site_record(site: Site, world: World) -> Record:
    """The site as the API shows it; `healthStatus` is obsolete there and always true."""
    return {
        "id": site.site_id,
        "name": site.name,
        "accountId": site.account_id,
        "accountName": site.account.name,
        "siteType": "Paid",
        "sku": "Complete",
        "suite": "Complete",
        "state": site.state,
        "isDefault": site.is_default,
        "healthStatus": True,
        "totalLicenses": _total_licenses(site),
        "activeLicenses": _active_licenses(site),
        "unlimitedLicenses": False,
        "unlimitedExpiration": site.state == "active",
        "inheritAccountExpiration": False,
        "expiration": world.clock.iso(world.started_at - 20 * DAY)
        if site.state == "expired"
        else None,
        "description": None,
        "externalId": None,
        "usageType": "customer",
        "creator": world.sentinelone.users[1].full_name,
        "creatorId": world.sentinelone.users[1].user_id,
        "createdAt": world.clock.iso(site.created_at),
        "updatedAt": world.clock.iso(site.created_at + DAY),
        "licenses": _licenses(site.modules, _total_licenses(site)),
    }


def group_record(group: Group, world: World) -> Record:
    """The group as the API shows it."""
    return {
        "id": group.group_id,
        "name": group.name,
        "type": "static",
        "siteId": group.site_id,
        "isDefault": group.is_default,
        "inherits": True,
        "rank": None,
        "description": None,
        "filterId": None,
        "filterName": None,
        "totalAgents": len(group.agents),
        "creator": world.sentinelone.users[1].full_name,
        "creatorId": world.sentinelone.users[1].user_id,
        "createdAt": world.clock.iso(group.created_at),
        "updatedAt": world.clock.iso(group.created_at),
    }


def _policy(site: Site, world: World) -> Record:
    megabyte = 1024 * 1024
    return {
        "inheritedFrom": None,
        "isDefault": False,
        "mitigationMode": "protect",
        "mitigationModeSuspicious": "detect",
        "allowRemoteShell": True,
        "antiTamperingOn": True,
        "snapshotsOn": True,
        "networkQuarantineOn": False,
        "autoDecommissionOn": True,
        "autoDecommissionDays": 21,
        "remoteScriptOrchestration": {
            "alwaysUploadStreamToCloud": False,
            "maxFileSize": 500 * megabyte,
            "maxFileSizeLimit": 2048,
            "maxDailyFileUpload": 2048,
            "maxDailyFileUploadLimit": 10240,
            "maxDailyFileDownload": 2048,
            "maxDailyFileDownloadLimit": 10240,
            "maxLocalPackageDiskUsage": 1024,
            "maxLocalPackageDiskUsageLimit": 4096,
        }
        if "rso" in site.modules
        else None,
        "remoteOpsForensics": None,
        "userId": world.sentinelone.users[1].user_id,
        "userFullName": world.sentinelone.users[1].full_name,
        "createdAt": world.clock.iso(site.created_at),
        "updatedAt": world.clock.iso(site.created_at + DAY),
    }


def _licensed(records: list[Record], modules: object) -> list[Record]:
    """The records that are licensed for one of these comma-separated modules, all for none."""
    wanted = {module.strip() for module in str(modules).split(",") if module.strip()}
    return [record for record in records if not wanted or wanted & _module_names(record)]


def _module_names(record: Record) -> set[str]:
    licenses = record["licenses"]
    return {module["name"] for module in licenses["modules"]}  # type: ignore[index]


def _licenses(modules: Iterable[str], total: int) -> Record:
    return {
        "bundles": [
            {
                "name": "complete",
                "displayName": "Complete",
                "majorVersion": 1,
                "minorVersion": 7,
                "totalSurfaces": total,
                "surfaces": [{"name": "Total Agents", "count": total}],
            }
        ],
        "modules": [
            {"name": name, "displayName": _MODULES[name], "majorVersion": 1} for name in modules
        ],
        "settings": [],
    }


def _active_licenses(site: Site) -> int:
    return sum(not (agent.is_decommissioned or agent.is_uninstalled) for agent in site.agents)


def _total_licenses(site: Site) -> int:
    return 100 + len(site.agents)
