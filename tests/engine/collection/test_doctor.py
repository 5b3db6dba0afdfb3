"""test_connectivity names each thing that somebody could have forgotten (S12)."""

from __future__ import annotations

import pytest

from cado_sentinelone.doctor.permissions import BASE, REMOTE_OPS


def checks(bench, **parameters):
    record = bench.record("test_connectivity", **parameters)
    return record["health"], {check["name"]: check for check in record["checks"]}


def test_the_least_privilege_role_of_the_docs_is_enough(bench):
    """S12: nothing fails; only what the API cannot tell is unknown, with the reason."""
    health, found = checks(bench)
    assert health != "red"
    assert not [name for name, check in found.items() if check["status"] == "failed"]
    unknown = {name for name, check in found.items() if check["status"] == "unknown"}
    assert unknown == {f"permission: {needed.label}" for needed in REMOTE_OPS if not needed.name}
    assert all(found[name]["detail"] and found[name]["remedy"] for name in unknown)


def test_there_is_a_check_for_each_of_the_eleven_permissions(bench):
    _, found = checks(bench)
    assert len(REMOTE_OPS) == 11
    assert {f"permission: {needed.label}" for needed in REMOTE_OPS} <= found.keys()


@pytest.mark.parametrize("needed", [one for one in (*REMOTE_OPS, *BASE) if one.name])
@pytest.mark.parametrize("status", ["401", "403"])
def test_a_missing_permission_is_named(bench, needed, status):
    bench.sandbox.world.faults.set(
        f"missing_permission={needed.page}.{needed.name};missing_permission_status={status}"
    )
    health, found = checks(bench)
    check = found[f"permission: {needed.label}"]
    assert (health, check["status"]) == ("red", "failed")
    assert needed.label in check["remedy"]


@pytest.mark.parametrize("fault", ["user_unreadable", "roles_unreadable"])
def test_an_unreadable_role_is_unknown_and_never_ok(bench, fault):
    bench.sandbox.world.faults.set(fault)
    _, found = checks(bench)
    upload = found["permission: RemoteOps > Upload"]
    # Without Roles.view the user's own page still tells; without Users.view nothing does.
    assert upload["status"] == ("ok" if fault == "roles_unreadable" else "unknown")
    assert found["SentinelOne: token accepted"]["status"] == "ok"


@pytest.mark.parametrize(
    ("fault", "name", "status", "words"),
    [
        ("token_expired", "SentinelOne: token accepted", "failed", "expired"),
        ("token_expiring=48", "SentinelOne: token accepted", "warning", "expires on"),
        ("site_scope_token", "SentinelOne: scope of the service user", "failed", "site scope"),
        ("key_revoked", "Cado: API key accepted", "failed", "401"),
        ("cado_role=Platform Administrator", "Cado: role of the key", "failed", "run collections"),
        ("cado_role=Analyst", "Cado: role of the key", "warning", "create investigations"),
        ("license=RESTRICTED", "Cado: licence", "failed", "RESTRICTED"),
        (
            "drop_request@/api/v3/import/cado-host",
            "Cado: Cado Host for via=remoteops",
            "warning",
            "where Cado Host is",
        ),
        ("account_unknown", "Cado: SentinelOne account", "failed", "no account"),
        ("drop_request@/web/api", "SentinelOne: console reachable", "failed", "SentinelOne"),
        ("drop_request@/api/v3", "Cado: platform reachable", "failed", "Cado"),
    ],
)
def test_what_is_wrong_is_named_with_a_remedy(bench, fault, name, status, words):
    bench.sandbox.world.faults.set(fault)
    health, found = checks(bench)
    assert found[name]["status"] == status
    assert words.casefold() in found[name]["detail"].casefold()
    assert found[name]["remedy"]
    assert health == ("red" if status == "failed" else "amber")


def test_an_issue_of_the_account_check_is_told_in_cados_words(bench):
    bench.sandbox.world.faults.set("account_issue=RemoteOps is off on two sites")
    health, found = checks(bench)
    assert health == "red"
    assert any("RemoteOps is off on two sites" in check["detail"] for check in found.values())


def test_missing_exclusions_warn_until_they_are_added(bench):
    _, found = checks(bench)
    patterns = [name for name in found if name.startswith("exclusion: ")]
    assert len(patterns) == 3
    assert {found[name]["status"] for name in patterns} == {"warning"}
    accounts = {agent.account_id for agent in bench.sandbox.world.agents}
    seen = {site["account_id"] for site in bench.run("list_endpoints").data} & accounts
    added = bench.run("add_exclusions", scope="account", scope_ids=sorted(seen))
    assert added.error is None
    _, found = checks(bench)
    assert {found[name]["status"] for name in patterns} == {"ok"}


def test_sites_without_remoteops_are_named(bench):
    _, found = checks(bench)
    check = found["SentinelOne: RemoteOps on the sites"]
    assert check["status"] == "warning"
    bare = [site.name for site in bench.sandbox.world.sites if "rso" not in site.modules]
    assert any(name in check["detail"] for name in bare)


def test_where_endpoints_get_cado_host_from_is_told(bench):
    _, found = checks(bench)
    check = found["Cado: Cado Host for via=remoteops"]
    assert check["status"] == "ok" and "127.0.0.1" in check["detail"]


def test_an_asset_without_settings_says_which(bench):
    bench.asset = {
        name: value for name, value in bench.asset.items() if not name.startswith("cado_")
    }
    health, found = checks(bench)
    assert health == "red"
    assert "cado_url" in found["Cado: settings"]["detail"]
    assert found["SentinelOne: token accepted"]["status"] == "ok"


def test_a_ledger_that_cannot_be_written_is_red(bench, tmp_path):
    folder = tmp_path / "not-a-ledger.db"
    folder.mkdir()
    bench.asset["ledger_url"] = f"sqlite:///{folder}"
    health, found = checks(bench)
    assert (health, found["ledger writable"]["status"]) == ("red", "failed")


def test_a_shallow_look_asks_for_the_least(bench):
    _, found = checks(bench, deep=False)
    assert found.keys() == {
        "SentinelOne: console reachable",
        "SentinelOne: token accepted",
        "Cado: platform reachable",
        "Cado: API key accepted",
        "Cado: role of the key",
        "ledger writable",
    }
