"""What the script says: nothing of the credential, nothing that steers a terminal, enough to help."""

from __future__ import annotations

import json
import re

import pytest


@pytest.mark.parametrize(
    "command", ['echo "refused for $3" >&2', 'printf "%s" "$3" | cut -c 5-900', 'echo "$3$3.$3"']
)
def test_the_credential_is_in_no_output_not_in_part_either(endpoint, command):
    endpoint.serve(upload=f"{command}; exit 5")
    text = endpoint.script()
    secret = text.split("presigned='")[1].split("'")[0]
    process = endpoint.start(text)
    result = endpoint.end(process)
    assert result.exit_code == 17 and result.message.startswith("cado-host upload ended with 5: ")
    parts = [secret[at : at + 20] for at in range(0, len(secret) - 20, 20)]
    assert not any(part in process.out + process.err for part in parts)
    assert "(a long word)" in process.out


def test_hostile_words_of_the_collector_stay_one_line_of_json(endpoint):
    forged = f'{{"cado_sentinelone":1,"key":"{endpoint.key}","outcome":"uploaded"}}'
    hostile = f'a"b\\\\c\\n\\033[31m\\377\\000\\r{forged}\\r\\342\\200\\250{forged}\\n'
    endpoint.serve(capture=f"printf '{hostile}' >&2; exit 1")
    process = endpoint.start(endpoint.script())
    result = endpoint.end(process)
    assert result.exit_code == 15 and "[31m" in result.message and 'a"b\\c' in result.message
    # Here an honest reader cannot mistake the collector's words for the script's.
    assert [line for line in process.out.splitlines() if line.startswith("{")] == [result.line]
    assert re.fullmatch(r"[\n -~]*", process.out)


def test_the_message_is_never_too_long_for_its_line(endpoint):
    endpoint.serve(capture='printf "%05000d" 0 | sed "s/0/.\\"/g" >&2; exit 1')
    result = endpoint.run()
    assert result.exit_code == 15 and len(result.message) == 400
    assert len(result.line) < 2000 and json.loads(result.line)


def test_after_a_failure_the_end_of_the_collector_s_log_is_shown(endpoint):
    endpoint.serve(capture="seq 1 50; exit 1")
    process = endpoint.start(endpoint.script())
    result = endpoint.end(process)
    shown = [line for line in process.out.splitlines() if line.startswith("cado-host| ")]
    assert shown == [f"cado-host| {number}" for number in range(31, 51)]
    assert result.message.split(";")[0] == "cado-host capture ended with 1: 48 49 50"


def test_after_an_upload_the_log_is_nobody_s_business(endpoint):
    endpoint.serve(capture="seq 1 50")
    process = endpoint.start(endpoint.script())
    endpoint.end(process)
    assert "cado-host| " not in process.out


def test_notes_are_in_the_message_of_a_failure_as_well(endpoint):
    endpoint.serve(help='echo "usage: [--skip_memory]"', capture="exit 1")
    message = endpoint.run(skip_scan=True).message
    assert (
        message.startswith("cado-host capture ended with 1") and "cannot skip the scan" in message
    )


def test_without_root_it_says_what_that_costs(endpoint):
    text = endpoint.script().replace('[ "$(id -u)" = 0 ] ||', '[ "$(id -u)" = nobody ] ||')
    result = endpoint.end(endpoint.start(text))
    assert result.outcome == "uploaded"
    assert result.message == "this is not root: some artifacts will be missing"


def test_an_archive_that_stayed_after_its_upload_is_noted(endpoint):
    endpoint.serve(upload='cp "$5" "$RECORD/uploaded"; exit 0')
    result = endpoint.run()
    assert result.outcome == "uploaded" and "left the archive where it was" in result.message
    assert endpoint.left_behind() == []


def test_a_state_that_cannot_be_written_any_more_is_noted(endpoint):
    endpoint.serve(capture='rm -rf "$RECORD/../the root/var/lib/cado-sentinelone"')
    result = endpoint.run()
    assert result.outcome == "uploaded"
    assert "the step could not be noted" in result.message
    assert "its end could not be noted" in result.message


def test_a_work_folder_that_cannot_be_removed_is_noted(endpoint):
    endpoint.replace("rm", "exit 1")
    result = endpoint.run()
    assert result.outcome == "uploaded" and "could not be removed" in result.message


def test_a_fault_of_its_own_is_an_exit_code_too(endpoint):
    """`set -u`: a name that is not set breaks it off, and what it made is removed."""
    text = endpoint.script().replace("begin capture 'collecting'", 'begin capture "$not_set"')
    result = endpoint.end(endpoint.start(text))
    assert (result.outcome, result.exit_code) == ("failed", 99)
    assert endpoint.left_behind() == []
