"""How the script gets Cado Host, and what it takes for it."""

from __future__ import annotations

import shutil

import pytest

ELF_OF_NO_MACHINE = b"\x7fELF\x02\x01\x01" + b"\0" * 57


@pytest.fixture
def curl(endpoint):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed here: its redirects are not followed")
    return endpoint


@pytest.fixture
def safe(curl, secure):
    """An endpoint that trusts `secure`, which has the collector."""
    downloads, authority = secure
    curl.environment["CURL_CA_BUNDLE"] = authority
    downloads.pages["/cado-host"] = curl.collector.encode()
    return curl, downloads


@pytest.mark.parametrize(("page", "words"), [("/nowhere", "22: curl: (22)"), ("/empty", "empty")])
def test_what_does_not_come_is_said(curl, page, words):
    result = curl.run(url=curl.url + page)
    assert (result.step, result.exit_code) == ("download", 13)
    assert words in result.message


def test_wget_is_as_good(endpoint):
    endpoint.hide("curl")
    assert endpoint.run().outcome == "uploaded"
    other = "col-" + "f" * 20
    text = endpoint.script(other, url=f"{endpoint.url}/nowhere")
    result = endpoint.end(endpoint.start(text), other)
    assert result.exit_code == 13 and "wget ended with" in result.message


def test_without_a_downloader_it_says_so(endpoint):
    endpoint.hide("curl", "wget")
    result = endpoint.run()
    assert (result.step, result.exit_code) == ("download", 12)
    assert endpoint.left_behind() == []


def test_the_page_of_a_proxy_is_never_run(endpoint):
    """A shell would take it for a script, line by line."""
    page = b'<html>\ntouch "$RECORD/ran"\n</html>\n'
    result = endpoint.run(url=endpoint.serve_page(page))
    assert (result.step, result.exit_code) == ("download", 13)
    assert "not a program" in result.message
    assert not (endpoint.record / "ran").exists()


@pytest.mark.parametrize("program", [ELF_OF_NO_MACHINE, b"#!/nowhere/python\n"])
def test_a_program_that_this_machine_cannot_run_is_said(endpoint, program):
    result = endpoint.run(url=endpoint.serve_page(program))
    assert (result.step, result.exit_code) == ("start", 22)
    assert endpoint.left_behind() == []


def test_a_download_may_have_moved(curl):
    curl._pages["/page"] = "/cado-host"
    assert curl.run(url=f"{curl.url}/page").outcome == "uploaded"


def test_over_tls_it_may_have_moved_as_well(safe):
    endpoint, downloads = safe
    downloads.pages["/page"] = f"{downloads.url}/cado-host"
    assert endpoint.run(url=f"{downloads.url}/page").outcome == "uploaded"


def test_from_tls_it_never_goes_on_without(safe):
    endpoint, downloads = safe
    downloads.pages["/page"] = f"{endpoint.url}/cado-host"
    result = endpoint.run(url=f"{downloads.url}/page")
    assert (result.step, result.exit_code) == ("download", 13)
    assert "rotocol" in result.message
    assert not (endpoint.record / "capture").exists()


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(safe):
    endpoint, downloads = safe
    del endpoint.environment["CURL_CA_BUNDLE"]
    result = endpoint.run(url=f"{downloads.url}/cado-host")
    assert (result.step, result.exit_code) == ("download", 13)
