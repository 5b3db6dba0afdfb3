"""Faults by name: what the sandbox should do wrong, where and how often.

A SPEC is `name[=value][@[METHOD:]/path/prefix][%percent][*times]`, several joined by `;`. Only faults
on the wire look at the method. A percentage is of the occasions, by a seed: the same seed and calls,
the same faults.
"""

import difflib
import random
import re
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cado_sentinelone.sandbox.sentinelone.permissions import PERMISSIONS

FAULTS: dict[str, str] = {
    # On the wire, any path.
    "latency": "=SECONDS: wait before every answer",
    "drop_request": "close the connection before the work",
    "drop_reply": "do the work, then close the connection without a byte",
    "error_500": "answer 500",
    "error_502": "answer 502 with an HTML page",
    "error_503": "answer 503 with an HTML page",
    "throttle": "[=SECONDS]: answer 429 with an HTML page, with Retry-After if seconds are given",
    "dribble": "=BYTES: send the answer at so many bytes per second",
    "truncate": "cut the answer in the middle and close the connection",
    "extra_fields": "add an unknown field to every JSON object of the answer",
    "html": "answer 200 with an HTML page",
    # SentinelOne.
    "missing_permission": "=PAGE.PERMISSION: the collector's role lacks this permission (repeatable)",
    "missing_permission_status": "=401|403: what a missing permission looks like (401)",
    "token_expired": "every SentinelOne token has expired",
    "token_expiring": "=HOURS: every SentinelOne token expires so soon",
    "site_scope_token": "the collector's service user has site scope",
    "rate_limits": "enforce SentinelOne's rate limits per token",
    "user_unreadable": "the token may not read users, its own user included",
    "roles_unreadable": "the token may not read roles",
    "console_permissions": "list the role permissions that only the console is known to show",
    # Cado.
    "cado_role": "=ROLE: role of the Cado key",
    "key_revoked": "the Cado key is revoked",
    "license": "=LEVEL: level of the Cado licence",
    "account_issue": "=TEXT: Cado's account check reports this issue",
    "account_unknown": "Cado does not know the SentinelOne account",
    "import_fails": "the acquisition pipeline fails",
    "import_stuck": "the acquisition pipeline never ends",
    "child_fails": "the processing pipeline fails",
    "child_partly_fails": "the processing pipeline completes with failed tasks",
    "no_evidence": "the acquisition completes and nothing arrives",
    "evidence_for_other_host": "the evidence that arrives is of another endpoint",
    # Remote scripts and what happens to them on the endpoint.
    "rso_approval": "[=SITE]: a guardrail asks for an approval of every execution, or of that site's",
    "rso_none": "an execution reaches no endpoint",
    "rso_partial": "an execution reaches all endpoints but one",
    "script_changed": "somebody changes an uploaded script",
    "script_deleted": "somebody deletes an uploaded script",
    "task_stuck": "a task never ends",
    "task_expires": "a task is never taken by its endpoint and expires",
    "endpoint_reboots": "the endpoint restarts in the middle of a script",
    "disk_full": "the endpoint has too little free space",
    "capture_fails": "Cado Host fails to capture",
    "upload_refused": "the bucket refuses an upload",
    "credential_expired": "upload credentials have expired when they are given",
    "no_output": "scripts leave no result file",
}

_NUMBERS = {"latency", "dribble", "token_expiring"}
_OPTIONAL_NUMBERS = {"throttle"}
_OPTIONAL_TEXTS = {"rso_approval"}
_TEXTS = {"cado_role", "license", "account_issue"}
_CHOICES: dict[str, Collection[str]] = {
    "missing_permission": PERMISSIONS,
    "missing_permission_status": ("401", "403"),
}

_SPEC = re.compile(
    r"(?P<name>\w+)(?:=(?P<value>.*?))?"
    r"(?:@(?:(?P<method>[A-Z]+):)?(?P<path>/\S*?))?(?:%(?P<percent>\d+(?:\.\d+)?))?"
    r"(?:\*(?P<times>[1-9]\d*))?",
    re.DOTALL,
)


@dataclass(slots=True)
class Fault:
    """One fault: `method` and the prefix `path` limit it, `times` is how often it is still due."""

    name: str
    value: str | None = None
    path: str = ""
    times: int | None = None
    method: str = ""
    percent: float | None = None

    def __str__(self) -> str:
        """The fault as its SPEC."""
        value = "" if self.value is None else f"={self.value}"
        method = f"{self.method}:" if self.method else ""
        path = f"@{method}{self.path}" if self.path else ""
        times = "" if self.times is None else f"*{self.times}"
        percent = "" if self.percent is None else f"%{self.percent:g}"
        return f"{self.name}{value}{path}{percent}{times}"


class Faults:
    """The faults that are set, in the order in which they were."""

    def __init__(self, spec: str = "", seed: int = 1) -> None:
        """Set what the SPEC says; the seed decides when a fault with a percentage is due.

        Raises:
            ValueError: as `set`.
        """
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._dice = random.Random(f"{seed}/faults")  # noqa: S311
        self.set(spec)

    def __str__(self) -> str:
        """Everything set, as one SPEC."""
        return ";".join(map(str, self._faults))

    def set(self, spec: str) -> None:
        """Add the faults of a SPEC to those that are set, all or none.

        Raises:
            ValueError: a name is unknown, or a value is missing, superfluous or of the wrong kind.
        """
        faults = [_parse(part) for part in spec.split(";") if part.strip()]
        with self._lock:
            self._faults.extend(faults)

    def clear(self) -> None:
        """Set nothing any more."""
        with self._lock:
            self._faults.clear()

    def take(self, name: str, path: str = "", method: str = "") -> Fault | None:
        """The first fault of this name that is due on this call, counted down by one."""
        with self._lock:
            for fault in self._faults:
                limits = (fault.method in ("", method), path.startswith(fault.path))
                if fault.name == name and all(limits) and self._is_due(fault):
                    if fault.times is not None:
                        fault.times -= 1
                        if not fault.times:
                            self._faults.remove(fault)
                    return fault
        return None

    def _is_due(self, fault: Fault) -> bool:
        return fault.percent is None or self._dice.random() * 100 < fault.percent

    def values(self, name: str) -> list[str]:
        """The values of every fault of this name, nothing counted down."""
        return [fault.value for fault in self._faults if fault.name == name and fault.value]

    def value(self, name: str) -> str | None:
        """The value of the last fault of this name, nothing counted down."""
        return next(reversed(self.values(name)), None)

    def on(self, name: str) -> bool:
        """Whether a fault of this name is set, nothing counted down."""
        return any(fault.name == name for fault in self._faults)


def _parse(part: str) -> Fault:
    match = _SPEC.fullmatch(part.strip())
    if match is None:
        raise ValueError(f"{part.strip()!r} is not name[=value][@[METHOD:]/path][%percent][*times]")
    name, value, method, path = match.group("name", "value", "method", "path")
    percent, times = match.group("percent", "times")
    if name not in FAULTS:
        raise ValueError(f"unknown fault {name!r}, did you mean {_nearest(name, FAULTS)!r}?")
    _check_value(name, value)
    return Fault(
        name,
        value,
        path or "",
        int(times) if times else None,
        method or "",
        float(percent) if percent else None,
    )


def _check_value(name: str, value: str | None) -> None:
    if value is None:
        if name in _NUMBERS | _TEXTS or name in _CHOICES:
            raise ValueError(f"fault {name!r} needs a value")
    elif name in _NUMBERS | _OPTIONAL_NUMBERS:
        if not re.fullmatch(r"\d+(\.\d+)?", value) or not float(value):
            raise ValueError(f"fault {name!r} needs a number above 0, not {value!r}")
    elif name in _CHOICES:
        if value not in _CHOICES[name]:
            nearest = _nearest(value, _CHOICES[name])
            raise ValueError(f"fault {name!r} knows no {value!r}, did you mean {nearest!r}?")
    elif name not in _TEXTS | _OPTIONAL_TEXTS:
        raise ValueError(f"fault {name!r} takes no value")
    elif not value:
        raise ValueError(f"fault {name!r} needs a value")


def _nearest(word: str, words: Iterable[str]) -> str:
    return difflib.get_close_matches(word, sorted(words), n=1, cutoff=0)[0]
