"""The sandbox's virtual time and its faults by name."""

import pytest

from cado_sentinelone.sandbox.clock import Clock
from cado_sentinelone.sandbox.faults import FAULTS, Faults


def test_a_clock_that_stands_still_is_turned_by_hand():
    clock = Clock(speed=0, start=1000.0)
    assert clock.now() == 1000.0
    clock.advance(3600)
    assert clock.now() == 4600.0


def test_changing_the_speed_makes_no_jump(monkeypatch):
    real = 50.0
    monkeypatch.setattr("time.monotonic", lambda: real)
    clock = Clock(speed=600, start=0.0)
    real += 1
    assert clock.now() == 600.0
    clock.speed = 2
    assert clock.now() == 600.0
    real += 10
    assert clock.now() == 620.0
    clock.advance(5)
    assert (clock.now(), clock.speed) == (625.0, 2)


def test_time_never_goes_back():
    clock = Clock(speed=0)
    for wrong in (-1.0, float("inf"), float("nan")):
        with pytest.raises(ValueError, match="clock cannot"):
            clock.advance(wrong)
        with pytest.raises(ValueError, match="clock cannot"):
            clock.speed = wrong


def test_moments_are_written_with_microseconds():
    assert Clock.iso(1519706966.257525) == "2018-02-27T04:49:26.257525Z"
    assert Clock.iso(0) == "1970-01-01T00:00:00.000000Z"


def test_a_spec_names_value_path_method_and_times():
    spec = (
        "latency=0.5; throttle=3@/web/api/v2.1/agents*2;drop_reply@POST:/api/v3*1"
        ";account_issue=No RSO, ask. 5*4"
    )
    faults = Faults(spec)
    assert faults.take("latency", "/anything").value == "0.5"
    assert faults.take("throttle", "/web/api/v2.1/sites") is None
    assert faults.take("drop_reply", "/api/v3/x", "GET") is None
    assert faults.take("drop_reply", "/api/v3/x", "POST").times == 0
    assert faults.take("drop_reply", "/api/v3/x", "POST") is None
    assert [
        fault and fault.value
        for fault in (faults.take("throttle", "/web/api/v2.1/agents") for _ in range(3))
    ] == ["3", "3", None]
    assert faults.value("account_issue") == "No RSO, ask. 5"


def test_what_is_set_is_read_back_as_a_spec():
    spec = "throttle;latency=1@/a*3;drop_reply@POST:/b"
    faults = Faults(spec)
    assert str(faults) == spec
    assert str(Faults(str(faults))) == spec
    faults.clear()
    assert not faults.on("throttle")
    assert str(faults) == ""


def test_a_fault_that_repeats_has_several_values():
    faults = Faults("missing_permission=Users.view;missing_permission=Roles.view")
    assert faults.values("missing_permission") == ["Users.view", "Roles.view"]
    assert faults.value("missing_permission") == "Roles.view"
    assert faults.value("license") is None


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("latncy=1", "unknown fault 'latncy', did you mean 'latency'?"),
        ("latency", "fault 'latency' needs a value"),
        ("latency=soon", "needs a number above 0, not 'soon'"),
        ("dribble=0", "needs a number above 0, not '0'"),
        ("throttle=x", "needs a number above 0, not 'x'"),
        ("drop_reply=1", "fault 'drop_reply' takes no value"),
        ("license=", "fault 'license' needs a value"),
        ("missing_permission_status=500", "knows no '500', did you mean"),
        ("missing_permission=Endpoint.view", "did you mean 'Endpoints.view'?"),
        ("drop_reply*0", "is not name"),
        ("=1", "is not name"),
    ],
)
def test_a_spec_that_makes_no_sense_is_refused_whole(spec, words):
    faults = Faults("html")
    with pytest.raises(ValueError, match=r".") as refused:
        faults.set(f"drop_reply;{spec}")
    assert words in str(refused.value)
    assert str(faults) == "html"


def test_every_fault_is_explained():
    assert all(FAULTS.values())
