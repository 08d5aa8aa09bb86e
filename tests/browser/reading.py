"""A reader's browser, which may reach this machine only, and what it finds on dashboards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Response, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 60_000
PAGE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    # Not by intercepting requests: the browser would keep nothing between two pages.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
BANNER = '[data-test-chart-name="State of the data"], [data-test-chart-name="数据状态"]'
CHART = "[data-test-chart-name]"
STEP = 600


@dataclass
class Reader:
    """Somebody's browser.

    Attributes:
        page: what is open.
        address: where Superset is.
        outside: addresses of other machines that were asked for; none can be found.
        answers: what the charts of the open page got, by Superset's number of the chart.
    """

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    answers: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def open(self, slug: str) -> None:
        """Open a dashboard; what other pages answered is forgotten."""
        self.answers.clear()
        self.page.goto(f"{self.address}superset/dashboard/{slug}/")
        self.page.wait_for_selector(BANNER)

    def choose(self, tab: str) -> None:
        """Open a tab and wait until every chart of it has come."""
        self.page.locator(".ant-tabs-tab", has_text=tab).first.click()
        self.unroll()
        self.settle()

    def settle(self) -> None:
        """Wait until nothing of what is seen is being loaded."""
        self.page.wait_for_selector('[data-test="slice-container"]:visible')  # of the open tab
        self.page.wait_for_function(
            "() => document.querySelectorAll('[data-test=\"loading-indicator\"]').length === 0"
            " && [...document.querySelectorAll('[data-test=\"slice-container\"]')]"
            ".every(each => each.childElementCount > 0)"
        )

    def unroll(self) -> None:
        """Scroll to the end and back: charts further down ask for their data when they are near."""
        reached = 0
        while reached < (height := self.page.evaluate("document.documentElement.scrollHeight")):
            reached = min(reached + STEP, height)
            self.page.evaluate(f"window.scrollTo(0, {reached})")
            self.page.wait_for_timeout(120)
        self.settle()
        self.page.evaluate("window.scrollTo(0, 0)")

    def tile(self, title: str) -> Locator:
        """The chart of that name."""
        return self.page.locator(f'[data-test-chart-name="{title}"]')

    def troubles(self) -> list[str]:
        """Charts of the open tab that show an error, and titles that do not fit."""
        found: list[str] = self.page.evaluate(
            """() => [
                ...[...document.querySelectorAll('.ant-alert, [data-test=error]')]
                    .map(each => each.closest('[data-test-chart-name]'))
                    .filter(tile => tile !== null)
                    .map(tile => `${tile.dataset.testChartName}: ${tile.innerText}`),
                ...[...document.querySelectorAll('[data-test="slice-header"] [class*=title]')]
                    .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)
                    .map(each => `cut: ${each.innerText}`),
            ]"""
        )
        return found

    def shoot(self, path: Path) -> None:
        """A picture of the whole page, which is made as high as it is: grown by the camera alone,
        it would be caught while charts are drawn anew."""
        window = self.page.viewport_size
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": window["width"], "height": height})
        self.settle()
        self.page.wait_for_timeout(2000)  # marks move to their places
        self.page.screenshot(path=path)
        self.page.set_viewport_size(window)


@contextmanager
def reading(
    address: str, username: str, password: str, viewport: dict[str, int] = PAGE
) -> Iterator[Reader]:
    """A browser in which somebody has signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_context(viewport=PAGE).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE)
        reader = Reader(page, address)
        page.on("request", lambda request: _note(reader, request.url))
        page.on("response", lambda response: _keep(reader, response))
        page.goto(f"{address}login/")
        page.wait_for_load_state("networkidle")  # the form is drawn anew once its script has come
        page.fill("#username", username)
        page.fill("#password", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        yield reader
        browser.close()


def _note(reader: Reader, url: str) -> None:
    if not _is_here(reader, url):
        reader.outside.append(url)


def _is_here(reader: Reader, url: str) -> bool:
    return url.startswith((reader.address, "data:", "blob:"))


def _keep(reader: Reader, response: Response) -> None:
    """Remember what a chart got; a request that is cut off by the next page has no body."""
    if "/api/v1/chart/data" not in response.url or response.request.post_data is None:
        return
    asked = response.request.post_data_json
    number = int((asked.get("form_data") or {}).get("slice_id") or 0)
    reader.answers.setdefault(number, []).append({"asked": asked, "response": response})
