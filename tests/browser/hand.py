"""A hand that counts: the journeys of the design are measured in taps and in fields filled in."""

from pathlib import Path

from playwright.sync_api import Locator, Page

CAMERA_TAPS = 2  # inside the phone's own camera: the shutter, and "use photo"


class Hand:
    """Taps and types on a page; `taps` and `fields` say how much that was."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = self.fields = 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()

    def type(self, field: Locator, words: str) -> None:
        self.fields += 1
        field.fill(words)

    def photograph(self, camera: Locator, photo: Path) -> None:
        """Open the camera of the form and come back with a photo."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(camera)
        self.taps += CAMERA_TAPS
        chooser.value.set_files(photo)
