"""list_endpoints and get_endpoint: what they take, what they refuse before anything is sent."""

from __future__ import annotations

import pytest
from pydantic import SecretStr, ValidationError

from cado_sentinelone.errors import AssetError, ParamsError, RefusedError
from cado_sentinelone.models.asset import Asset
from cado_sentinelone_actions.endpoints import (
    GetEndpointParams,
    ListEndpointsParams,
    get_endpoint,
    list_endpoints,
)

CADO = "https://cado.example.com"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"hostname_contains": "l"}, "hostname_contains"),
        ({"hostname_contains": "lap,srv"}, "hostname_contains"),
        ({"os": "beos"}, "os"),
        ({"site_ids": "11,x"}, "site_ids"),
        ({"site_ids": [str(number) for number in range(501)]}, "site_ids"),
        ({"limit": 0}, "limit"),
        ({"page_size": 1001}, "page_size"),
        ({"page_size": 0}, "page_size"),
        ({"source": "elsewhere"}, "source"),
        ({"hostname": "lap"}, "hostname"),
    ],
)
def test_wrong_parameters_are_named(given, field):
    with pytest.raises(ValidationError) as error:
        ListEndpointsParams.model_validate(given)
    assert {problem["loc"][0] for problem in error.value.errors()} == {field}


def test_a_form_may_send_text_for_everything():
    params = ListEndpointsParams.model_validate(
        {"hostname_contains": "", "os": "", "site_ids": "11, 12", "limit": "5", "online_only": "no"}
    )
    assert (params.os, params.site_ids, params.limit) == ("", ("11", "12"), 5)


def test_an_endpoint_needs_a_name():
    with pytest.raises(ValidationError):
        GetEndpointParams.model_validate({"endpoint": ""})


def test_hints_and_examples_are_on_the_fields():
    properties = ListEndpointsParams.model_json_schema()["properties"]
    assert properties["hostname_contains"]["soar"] == "hostname"
    assert properties["site_ids"]["soar"] == "site id"
    assert all(field["description"] for field in properties.values())


def test_a_listing_passes_everything_on(console, asset, run):
    console.page("agents", [console.agent(isActive=False)], following="c", total=2)
    params = ListEndpointsParams(
        hostname_contains="lap", os="linux", site_ids=("11",), query="q", limit=1, cursor="b"
    )
    (endpoint,) = list_endpoints(asset, params, run)
    assert endpoint.agent_id == "1000000000000000001"
    query = console.query()
    assert (query["computerName__contains"], query["osTypes"], query["siteIds"]) == (
        "lap",
        "linux",
        "11",
    )
    assert (query["query"], query["limit"], query["cursor"]) == ("q", "1", "b")
    assert run.summary == {"next_cursor": "c"}


def test_one_endpoint_is_told_in_the_message(console, asset, run):
    console.page("agents", [console.agent()])
    console.sites(console.site("11", "rso"))
    console.answer("GET", "agents/count", {"total": 1})
    get_endpoint(asset, GetEndpointParams(endpoint="host-1"), run)
    assert run.message == "host-1 (agent 1000000000000000001)"


def test_an_asset_without_the_half_that_is_used_says_so(run):
    with pytest.raises(AssetError, match="sentinelone_url, sentinelone_token"):
        list(list_endpoints(Asset(), ListEndpointsParams(), run))
    with pytest.raises(AssetError, match="cado_account_name"):
        list(list_endpoints(Asset(), ListEndpointsParams(source="cado"), run))


@pytest.fixture
def cado_asset():
    """An asset with nothing of SentinelOne: source=cado does not need it."""
    return Asset(
        cado_url=CADO, cado_api_key=SecretStr("canary-cado-key"), cado_account_name="s1-prod"
    )


def devices(console, *rows, following=""):
    pagination = {"type": "cursor", "next_token": following}
    console.mock.add(
        "GET",
        f"{CADO}/api/v3/import/xdr/sentinelone",
        json={"status": "success", "data": list(rows), "pagination": pagination},
    )


def device(device_id="1", **fields):
    return {
        "device_id": device_id,
        "hostname": f"host-{device_id}",
        "ip_address": "172.31.0.64",
        "operating_system": "Windows Server 2022 Datacenter 20348",
        "is_online": True,
        **fields,
    }


def test_cado_tells_what_it_knows_and_leaves_open_what_it_does_not(console, cado_asset, run):
    devices(console, device(tags=["vip"]))
    (endpoint,) = list_endpoints(cado_asset, ListEndpointsParams(source="cado"), run)
    assert (endpoint.agent_id, endpoint.hostname, endpoint.os) == ("1", "host-1", "windows")
    assert (endpoint.ip_addresses, endpoint.tags) == (("172.31.0.64",), ("vip",))
    assert endpoint.collectable is None
    assert endpoint.not_collectable_reason


@pytest.mark.parametrize(
    ("name", "os", "collectable"),
    [
        ("Linux Amazon 2 5.10.192", "linux", None),
        ("macOS 14.4", "macos", False),
        ("Darwin 23", "macos", False),
        ("Solaris", "", None),
    ],
)
def test_the_kind_of_system_is_read_off_its_name(console, cado_asset, run, name, os, collectable):
    devices(console, device(operating_system=name))
    (endpoint,) = list_endpoints(cado_asset, ListEndpointsParams(source="cado"), run)
    assert (endpoint.os, endpoint.os_name, endpoint.collectable) == (os, name, collectable)


def test_an_offline_device_is_not_collectable(console, cado_asset, run):
    devices(console, device(is_online=False))
    (endpoint,) = list_endpoints(cado_asset, ListEndpointsParams(source="cado"), run)
    assert (endpoint.collectable, endpoint.not_collectable_reason) == (
        False,
        "the endpoint is offline",
    )


def test_what_cado_does_not_sift_is_sifted_here(console, cado_asset, run):
    devices(
        console,
        device("1"),
        device("2", is_online=False),
        device("3", operating_system="Linux"),
        device("4", hostname="other"),
        device("5"),
        device("6"),
    )
    params = ListEndpointsParams(
        source="cado", hostname_contains="HOST", os="windows", online_only=True, limit=2
    )
    assert [one.agent_id for one in list_endpoints(cado_asset, params, run)] == ["1", "5"]


def test_a_plain_listing_of_cado_can_be_resumed(console, cado_asset, run):
    devices(console, device(), following="t2")
    list(list_endpoints(cado_asset, ListEndpointsParams(source="cado", limit=1), run))
    assert run.summary["next_cursor"] == "t2"


@pytest.mark.parametrize("given", [{"site_ids": ("11",)}, {"query": "x"}])
def test_what_cado_cannot_select_by_is_refused(cado_asset, run, given):
    with pytest.raises(ParamsError, match="source=sentinelone"):
        list(list_endpoints(cado_asset, ListEndpointsParams(source="cado", **given), run))


@pytest.mark.parametrize("pin", [{"site_ids": ("11",)}, {"account_ids": ("1",)}])
def test_s10_cado_is_not_asked_under_a_pin(cado_asset, run, pin):
    asset = cado_asset.model_copy(update=pin)
    with pytest.raises(RefusedError, match="cannot be limited"):
        list(list_endpoints(asset, ListEndpointsParams(source="cado"), run))
