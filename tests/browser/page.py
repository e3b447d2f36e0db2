"""The preview's page in a headless Chromium, driven with keyboard and mouse as a person would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEMBER, MODERATOR = "Riley (member)", "Sam (moderator)"
PATIENCE_S = 30
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def find_chromium() -> tuple[str, str] | None:
    """The browser and its driver, or None where one of them is not installed."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


class Page:
    """One open preview."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, url: str) -> None:
        self.driver.get(url)
        self.settle()

    def settle(self) -> None:
        """Wait until the page has drawn everything and no action is under way."""
        self._until(lambda d: d.execute_script("return Boolean(window.simcordPreview && window.simcordPreview.ready)"))

    def be(self, name: str) -> None:
        """View the channel as somebody else."""
        # In one script: the page draws its list of people anew whenever it hears from the server.
        wanted = self.driver.execute_script(
            "const picker = document.getElementById('viewer-picker');"
            "const option = [...picker.options].find((item) => item.text === arguments[0]);"
            "if (picker.value !== option.value) {"
            "  picker.value = option.value; picker.dispatchEvent(new Event('change', {bubbles: true})); }"
            "return option.value",
            name,
        )
        self._until(lambda d: d.execute_script("return window.simcordPreview.viewerId") == wanted)
        self.settle()

    def send(self, text: str) -> None:
        """Send a message; waits for what it caused."""
        composer = self._composer()
        composer.send_keys(text)
        self._acting(lambda: composer.send_keys(Keys.ENTER))

    def slash(self, command: str, *values: str) -> None:
        """Choose a command from the picker, fill its options in order, and send it."""
        self._composer().send_keys(f"/{command}")
        self._until(lambda d: f"/{command}" in d.find_element(By.CSS_SELECTOR, "[role=option]").text)
        self.driver.switch_to.active_element.send_keys(Keys.TAB)
        self._until(lambda d: "command-" in (d.switch_to.active_element.get_attribute("class") or ""))
        for value in values:
            self._until(lambda d: "command-option" in (d.switch_to.active_element.get_attribute("class") or ""))
            self.driver.switch_to.active_element.send_keys(value)
        self._acting(lambda: self.driver.switch_to.active_element.send_keys(Keys.ENTER))

    def submit(self, **fields: str) -> None:
        """Fill the open form by the names of its fields and submit it."""
        form = self._until(lambda d: d.find_element(By.CSS_SELECTOR, ".modal-dialog"))
        for name, value in fields.items():
            field = form.find_element(By.CSS_SELECTOR, f"[name={name}]")
            # As a paste does: one input event for the whole text.
            self.driver.execute_script(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                field,
                value,
            )
        self._acting(lambda: form.find_element(By.CSS_SELECTOR, "[type=submit]").click())

    def reply(self, number: int, text: str) -> None:
        """Reply to one of the channel's messages, counted from the first."""
        message = self.driver.find_elements(By.CSS_SELECTOR, ".channel-message")[number]
        ActionChains(self.driver).move_to_element(message).perform()
        self._until(lambda _: message.find_element(By.CSS_SELECTOR, "[aria-label^=Reply]")).click()
        self.send(text)

    def last_message(self) -> str:
        """The text of the newest message."""
        return str(
            self.driver.execute_script("return [...document.querySelectorAll('.channel-message')].at(-1).innerText")
        )

    def commands(self) -> str:
        """What the command picker offers."""
        composer = self._composer()
        composer.send_keys("/")
        options = self._until(lambda d: d.find_elements(By.CSS_SELECTOR, "[role=option]"))
        offered = "\n".join(option.text for option in options)
        self.driver.switch_to.active_element.send_keys(Keys.ESCAPE, Keys.BACKSPACE)
        return offered

    def hide_workbench(self) -> None:
        """Leave only the channel, as a member of a server sees it."""
        rules = "#messages-sidebar { display: none !important } #preview-workspace { display: block !important }"
        self.driver.execute_script(
            "const style = new CSSStyleSheet(); style.replaceSync(arguments[0]); document.adoptedStyleSheets = [style]",
            f"{rules} .preview-stage {{ height: 100% }}",
        )

    def shoot(self, path: Path, *, whole: bool = False) -> None:
        """Save a picture of the newest message, or of the whole page with that message in view."""
        self.settle()
        message = self.driver.find_elements(By.CSS_SELECTOR, ".channel-message")[-1]
        ActionChains(self.driver).move_to_element(
            self.driver.find_element(By.CSS_SELECTOR, ".channel-header")
        ).perform()
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'end'})", message)
        if whole:
            self.driver.save_screenshot(str(path))
        else:
            message.screenshot(str(path))

    def _composer(self) -> object:
        return self._until(lambda d: d.find_element(By.ID, "channel-composer-input"))

    def _acting(self, act: object) -> None:
        before = self.driver.execute_script("return (window.simcordPreview.lastAction || {}).sequence || 0")
        act()
        self._until(
            lambda d: d.execute_script(
                "const p = window.simcordPreview;"
                "return p.ready && p.lastAction && p.lastAction.sequence > arguments[0] && !p.pendingAction",
                before,
            )
        )

    def _until(self, condition: object) -> object:
        try:
            return WebDriverWait(self.driver, PATIENCE_S, poll_frequency=0.05).until(condition)
        except TimeoutException as error:
            state = self.driver.execute_script(
                "const p = window.simcordPreview;"
                "return JSON.stringify([document.activeElement.outerHTML.slice(0, 300), p.ready, p.renderState,"
                " p.lastAction, p.pendingAction, p.commandPicker, p.diagnostics])"
            )
            raise AssertionError(f"the page did not get there: {state}") from error


@contextmanager
def open_browser(*, width: int = 1280, height: int = 900) -> Iterator[Page]:
    """A fresh headless Chromium without a profile, a network service or an update of anything."""
    browser, driver = find_chromium() or ("", "")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*_FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        running = webdriver.Chrome(options=options, service=Service(driver))
        try:
            # Headless windows have a smallest width; the page itself may be narrower.
            running.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
            )
            yield Page(running)
        finally:
            running.quit()


@contextmanager
def serve_preview(folder: Path) -> Iterator[str]:
    """`verbatim preview` as a process of its own; its address."""
    # Tests ask faster than a person would: without the pause between questions.
    environment = {**os.environ, "VERBATIM_DISCORD_COOLDOWN_S": "0"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "preview"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            shown = ""
            while not (address := re.search(r"http://127\.0\.0\.1:\S+", shown)):
                line = process.stdout.readline()
                assert line, process.stderr.read()
                shown += line
            yield address[0]
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_S)
