"""Work by Celery on RabbitMQ: real workers, a real broker, and messages that nobody should believe."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.engine.rabbitmq import missing, running_server

from cado_sentinelone.assets import asset_of
from cado_sentinelone.engine.desk import Desk
from cado_sentinelone.fleet.begin import tenant_of
from cado_sentinelone.fleet.queue import (
    BROKER,
    TASK,
    Hint,
    connect,
    hint_in,
    make_app,
    queue_name,
    send,
)
from cado_sentinelone.fleet.queue_clock import Clock
from cado_sentinelone.fleet.queue_state import queue_lines
from cado_sentinelone.invoke import invoke
from cado_sentinelone.sandbox.running import RunningSandbox

NOTHING_FOLLOWS = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
TENANT, OTHER, FLEET_ID = "a" * 32, "b" * 32, "fleet-" + "0" * 16


@pytest.fixture(scope="module")
def rabbitmq():
    """A RabbitMQ server for the tests of this file; a test that cannot have one says why."""
    if why := missing():
        pytest.skip(why)
    with TemporaryDirectory(prefix="queue-") as folder, running_server(Path(folder)) as server:
        yield server


class Place:
    """A folder with an asset whose sandbox turns an hour in six seconds, and commands run there."""

    def __init__(self, folder, sandbox, ledger_url):
        self.folder, self.sandbox = folder, sandbox
        self.asset = sandbox.asset | {"ledger_url": ledger_url}
        self.tenant = tenant_of(asset_of(self.asset))
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CADO_")
        } | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        (folder / "asset.json").write_text(json.dumps(self.asset), encoding="utf-8")

    @contextmanager
    def started(self, *arguments, **environment):
        with subprocess.Popen(  # noqa: S603 - this interpreter, our own program
            [
                sys.executable,
                "-m",
                "cado_sentinelone",
                "fleet",
                *arguments,
                "--asset",
                "asset.json",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment | environment,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments, **environment):
        """The exit status and all that was said."""
        with self.started(*arguments, **environment) as process:
            told = "".join(process.communicate(timeout=120))
        return process.returncode, told

    def record(self, action, **parameters):
        outcome = invoke({"action": action, "asset": self.asset, "parameters": parameters})
        assert outcome.error is None, outcome.error
        return outcome.data[0]

    def begin(self):
        wanted = {"investigation": "INC-1", "os": "linux", "online_only": True, "canary": 2}
        return self.record("run_fleet_collection", start_rate_per_minute=6000, **wanted)

    def until(self, holds, seconds=120):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.2)


@pytest.fixture
def place(tmp_path, ledger_url):
    with RunningSandbox(endpoints=60, speed=600.0) as sandbox:
        yield Place(tmp_path, sandbox, ledger_url)


on_a_file = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)


def put(url, tenant, *bodies, **properties):
    """Puts bodies into a tenant's queue as anybody might who may write to the broker."""
    with connect(url) as connection, connection.channel() as channel:
        make_app(url, [tenant]).amqp.queues[queue_name(tenant)](channel).declare()
        for body in bodies:
            channel.basic_publish(
                channel.prepare_message(
                    body,
                    content_type=properties.get("content_type", "application/json"),
                    content_encoding="utf-8",
                    headers=properties.get("headers", {"task": TASK, "id": "1"}),
                ),
                exchange="cado_sentinelone.fleet",
                routing_key=queue_name(tenant),
            )


def body_of(*hint, follows=NOTHING_FOLLOWS, named=None):
    return json.dumps([list(hint), named or {}, follows])


def state_of(url, tenant):
    """How many messages wait in the tenant's queue, and how many listen."""
    with connect(url) as connection, connection.channel() as channel:
        found = channel.queue_declare(queue=queue_name(tenant), passive=True)
    return found.message_count, found.consumer_count


@pytest.mark.parametrize("ledger_url", ["postgres"], indirect=True)
def test_it_goes_to_its_end_by_workers_that_hear_of_it_r1(place, rabbitmq):
    fleet = place.begin()
    broker = {BROKER: rabbitmq.url}
    first = place.started("work", "--celery", "--until-done", **broker)
    second = place.started("work", "--celery", "--until-done", "--threads", "2", **broker)
    with first as one, second as other:
        place.until(lambda: place.sandbox.world.effects)
        put(rabbitmq.url, place.tenant, *[body_of(place.tenant, fleet["fleet_id"])] * 20)
        told = one.communicate(timeout=300)[1] + other.communicate(timeout=60)[1]
    assert one.returncode == other.returncode == 0, told
    status = place.record("get_fleet_status", fleet_id=fleet["fleet_id"])
    assert status["state"] == "completed" and status["ended"] == fleet["selected"], told
    assert set(place.sandbox.world.effects.values()) == {1}
    assert place.run("doctor", **broker)[0] == 0
    assert rabbitmq.password not in told and "Traceback" not in told


@on_a_file
def test_a_broker_that_is_stopped_and_started_is_found_again(place, rabbitmq):
    fleet = place.begin()
    broker = {BROKER: rabbitmq.url}
    with place.started("work", "--celery", "--until-done", **broker) as work:
        place.until(lambda: place.sandbox.world.effects)
        status, told = place.run("doctor", **broker)
        assert status == 0 and "hints are ready, 1 workers listen" in told
        rabbitmq.stop()
        try:
            status, seen = place.run("doctor", **broker)
        finally:
            rabbitmq.start()
        assert status == 1 and "RabbitMQ cannot be reached" in seen
        told += seen + work.communicate(timeout=300)[1]
    assert work.returncode == 0, told
    status = place.record("get_fleet_status", fleet_id=fleet["fleet_id"])
    assert status["state"] == "completed" and set(place.sandbox.world.effects.values()) == {1}
    assert "Connection to broker lost" in told and "Traceback" not in told
    assert rabbitmq.password not in told


@on_a_file
def test_what_is_no_hint_is_dropped_and_changes_nothing_s10(place, rabbitmq):
    fleet_id = place.begin()["fleet_id"]
    place.record("pause_fleet_collection", fleet_id=fleet_id)
    url, tenant = rabbitmq.url, place.tenant
    before = place.record("get_fleet_status", fleet_id=fleet_id)
    good = body_of(tenant, fleet_id)
    put(url, OTHER, body_of(OTHER, fleet_id))
    put(
        url, tenant, "{", "[]", "null", "[" * 100_000, '{"task": 1}', body_of(tenant, fleet_id, "x")
    )
    put(url, tenant, body_of(tenant, fleet_id, follows={"chain": [{"task": TASK}]}))
    put(url, tenant, body_of(tenant, "fleet-1; DROP TABLE fleets"), body_of("*", fleet_id))
    put(url, tenant, good, content_type="application/x-python-serialize")
    no_hints = 10
    put(url, tenant, good, headers={"task": ["x"], "id": {}, "eta": "2999-01-01T00:00:00"})
    put(url, tenant, good, headers={"task": "celery.backend_cleanup", "timelimit": "x"})
    put(url, tenant, good, good, headers=None)
    put(url, tenant, body_of(tenant, FLEET_ID), body_of(OTHER, fleet_id))
    with place.started("work", "--celery", "--threads", "1", **{BROKER: url}) as work:
        place.until(lambda: state_of(url, tenant) == (0, 1))
        work.send_signal(signal.SIGTERM)
        told = work.communicate(timeout=60)[1]
    assert work.returncode == 0, told
    assert told.count("dropped a message that is no hint") == no_hints, told
    assert f"dropped a hint for {FLEET_ID}, which the ledger does not have" in told
    assert f"dropped a hint for tenant {OTHER[:8]}" in told
    assert "Traceback" not in told and "queue: " not in told, told
    assert place.record("get_fleet_status", fleet_id=fleet_id)["counts"] == before["counts"]
    assert not place.sandbox.world.effects
    assert state_of(url, OTHER) == (1, 0)


@on_a_file
def test_a_worker_listens_to_the_queues_of_its_own_assets_s10(place, rabbitmq):
    site = place.sandbox.world.sites[0].site_id
    narrow = place.asset | {"site_ids": [site]}
    (place.folder / "narrow.json").write_text(json.dumps(narrow), encoding="utf-8")
    tenants = [place.tenant, tenant_of(asset_of(narrow))]
    for tenant in tenants:
        put(rabbitmq.url, tenant)
    with place.started("work", "--celery", "--asset", "narrow.json", **{BROKER: rabbitmq.url}):
        place.until(lambda: [state_of(rabbitmq.url, t)[1] for t in tenants] == [1, 1])
    with place.started("work", "--celery", **{BROKER: rabbitmq.url}):
        place.until(lambda: [state_of(rabbitmq.url, t)[1] for t in tenants] == [1, 0])


@on_a_file
def test_a_message_holds_ids_alone_and_few_wait_s5(rabbitmq, fleet, monkeypatch):
    monkeypatch.setenv(BROKER, rabbitmq.url)
    asset = asset_of(fleet.asset)
    plan, tenant = fleet.start(), tenant_of(asset)
    app = make_app(rabbitmq.url, [tenant])
    desk = Desk(asset, fleet.new_run())
    assert Clock([desk], lambda hint: send(app, hint), stop=threading.Event()).turn()
    desk.run.close()
    with connect(rabbitmq.url) as connection, connection.channel() as channel:
        message = channel.basic_get(queue_name(tenant), no_ack=True)
    assert json.loads(message.body) == [[tenant, plan["fleet_id"]], {}, NOTHING_FOLLOWS]
    assert hint_in(json.loads(message.body)) == Hint(tenant, plan["fleet_id"])
    assert message.properties["content_type"] == "application/json"
    assert message.properties["expiration"] == "60000"
    whole = f"{message.body} {message.headers} {message.properties}"
    for secret in (asset.sentinelone_token, asset.cado_api_key, asset.ledger_url):
        assert secret.get_secret_value() not in whole
    assert rabbitmq.password not in whole and str(asset.sentinelone_url) not in whole
    assert all(send(app, Hint(tenant, FLEET_ID)) for _ in range(70))
    app.pool.force_close_all()
    assert queue_lines([tenant, "c" * 32]) == [
        f"tenant {tenant[:8]}: 64 hints are ready, 0 workers listen",
        "tenant cccccccc: no queue yet; the first worker makes it",
    ]


@pytest.mark.parametrize("command", [("work", "--celery"), ("doctor",)])
@on_a_file
def test_without_celery_the_extra_is_named(place, command):
    absent = place.folder / "absent" / "celery.py"
    absent.parent.mkdir()
    absent.write_text("raise ImportError('No module named celery', name='celery')")
    path = os.pathsep.join([str(absent.parent), place.environment["PYTHONPATH"]])
    broker = {BROKER: "amqp://u:hidden-word@127.0.0.1:1//", "PYTHONPATH": path}
    status, told = place.run(*command, **broker)
    assert status and 'pip install "cado-sentinelone[celery]"' in told
    assert "hidden-word" not in told and "Traceback" not in told


@on_a_file
def test_without_a_broker_it_says_what_to_set(place):
    status, told = place.run("work", "--celery")
    assert status == 2 and f"{BROKER} is not set" in told and f"Set {BROKER}=amqps://" in told


@on_a_file
def test_a_wrong_password_ends_the_worker_with_words(place, rabbitmq):
    url = rabbitmq.url.replace(rabbitmq.password, "hidden-word")
    status, told = place.run("work", "--celery", **{BROKER: url})
    assert status == 2 and "RabbitMQ refused this worker" in told and "ACCESS_REFUSED" in told
    assert "hidden-word" not in told and "Traceback" not in told
    status, told = place.run("doctor", **{BROKER: url})
    assert status == 1 and "cannot be reached or refused" in told and "hidden-word" not in told


@on_a_file
def test_a_worker_waits_for_its_broker_and_ends_when_it_is_told(place):
    pytest.importorskip("celery", reason="celery is not installed")
    url = "amqp://u:hidden-word@127.0.0.1:1//"
    with place.started("work", "--celery", **{BROKER: url}) as work:
        told = []
        for line in work.stderr:
            told.append(line)
            if "Cannot connect to amqp://u:**@127.0.0.1:1//" in line:
                break
        work.send_signal(signal.SIGTERM)
        told += work.communicate(timeout=60)
    assert work.returncode == 0 and "hidden-word" not in "".join(told), told
