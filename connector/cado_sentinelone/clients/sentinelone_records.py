"""What the console answers off the beaten track, as records: times in UTC, null like absent.

Fields that the console may leave out have a default; words from a list are kept as text, so that
a word which the contract does not know yet breaks nothing (contract 12.17). Agents have a path of
their own (sentinelone_agent_rows.py).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticUseDefault

from cado_sentinelone.errors import VendorError


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo:
        return moment
    return moment.replace(tzinfo=UTC)  # the console's times are UTC (contract 1.1)


Moment = Annotated[datetime | None, AfterValidator(_utc)]


class Record(BaseModel):
    """One object of an answer: unknown fields are ignored, null is the same as absent."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
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


class Module(Record):
    name: str = ""


class Site(Record):
    """A site and what is licensed on it. `healthStatus` is left out: it is always true now."""

    site_id: str = Field(validation_alias="id")
    name: str = ""
    account_id: str = ""
    account_name: str = ""
    state: str = ""
    site_type: str = ""
    sku: str = ""
    active_licenses: int = 0
    licensed: tuple[Module, ...] = Field((), validation_alias=AliasPath("licenses", "modules"))

    @property
    def modules(self) -> tuple[str, ...]:
        """The names of the site's modules; `rso` is RemoteOps (contract 6)."""
        return tuple(module.name for module in self.licensed)


class Account(Record):
    account_id: str = Field(validation_alias="id")
    name: str = ""
    state: str = ""
    account_type: str = ""
    number_of_sites: int | None = None
    active_agents: int | None = None


class TokenLife(Record):
    """When a token was made and when it dies; None when the console does not say."""

    created_at: Moment = None
    expires_at: Moment = None


class ScopeRole(Record):
    """A role that a user has in one account or site, whose id is `scope_id`."""

    scope_id: str = Field("", validation_alias="id")
    name: str = ""
    account_name: str = ""
    role_id: str = ""
    role_name: str = ""


class User(Record):
    """Whose token it is. `scope` is tenant, account or site."""

    user_id: str = Field("", validation_alias="id")
    email: str = ""
    full_name: str = ""
    scope: str = ""
    scope_roles: tuple[ScopeRole, ...] = ()
    tenant_roles: tuple[Any, ...] = ()
    token: TokenLife = Field(TokenLife(), validation_alias="apiToken")


class Permission(Record):
    """One line of a role. What identifiers look like is not published (contract 13)."""

    identifier: str = ""
    title: str = ""
    granted: bool = Field(False, validation_alias="value")
    group_name: str = ""


class PermissionPage(Record):
    name: str = ""
    identifier: str = ""
    permissions: tuple[Permission, ...] = ()


class Role(Record):
    role_id: str = Field("", validation_alias="id")
    name: str = ""
    scope: str = ""
    pages: tuple[PermissionPage, ...] = ()


class UserPages(Record):
    """What a look at one user adds: the effective permissions."""

    pages: tuple[PermissionPage, ...] = ()


class ConsoleVersion(Record):
    version: str = ""
    release: str = ""
    build: str = ""
    patch: str = ""


class ExclusionScope(Record):
    """Where an exclusion holds: exactly one of the four is given."""

    site_ids: tuple[str, ...] = ()
    account_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()
    tenant: bool = False


class Exclusion(Record):
    exclusion_id: str = Field(validation_alias="id")
    type: str = ""
    value: str = ""
    os_type: str = ""
    mode: str = ""
    description: str = ""
    scope: ExclusionScope = ExclusionScope()
    scope_path: str = ""
    user_name: str = ""
    created_at: Moment = None


class FieldProblem(Record):
    field: str = ""
    error: str = ""


class Validation(Record):
    """What the console says of an exclusion before it is made (contract 9.1)."""

    status: str = ""
    details: tuple[FieldProblem, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.status != "Not allowed"


class Activity(Record):
    """One entry of the console's activity page. `content` is the entry's own `data`."""

    activity_id: str = Field(validation_alias="id")
    activity_type: int = 0
    created_at: Moment = None
    primary_description: str = ""
    secondary_description: str = ""
    agent_id: str = ""
    site_id: str = ""
    account_id: str = ""
    user_id: str = ""
    content: dict[str, Any] = Field(default_factory=dict, validation_alias="data")


class ActivityType(Record):
    """What an activity of this number is about; ids are looked up by `action` (contract 10)."""

    activity_type: int = Field(validation_alias="id")
    action: str = ""
    description_template: str = ""


_Record = TypeVar("_Record", bound=Record)


def read(record: type[_Record], value: object, route: str) -> _Record:
    """`value` as a record. Raises VendorError naming the fields that do not fit, not their values."""
    try:
        return record.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        fields = {".".join(map(str, fault["loc"])) or "data" for fault in faults}
        raise VendorError(
            f"SentinelOne's answer to {route} does not fit: {', '.join(sorted(fields))}",
            vendor="sentinelone",
        ) from None
