"""How received files are kept: whole or not at all, once, and only under their hash."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from projects.files import Received, is_intact, open_file, open_thumbnail, receive, store
from tests.projects import hostile
from tests.projects.hostile import encoded, picture, upload


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


@pytest.fixture(scope="module")
def photo() -> Received:
    return receive(upload(encoded(picture(size=(1000, 800)))))


def listing(root: Path) -> dict[str, tuple[int, int]]:
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()
    }


def test_a_stored_photo_is_found_under_its_hash(root: Path, photo: Received) -> None:
    store(photo)
    with open_file(photo.sha256) as stored, open_thumbnail(photo.sha256) as thumbnail:
        assert stored.read() == photo.content
        assert thumbnail.read() == photo.thumbnail.content
    folder = root / photo.sha256[:2]
    assert sorted(listing(root)) == [photo.sha256, f"{photo.sha256}.thumbnail"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (root, folder)} == {0o700}


def test_storing_again_changes_nothing(root: Path, photo: Received) -> None:
    store(photo)
    before = listing(root)
    store(photo)
    assert listing(root) == before


def test_damage_is_noticed_and_mended_by_storing_again(root: Path, photo: Received) -> None:
    assert not is_intact(photo.sha256)
    store(photo)
    assert is_intact(photo.sha256)
    path = root / photo.sha256[:2] / photo.sha256
    path.write_bytes(photo.content[:-1] + b"?")
    assert not is_intact(photo.sha256)
    store(photo)
    assert is_intact(photo.sha256)


def test_a_lost_thumbnail_is_stored_again(root: Path, photo: Received) -> None:
    store(photo)
    thumbnail = root / photo.sha256[:2] / f"{photo.sha256}.thumbnail"
    thumbnail.unlink()
    store(photo)
    assert thumbnail.read_bytes() == photo.thumbnail.content


def test_a_document_has_no_thumbnail(root: Path) -> None:
    document = receive(upload(hostile.PDF, "plan.pdf"))
    store(document)
    assert list(listing(root)) == [document.sha256]
    with pytest.raises(FileNotFoundError):
        open_thumbnail(document.sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "\n"])
@pytest.mark.parametrize("act", [open_file, open_thumbnail, is_intact])
def test_what_is_no_hash_opens_nothing(root: Path, name: str, act: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        act(name)


def test_a_failed_write_leaves_nothing(root: Path, photo: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        store(photo)
    assert listing(root) == {}


def test_eight_writers_and_a_reader_never_see_half_a_file(root: Path, photo: Received) -> None:
    def read() -> bool:
        try:
            with open_file(photo.sha256) as stored:
                return stored.read() == photo.content
        except FileNotFoundError:
            return True

    with ThreadPoolExecutor(16) as threads:
        for _ in range(20):
            writers = [threads.submit(store, photo) for _ in range(8)]
            readers = [threads.submit(read) for _ in range(40)]
            assert all(reader.result() for reader in readers)
            assert not any(writer.exception() for writer in writers)
            assert is_intact(photo.sha256)
            assert sorted(listing(root)) == [photo.sha256, f"{photo.sha256}.thumbnail"]
            (root / photo.sha256[:2] / photo.sha256).unlink()
