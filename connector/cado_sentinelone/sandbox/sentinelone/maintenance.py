"""Maintenance windows: the hours of each day in which tasks may begin (contract 7.5).

What a day of `maintenanceWindowsByDay` looks like is not in the specification; this is the form
that public clients of upgrade policies send: `{"Monday": {"isMaintenanceAllDay": false,
"maintenanceHours": [{"fromTime": "8:00 am", "toTime": "11:00 pm"}]}}`. A day that is left out has
no window; without any day at all every hour is good.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTES_OF_DAY = 24 * 60
_ALL_DAY = object()
_TIME = re.compile(r"(1[0-2]|[1-9]):([0-5]\d) (am|pm)", re.ASCII)
_ZONE = re.compile(r"GMT([+-])(\d\d):([0-5]\d)", re.ASCII)

Windows = Mapping[str, list[tuple[int, int]]]
"""From when to when, in minutes of the day, by the day's name."""


def open_from(moment: float, windows: Windows, zone: timezone) -> float:
    """The first moment from this one on at which a window is open; infinite if none ever is."""
    if not windows:
        return moment
    local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for later in range(len(DAYS) + 1):
        day = midnight + timedelta(days=later)
        for start, end in sorted(windows.get(DAYS[day.weekday()], ())):
            if day + timedelta(minutes=end) > local:
                return max(moment, (day + timedelta(minutes=start)).timestamp())
    return float("inf")


def zone_of(text: str) -> timezone:
    """`GMT+02:00` as a time zone.

    Raises:
        ValueError: it is none.
    """
    matched = _ZONE.fullmatch(text)
    if matched is None or int(matched[2]) > 14:
        raise ValueError("Not a valid timezone.")
    minutes = int(matched[2]) * 60 + int(matched[3])
    return timezone(timedelta(minutes=-minutes if matched[1] == "-" else minutes))


def windows_of(by_day: Mapping[str, object]) -> Windows:
    """The windows of each day.

    Raises:
        ValueError: a day or a time is none, or a window ends before it begins.
    """
    windows: dict[str, list[tuple[int, int]]] = {}
    for day, setting in by_day.items():
        hours = _hours(setting)
        if day not in DAYS or hours is None:
            raise ValueError(f"{day}: Not a valid day.")
        windows[day] = [_window(hour) for hour in hours]
    return windows


def _hours(setting: object) -> list[object] | None:
    """The windows of one day as they were sent; None if it says nothing that is any."""
    if not isinstance(setting, Mapping):
        return None
    if setting.get("isMaintenanceAllDay"):
        return [_ALL_DAY]
    hours = setting.get("maintenanceHours", [])
    return hours if isinstance(hours, list) else None


def _window(window: object) -> tuple[int, int]:
    if window is _ALL_DAY:
        return 0, _MINUTES_OF_DAY
    given = window if isinstance(window, Mapping) else {}
    start, end = _minutes(given.get("fromTime")), _minutes(given.get("toTime"))
    if start >= end:
        raise ValueError("maintenanceHours: fromTime must be before toTime.")
    return start, end


def _minutes(text: object) -> int:
    matched = _TIME.fullmatch(text) if isinstance(text, str) else None
    if matched is None:
        raise ValueError("maintenanceHours: Not a valid time.")
    return int(matched[1]) % 12 * 60 + int(matched[2]) + (12 * 60 if matched[3] == "pm" else 0)
