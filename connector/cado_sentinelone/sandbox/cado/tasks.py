"""The tasks of each kind of pipeline, with how long they take.

Names and keys are those seen in the wild where there are any; those of a SentinelOne acquisition
are unpublished and invented in their style (Cado contract 6 and 12).
"""

from collections.abc import Iterator
from random import Random

from cado_sentinelone.sandbox.cado.lives import Task

_PROCESSING = (
    (
        "Acquisition > Setup: Spinning up processing worker machine.",
        "infrastructure.spinup_worker_machine",
        (90, 150),
    ),
    (
        "Acquisition > Setup: Checking the worker's disk.",
        "infrastructure.check_ssd",
        (5, 10),
    ),
    (
        "Acquisition > Data Transfer: Downloading data from the cloud storage.",
        "acquisition.from_cloud_storage",
        (60, 120),
    ),
    (
        "Triage: Extracting evidence and any additional archives.",
        "extraction.disk_extraction",
        (120, 200),
    ),
    (
        "Analysis > Timeline: Building MACB timeline events.",
        "timeline_builder.macb_events",
        (150, 240),
    ),
    (
        "Analysis > Timeline: Building log timeline events.",
        "timeline_builder.log2_timeline",
        (240, 360),
    ),
    ("Analysis: Hashing files.", "plugins.hash_files", (120, 180)),
    ("Analysis: Running Yara rules.", "plugins.yara", (180, 260)),
    ("Analysis: Extracting indicators of compromise.", "plugins.ioc_extract", (60, 100)),
    ("Shutdown: Stopping worker machine.", "infrastructure.self_shutdown", (20, 40)),
)
_ANALYSIS = (
    ("Integrations: Looking up hashes.", "plugins.intel", (90, 150)),
    ("Analysis: Scoring timeline events.", "analysis.auto_investigate", (150, 240)),
    ("Analysis: Counting alarms.", "analysis.alarm_summary", (30, 60)),
)
_FAILURES = {
    "timeline_builder.macb_events": "Error: Unrecoverable error: Internal error, see messages tab "
    "or application logs for more details.",
    "plugins.yara": "Error: 3 of 412 rules could not be compiled and were left out.",
}


def acquisition(rng: Random, options: str, stop: tuple[float, str] | None) -> tuple[Task, ...]:
    """An acquisition over SentinelOne, with the seconds and the reason of what stops it, if any."""
    seconds, failure = stop or (rng.uniform(1020, 1320), "")
    return (
        Task(
            "Acquisition > Setup: Generating a Cado Host script for the device.",
            "acquisition.generate_cado_host",
            rng.uniform(20, 40),
            (options,),
        ),
        Task(
            "Acquisition: Running Cado Host using SentinelOne",
            "acquisition.xdr_sentinelone",
            seconds,
            ("Waiting for the device to upload its archive.",),
            failure,
        ),
        Task(
            "Acquisition: Create a processing pipeline",
            "acquisition.kick_processing",
            rng.uniform(5, 10),
        ),
    )


def processing(rng: Random, failing: str = "", *, fatal: bool = True) -> tuple[Task, ...]:
    """The processing of an archive; `failing` is the key of the task that fails."""
    return tuple(
        Task(
            name,
            key,
            rng.uniform(*seconds),
            failure=_FAILURES[key] if key == failing else "",
            fatal=fatal,
        )
        for name, key, seconds in _PROCESSING
    )


def analysis(rng: Random) -> tuple[Task, ...]:
    """What follows once an archive is processed."""
    return tuple(Task(name, key, rng.uniform(*seconds)) for name, key, seconds in _ANALYSIS)


def account_check(rng: Random, problem: str) -> tuple[Task, ...]:
    """The check of one account."""
    return (_xdr_connections(rng, problem),)


def platform_check(rng: Random, problem: str) -> tuple[Task, ...]:
    """The check of the whole platform, every XDR account included."""
    return (*_platform(rng), _xdr_connections(rng, problem))


def _platform(rng: Random) -> Iterator[Task]:
    for name, key in (
        ("Health Check: Outbound Connectivity", "healthcheck.outbound_connectivity"),
        ("Validating Cado Host download location.", "healthcheck.cado_host_location"),
        ("Cloud Storage Access", "healthcheck.cloud_storage"),
        ("Validating worker spinup/shutdown", "healthcheck.workers"),
    ):
        yield Task(name, key, rng.uniform(5, 30))


def _xdr_connections(rng: Random, problem: str) -> Task:
    return Task(
        "Health Check: Testing XDR Connections are valid",
        "healthcheck.xdr_connections",
        rng.uniform(20, 60),
        failure=f"Health Check Issue: {problem}" if problem else "",
    )
