"""The README's pictures of the page: the demo's roadmap in a browser. `make pictures` takes them anew."""

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page as Tab
from playwright.sync_api import ViewportSize

from roadlog import store
from roadlog.demo.player import run
from tests.web.browser import chromium
from tests.web.serving import served

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = ViewportSize(width=1280, height=800)


def take() -> None:
    """Plays the demo and takes all three."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as place:
        code, _, said = run(("demo", "--dir", place))
        if code:
            raise RuntimeError(said)
        with served(Path(place) / store.FOLDER) as address, chromium() as browser:
            tab = browser.new_page(viewport=SIZE)
            _took(tab, f"{address}/", "board")
            _took(tab, f"{address}/initiatives/SUP-2", "initiative")
            tab.goto(f"{address}/")
            tab.get_by_role("slider").focus()
            for _ in range(28):
                tab.keyboard.press("ArrowLeft")
                tab.wait_for_timeout(60)
            tab.get_by_role("link", name="Compare with now").click()
            _took(tab, None, "compared-with-now")


def _took(tab: Tab, address: str | None, name: str) -> None:
    if address:
        tab.goto(address)
    tab.wait_for_timeout(1500)
    tab.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    take()
