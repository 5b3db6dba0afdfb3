"""The report as a person sees it: in a real browser, without a network (S16)."""

from __future__ import annotations

import shutil

import pytest
from tests.engine.fleet.test_fleet_report import HOSTILE, desk, fleet

from cado_sentinelone.fleet.report import write_report

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

__all__ = ["desk", "fleet"]

pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed here"
)


@pytest.fixture
def ledger_url(tmp_path):
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-dev-shm-usage", "--window-size=1100,900",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page(browser, desk, fleet, tmp_path):
    with (tmp_path / "report.html").open("w", encoding="utf-8") as out:
        write_report(fleet, desk, out)
    browser.get_log("browser")
    browser.get((tmp_path / "report.html").as_uri())
    yield browser
    assert not browser.get_log("browser")  # nothing was blocked, nothing failed


def texts(page, selector):
    return [one.text for one in page.find_elements("css selector", selector)]


def hosts(page):
    return texts(page, "#endpoints tbody td:first-child")


def test_the_numbers_are_the_ledgers_r3(page):
    assert (texts(page, "#selected"), texts(page, "#together")) == (["12"], ["12"])
    assert texts(page, "#evidence") == ["8"]
    assert texts(page, "#states .n")[:-1] == ["8", "2", "1", "1"]
    assert len(hosts(page)) == 12
    assert texts(page, "#shown") == ["1 to 12 of 12 endpoints"]


def test_what_an_endpoint_is_called_is_text_s16(page):
    assert HOSTILE.replace("\x1b", "\\x1b") in hosts(page)
    assert not page.find_elements("css selector", "img")


def test_it_sorts_and_filters_without_a_network(page):
    heads = page.find_elements("css selector", "#endpoints th button")
    heads[3].click()
    states = texts(page, "#endpoints tbody td:nth-child(4)")
    assert states == sorted(states) and len(set(states)) == 4
    heads[3].click()
    assert texts(page, "#endpoints tbody td:nth-child(4)") == states[::-1]
    box = page.find_element("id", "filter")
    box.send_keys("S2 full")
    assert sorted(hosts(page)) == ["host-09", "host-10"]
    box.clear()
    box.send_keys("nothing like it")
    assert hosts(page) == [] and texts(page, "#shown") == ["no endpoint"]


def test_it_fits_a_narrow_window_and_prints(page):
    page.set_window_size(500, 900)
    wide = page.execute_script("return document.documentElement.scrollWidth")
    assert wide <= page.execute_script("return window.innerWidth") + 1
    assert len(page.print_page()) > 10_000
    page.set_window_size(1100, 900)
