"""What Cado answers, as records: ids under one name, times in UTC, absent and null alike.

Fields that the API may leave out have a default. Where zero or false would be a claim, the
default is None: the platform did not say. Words from a list are kept as text, so that a word
which the contract does not know yet is shown and never breaks a listing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import (
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
)
from pydantic_core import PydanticUseDefault

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_END = 1e11
_ENDED = frozenset({"complete", "failed", "cancelled"})
_MALICIOUS, _SUSPICIOUS = 1, 3


def utc(value: object) -> object:
    """The moment that `value` means: milliseconds above 1e11, else seconds; 0 is no moment
    (Cado contract 0.5). A number beyond the calendar, as forged file times are, is none either.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    if not value:
        return None
    seconds = value / 1000 if abs(value) > _SECONDS_END else value
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None


def severity_word(severity: int) -> str:
    """The word for an alarm severity: 1 malicious, 3 suspicious, 10 informational; smaller is
    worse (Cado contract 7), so a number between two of them gets the milder one's word.
    """
    if severity <= _MALICIOUS:
        return "malicious"
    return "suspicious" if severity <= _SUSPICIOUS else "informational"


def _granted(value: object) -> object:
    """The names that are true; a permission that is missing is not given (Cado contract 1)."""
    if isinstance(value, Mapping):
        return {name for name, given in value.items() if given is True}
    return value


def _some_id(value: object) -> object:
    """None for 0, which stood for "not yet" in the older API (Cado contract 6)."""
    return value or None


Moment = Annotated[datetime | None, BeforeValidator(utc)]
OptionalId = Annotated[int | None, BeforeValidator(_some_id)]
Lower = Annotated[str, StringConstraints(to_lower=True, strip_whitespace=True)]
Upper = Annotated[str, StringConstraints(to_upper=True, strip_whitespace=True)]


class Record(BaseModel):
    """One object of an answer: unknown fields are ignored, null is the same as absent."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
        defer_build=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _null_is_absent(cls, value: object) -> object:
        if value is None:
            raise PydanticUseDefault
        return value


class WhoAmI(Record):
    """Whose key it is. `permissions` holds the names that the platform says are given."""

    username: str = ""
    user_id: int | None = Field(None, validation_alias="id")
    role: str = Field("", validation_alias="rbac_role")
    permissions: Annotated[frozenset[str], BeforeValidator(_granted)] = frozenset()


class SystemStatus(Record):
    """Whether the platform is up; `status` is free text in lower case (Cado contract 1)."""

    status: Lower = ""
    status_message: str = ""
    is_installing: bool | None = None
    setup_complete: bool | None = None

    @property
    def running(self) -> bool:
        return self.status == "running"


class PlatformWarning(Record):
    message: str = ""
    code: str = ""


class Platform(Record):
    """How the platform is deployed; it does not tell its version."""

    saas: bool | None = Field(None, validation_alias=AliasPath("deployment_details", "saas"))
    cloud: str = Field("", validation_alias=AliasPath("deployment_details", "cloud"))
    warnings: tuple[PlatformWarning, ...] = ()
    tenant_name: str = ""


class Licence(Record):
    """`level` is FULL, TRIAGE_ONLY or RESTRICTED; the date is text as the platform writes it."""

    level: Upper = ""
    expiry_date: str = ""
    customer_id: str = ""


class AccountIssue(Record):
    """What the account check found wrong, in the platform's words."""

    service: str = ""
    issue: str = ""
    issue_type: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.service, self.issue) if part) or self.issue_type


class CadoAccount(Record):
    """An account that Cado reaches a vendor with. `issues` come only with a look at one account;
    its health is no field at all (Cado contract 2).
    """

    account_id: int | None = Field(None, validation_alias="id")
    name: str = Field(validation_alias="account_name")
    type: Lower = ""
    public_identifier: str = ""
    check_id: int | None = Field(None, validation_alias="account_check_id")
    last_used: str = Field("", validation_alias="account_last_used")
    issues: tuple[AccountIssue, ...] = Field((), validation_alias="account_issues")


class Device(Record):
    """An endpoint as Cado lists it. Whether `device_id` is SentinelOne's agent id or its UUID is
    not stated: match it, never build it (Cado contract 3.1).
    """

    device_id: str
    hostname: str = ""
    ip_address: str = ""
    operating_system: str = ""
    online: bool | None = Field(None, validation_alias="is_online")
    tags: tuple[str, ...] = ()


class User(Record):
    username: str = ""
    display_name: str = ""
    role: str = Field("", validation_alias="rbac_role")


class Group(Record):
    name: str = ""


class Investigation(Record):
    """One case; other routes call its id `project_id`. Users and groups come only with a look at
    one investigation, alarm counts only when asked for.
    """

    investigation_id: int = Field(validation_alias="id")
    name: str = Field("", validation_alias=AliasPath("details", "name"))
    description: str = Field("", validation_alias=AliasPath("details", "description"))
    status: str = Field("", validation_alias=AliasPath("details", "status"))
    created_at: Moment = Field(None, validation_alias="created")
    evidence_count: int | None = Field(None, validation_alias="evidences")
    malicious: int | None = Field(None, validation_alias=AliasPath("alarms", "malicious"))
    suspicious: int | None = Field(None, validation_alias=AliasPath("alarms", "suspicious"))
    users: tuple[User, ...] = Field((), validation_alias=AliasPath("details", "users"))
    groups: tuple[Group, ...] = Field((), validation_alias=AliasPath("details", "groups"))


class TaskCounts(Record):
    """How many tasks of a pipeline are in which state."""

    total: int = 0
    success: int = 0
    failure: int = 0
    pending: int = 0
    cancelled: int = 0
    running: int = 0


class Subtask(Record):
    """One step of a pipeline. A listing gives only name and state."""

    name: str = ""
    name_key: str = ""
    state: Upper = ""
    started_at: Moment = Field(None, validation_alias="start_time")
    finished_at: Moment = Field(None, validation_alias="finish_time")
    duration_seconds: float | None = Field(None, validation_alias="execution_duration")
    notification_level: str = ""
    progress_text: tuple[str, ...] = ()
    total_stages: int | None = None


class Pipeline(Record):
    """One job of the platform. `status` decides; `aborted` says that a person cancelled it
    (Cado contract 0.1, fact 6).
    """

    pipeline_id: int = Field(validation_alias=AliasPath("pipeline", "id"))
    type: Lower = Field("", validation_alias=AliasPath("pipeline", "type"))
    status: Lower = ""
    name: str = ""
    created_at: Moment = Field(None, validation_alias="created")
    started_at: Moment = Field(None, validation_alias="start_time")
    evidence_id: OptionalId = Field(None, validation_alias=AliasPath("evidence", "id"))
    evidence_name: str = Field("", validation_alias=AliasPath("evidence", "name"))
    project_id: int | None = Field(None, validation_alias=AliasPath("project", "id"))
    project_name: str = Field("", validation_alias=AliasPath("project", "name"))
    triggering_pipeline_id: OptionalId = None
    user_id: int | None = Field(None, validation_alias=AliasPath("user", "id"))
    user_name: str = Field("", validation_alias=AliasPath("user", "name"))
    aborted: bool = False
    can_be_terminated: bool | None = None
    summary: TaskCounts = TaskCounts()
    subtasks: tuple[Subtask, ...] = ()

    @property
    def ended(self) -> bool:
        return self.status in _ENDED

    @property
    def flawless(self) -> bool:
        """Complete without a failed task; `complete` alone does not say so (contract 6)."""
        return self.status == "complete" and not self.summary.failure


class Started(Record):
    """A job was started."""

    pipeline_id: int


class Created(Record):
    """An object was made."""

    id: int


class CadoHostScript(Record):
    """What Cado makes for a collection that somebody else runs (Cado contract 4.1)."""

    command: SecretStr = SecretStr("")
    presigned: SecretStr = Field(SecretStr(""), validation_alias="presigned_data")
    bucket: str = Field("", validation_alias=AliasPath("cloud_storage_info", "bucket"))
    path: str = Field("", validation_alias=AliasPath("cloud_storage_info", "path"))


class CadoHostLink(Record):
    """Where a binary is."""

    link: str
