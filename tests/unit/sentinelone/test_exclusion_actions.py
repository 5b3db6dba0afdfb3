"""The three exclusion actions: three patterns, once, and only ours are removed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from cado_sentinelone.engine.patterns import MARKER, PATTERNS
from cado_sentinelone.errors import (
    AnswerLostError,
    ForbiddenError,
    LedgerError,
    ParamsError,
    RefusedError,
)
from cado_sentinelone_actions.exclusions import (
    AddExclusionsParams,
    ListExclusionsParams,
    RemoveExclusionsParams,
    add_exclusions,
    list_exclusions,
    remove_exclusions,
)

WINDOWS_GRABBER, WINDOWS_HOST, LINUX_HOST = PATTERNS
DESCRIPTION = f"Cado Host ({MARKER})"


@pytest.fixture
def asset(asset, tmp_path):
    from pydantic import SecretStr

    return asset.model_copy(update={"ledger_url": SecretStr(f"sqlite:///{tmp_path}/ledger.db")})


@pytest.fixture
def run(run):
    yield run
    run.close()


def exclusion(pattern, number, *, site="11", **fields):
    return {
        "id": str(number),
        "type": "path",
        "value": pattern.value,
        "osType": pattern.os,
        "mode": "suppress",
        "description": DESCRIPTION,
        "scope": {"siteIds": [site]},
        **fields,
    }


def allowed(console, status="NONE", *errors):
    details = [{"field": "value", "error": error} for error in errors]
    console.answer("POST", "exclusions/validate", {"status": status, "details": details})


def add(asset, run, **given):
    params = AddExclusionsParams(**{"scope": "site", "scope_ids": ("11",), "os": "linux", **given})
    return list(add_exclusions(asset, params, run))


def remove(asset, run, **given):
    params = RemoveExclusionsParams(
        **{"scope": "site", "scope_ids": ("11",), "os": "linux", **given}
    )
    return list(remove_exclusions(asset, params, run))


def test_the_patterns_are_the_vendors():
    assert [tuple(pattern) for pattern in PATTERNS] == [
        ("windows", r"Windows\Temp\_MEI*\**\CadoHostRawGrabber.exe"),
        ("windows", r"Windows\Temp\cado-host-*\cado-host.exe"),
        ("linux", "/tmp/cado-host-*/cado-host"),  # noqa: S108 - a pattern
    ]


@pytest.mark.parametrize(("os", "count"), [("windows", 2), ("linux", 1), ("all", 3)])
def test_each_system_has_its_patterns(console, asset, run, os, count):
    allowed(console)
    console.page("exclusions", [])
    records = add(asset, run, os=os, dry_run=True)
    assert [record.state for record in records] == ["planned"] * count
    assert {record.scope_id for record in records} == {"11"}


def test_a_dry_run_creates_nothing_and_needs_no_ledger(console, asset, run, tmp_path):
    allowed(console)
    console.page("exclusions", [])
    add(asset, run, dry_run=True)
    assert [method for method, _ in console.asked] == ["POST", "GET"]
    assert list(tmp_path.iterdir()) == []
    assert run.message == "exclusions: 1 planned"


def test_a_pattern_is_created_and_kept_in_the_ledger(console, asset, run):
    allowed(console)
    console.page("exclusions", [])
    console.answer("POST", "exclusions", [exclusion(LINUX_HOST, 500)])
    (record,) = add(asset, run, mode="disable_all_monitors")
    assert (record.state, record.exclusion_id, record.pattern) == (
        "created",
        "500",
        LINUX_HOST.value,
    )
    assert console.body()["data"]["mode"] == "disable_all_monitors"
    assert MARKER in console.body()["data"]["description"]
    assert run.ledger(asset).kept_exclusions() == {"500"}
    assert run.summary == {"created": 1}


def test_what_is_there_is_not_created_again(console, asset, run):
    allowed(console)
    console.page("exclusions", [exclusion(LINUX_HOST, 400, mode="disable_all_monitors")])
    (record,) = add(asset, run)
    assert (record.state, record.exclusion_id, record.mode) == (
        "already_present",
        "400",
        "disable_all_monitors",
    )
    assert run.ledger(asset).kept_exclusions() == set()


@pytest.mark.parametrize("elsewhere", [{"siteIds": ["12"]}, {"accountIds": ["1"]}])
def test_what_is_elsewhere_is_not_there(console, asset, run, elsewhere):
    allowed(console)
    console.page("exclusions", [exclusion(LINUX_HOST, 400, scope=elsewhere)])
    assert [record.state for record in add(asset, run, dry_run=True)] == ["planned"]


def test_12_19_a_duplicate_that_came_in_between_is_already_present(console, asset, run):
    allowed(console)
    console.page("exclusions", [])
    console.fail("POST", "exclusions", 400, 4000040, "Already Exists Error", "it is there")
    console.page("exclusions", [exclusion(LINUX_HOST, 400)])
    (record,) = add(asset, run)
    assert (record.state, record.exclusion_id) == ("already_present", "400")
    assert run.ledger(asset).kept_exclusions() == set()


def test_what_the_console_does_not_allow_is_refused_in_its_words(console, asset, run):
    allowed(console, "Not allowed", "This value covers everything.")
    console.page("exclusions", [])
    (record,) = add(asset, run)
    assert (record.state, record.reason) == ("refused", "This value covers everything.")
    assert ("POST", "exclusions") not in console.asked


def test_what_the_console_does_not_recommend_is_created_with_a_warning(console, asset, run):
    allowed(console, "Not recommended", "It is broad.")
    console.page("exclusions", [])
    console.answer("POST", "exclusions", [exclusion(LINUX_HOST, 500)])
    assert [record.state for record in add(asset, run)] == ["created"]
    assert "It is broad." in run.warnings[0]


def test_one_pattern_that_is_refused_does_not_stop_the_others(console, asset, run):
    allowed(console)
    console.page("exclusions", [])
    console.fail("POST", "exclusions", 400, 4000010, "Validation Error", "value: no wildcards")
    console.answer("POST", "exclusions", [exclusion(WINDOWS_HOST, 501)])
    refused, created = add(asset, run, os="windows")
    assert (refused.state, created.state) == ("refused", "created")
    assert "no wildcards" in refused.reason


def test_a_missing_permission_is_no_refusal_of_one_pattern(console, asset, run):
    allowed(console)
    console.page("exclusions", [])
    console.fail("POST", "exclusions", 403, 4030010, "Insufficient permissions")
    with pytest.raises(ForbiddenError, match="Insufficient permissions"):
        add(asset, run)


def test_a_lost_answer_is_looked_up(console, asset, run):
    """R2: created is said when the console shows it, not before."""
    allowed(console)
    console.page("exclusions", [])
    console.refuse("POST", "exclusions", 502, "<html></html>")
    console.page("exclusions", [exclusion(LINUX_HOST, 500)])
    (record,) = add(asset, run)
    assert (record.state, record.exclusion_id) == ("created", "500")
    assert run.ledger(asset).kept_exclusions() == {"500"}


@pytest.mark.parametrize("there", [[], [exclusion(LINUX_HOST, 500, description="not ours")]])
def test_a_lost_answer_that_nothing_shows_stays_lost(console, asset, run, there):
    allowed(console)
    console.page("exclusions", [])
    console.refuse("POST", "exclusions", 502, "<html></html>")
    console.page("exclusions", there)
    with pytest.raises(AnswerLostError):
        add(asset, run)
    assert run.ledger(asset).kept_exclusions() == set()


def test_without_a_ledger_nothing_is_created(console, asset, run, tmp_path):
    (tmp_path / "ledger.db").write_text("no database")
    with pytest.raises(LedgerError):
        add(asset, run)
    assert console.asked == []


def test_every_place_gets_every_pattern(console, asset, run):
    allowed(console)
    console.page("exclusions", [])
    records = add(asset, run, scope_ids=("11", "12", "11"), os="all", dry_run=True)
    assert [(record.scope_id, record.os) for record in records] == [
        (site, os) for site in ("11", "12") for os in ("windows", "windows", "linux")
    ]
    assert console.asked.count(("POST", "exclusions/validate")) == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scope": "site", "scope_ids": ()}, "scope_ids: is required with scope=site"),
        ({"scope": "group", "scope_ids": ()}, "scope_ids: is required with scope=group"),
        ({"scope": "tenant", "scope_ids": ("1",)}, "a tenant has no id"),
    ],
)
def test_places_must_be_said_clearly(asset, run, given, words):
    with pytest.raises(ParamsError, match=words):
        add(asset, run, **given)


@pytest.mark.parametrize(
    "given",
    [{"scope": "planet"}, {}, {"scope": "site", "scope_ids": "x"}, {"scope": "site", "mode": "no"}],
)
def test_wrong_parameters_are_refused(given):
    with pytest.raises(ValidationError):
        AddExclusionsParams.model_validate(given)


def test_the_pinned_sites_are_meant_when_none_is_named(console, asset, run):
    pinned = asset.model_copy(update={"site_ids": ("11", "12")})
    allowed(console)
    console.page("exclusions", [])
    records = add(pinned, run, scope_ids=(), dry_run=True)
    assert [record.scope_id for record in records] == ["11", "12"]


def test_s10_the_tenant_is_touched_only_by_name_and_never_under_a_pin(console, asset, run):
    allowed(console)
    console.page("exclusions", [])
    console.answer("POST", "exclusions", [exclusion(LINUX_HOST, 500, scope={"tenant": True})])
    (record,) = add(asset, run, scope="tenant", scope_ids=())
    assert (record.state, record.scope, record.scope_id) == ("created", "tenant", "")
    assert console.body()["filter"] == {"tenant": True}
    asked = len(console.asked)
    pinned = asset.model_copy(update={"account_ids": ("1",)})
    for call in (add, remove):
        with pytest.raises(RefusedError):
            call(pinned, run, scope="tenant", scope_ids=())
    assert len(console.asked) == asked


def test_each_pattern_is_present_inherited_or_missing(console, asset, run):
    above = {"scope": {"accountIds": ["1"]}, "scopePath": "Global / Acme"}
    console.page(
        "exclusions",
        [
            exclusion(WINDOWS_GRABBER, 1),
            exclusion(WINDOWS_HOST, 2, **above),
            exclusion(WINDOWS_GRABBER, 3, **above),
            exclusion(LINUX_HOST, 4, value="/tmp/cado-host-other"),  # noqa: S108
        ],
    )
    params = ListExclusionsParams(scope="site", scope_ids=("11",))
    records = list(list_exclusions(asset, params, run))
    assert [(record.state, record.exclusion_id, record.reason) for record in records] == [
        ("present", "1", ""),
        ("inherited", "2", "from Global / Acme"),
        ("missing", "", ""),
    ]
    assert console.query()["includeParents"] == "true"
    assert run.message == "exclusions: 1 present, 1 inherited, 1 missing"


def kept(asset, run, *numbers):
    """Notes in the ledger that this connector created the exclusions."""
    for number in numbers:
        run.ledger(asset).keep_exclusion(
            str(number), scope="site", scope_id="11", os="linux", value="", at=run.utcnow()
        )


def test_what_this_connector_created_is_removed(console, asset, run):
    kept(asset, run, 500)
    console.page("exclusions", [exclusion(LINUX_HOST, 500)])
    console.answer("DELETE", "exclusions", {"affected": 1})
    (record,) = remove(asset, run)
    assert (record.state, record.exclusion_id) == ("removed", "500")
    assert console.body()["data"]["ids"] == ["500"]
    assert run.ledger(asset).kept_exclusions() == set()


@pytest.mark.parametrize(
    ("number", "description", "reason"),
    [
        (501, DESCRIPTION, "ledger does not know it"),
        (500, "mine now", "description was changed"),
        (501, "made by hand", "ledger does not know it"),
    ],
)
def test_what_somebody_else_created_is_kept(console, asset, run, number, description, reason):
    kept(asset, run, 500)
    console.page("exclusions", [exclusion(LINUX_HOST, number, description=description)])
    (record,) = remove(asset, run)
    assert record.state == "kept"
    assert reason in record.reason
    assert console.asked == [("GET", "exclusions")]


def test_what_the_console_does_not_delete_is_kept(console, asset, run):
    kept(asset, run, 500)
    console.page("exclusions", [exclusion(LINUX_HOST, 500)])
    console.answer("DELETE", "exclusions", {"affected": 0})
    (record,) = remove(asset, run)
    assert (record.state, record.reason) == ("kept", "the console did not delete it")
    assert run.ledger(asset).kept_exclusions() == {"500"}


def test_where_there_is_none_nothing_is_removed(console, asset, run):
    console.page("exclusions", [])
    assert remove(asset, run) == []
    assert run.message == "exclusions: none found"
