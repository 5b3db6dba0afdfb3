"""Standard output whose reader may go away at any time."""

from __future__ import annotations

import os
import sys


def leave_stdout() -> None:
    """Points standard output at nothing: its reader has seen enough (`| head`).

    What is still buffered would otherwise fail again, and be complained about, at exit.
    """
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
