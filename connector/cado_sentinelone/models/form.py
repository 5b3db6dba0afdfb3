"""What people and runners fill in: asset and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args, get_origin

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from cado_sentinelone.log import with_passwords


class Form(BaseModel):
    """Immutable settings; unknown names are refused and errors never quote a value.

    Forms send everything as text, and empty text for what was not filled in: for every field
    that is not text itself, "" and null mean "not given", and text for a list is split at commas.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _from_form(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        given = {}
        for name, value in values.items():
            known = cls.model_fields.get(name)
            if known is None:
                given[name] = value
            elif value is None or (value == "" and known.annotation is not str):
                continue
            elif get_origin(known.annotation) in (tuple, list) and isinstance(value, str):
                given[name] = [part.strip() for part in value.split(",") if part.strip()]
            else:
                given[name] = value
        return given

    @classmethod
    def secrets_in(cls, values: Mapping[str, object]) -> list[str]:
        """The plain text of this form's secrets among `values`, and of the passwords in them."""
        return with_passwords(
            value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, known in cls.model_fields.items()
            if known.annotation is SecretStr or SecretStr in get_args(known.annotation)
            if (value := values.get(name))
        )
