"""Virtual time: it runs faster than the wall clock, stands still, or is turned by hand."""

import time
from datetime import UTC, datetime


class Clock:
    """A clock whose seconds pass `speed` times as fast as real ones.

    One tuple holds the whole state and is replaced in one assignment, so a test may turn the
    clock while the server thread reads it.
    """

    def __init__(self, speed: float = 600.0, start: float | None = None) -> None:
        """Start at `start` (epoch seconds, the real now by default).

        Raises:
            ValueError: the speed is negative.
        """
        self._line = (time.monotonic(), time.time() if start is None else start, 0.0)
        self.speed = speed

    def now(self) -> float:
        """The virtual time, in epoch seconds."""
        real, virtual, speed = self._line
        return virtual + (time.monotonic() - real) * speed

    @property
    def speed(self) -> float:
        """Virtual seconds per real second; 0 is a clock that stands still."""
        return self._line[2]

    @speed.setter
    def speed(self, speed: float) -> None:
        if not 0 <= speed < float("inf"):
            raise ValueError(f"the clock cannot run at {speed} times the real speed")
        self._line = (time.monotonic(), self.now(), speed)

    def advance(self, seconds: float) -> None:
        """Jump ahead.

        Raises:
            ValueError: the jump goes back in time.
        """
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"the clock cannot be advanced by {seconds} seconds")
        self._line = (time.monotonic(), self.now() + seconds, self.speed)

    @staticmethod
    def iso(moment: float) -> str:
        """The moment in SentinelOne's form, `2018-02-27T04:49:26.257525Z` (contract 1.1)."""
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
