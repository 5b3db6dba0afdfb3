"""What of the platform's demisto object our integration uses; the real one is in no package index.

The call comes from the environment, what is returned is written to a file, one JSON object a line.
"""

import json
import os

_CALL = json.loads(os.environ["CALL"])


def command():
    return _CALL["command"]


def params():
    return _CALL["params"]


def args():
    return _CALL["args"]


def debug(message):
    """The platform's log; nobody reads it here."""


def results(entry):
    with open(os.environ["RESULTS"], "a") as file:  # noqa: PTH123 - as plain as the platform
        file.write(json.dumps(entry) + "\n")
