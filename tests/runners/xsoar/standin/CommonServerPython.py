"""What of CommonServerPython our integration uses, by its documentation; the real one is in no index."""

import os
import sys

import demistomock as demisto

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")


class ScheduledCommand:
    def __init__(self, command, next_run_in_seconds, args=None, timeout_in_seconds=None):
        if not 10 <= next_run_in_seconds:
            raise ValueError("the platform comes back after ten seconds at the earliest")
        self.entry = {
            "PollingCommand": command,
            "NextRun": str(next_run_in_seconds),
            "PollingArgs": args,
            "Timeout": str(timeout_in_seconds),
        }


class CommandResults:
    def __init__(
        self,
        outputs_prefix=None,
        outputs_key_field=None,
        outputs=None,
        readable_output=None,
        raw_response=None,
        scheduled_command=None,
    ):
        key = outputs_prefix
        if outputs_key_field:
            key = f"{outputs_prefix}(val.{outputs_key_field} == obj.{outputs_key_field})"
        self.entry = {
            "Type": 1,
            "Contents": raw_response,
            "HumanReadable": readable_output,
            "EntryContext": {key: outputs} if outputs else {},
            **(scheduled_command.entry if scheduled_command else {}),
        }


def return_results(results):
    demisto.results(results.entry if isinstance(results, CommandResults) else results)


def return_error(message):
    demisto.results({"Type": 4, "Contents": message})
    sys.exit(0)


def handle_proxy(proxy_param_name="proxy"):
    if not demisto.params().get(proxy_param_name):
        for name in _PROXIES:
            os.environ.pop(name, None)
    return {}
