"""Archives are opened under guard: each attack is refused, and named."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.ingest.parsing.rejections import FileRejectedError
from pipelines.ingest.parsing.streams import Limits, open_member, open_plain, zip_members

LIMITS = Limits(max_ratio=20, ratio_after=10_000, max_total=1_000_000, max_entries=3)
LINE = b'{"ticket":{"id":1}}\n'


def gz(folder: Path, content: bytes) -> Path:
    path = folder / "tickets.ndjson.gz"
    path.write_bytes(content)
    return path


def archive(folder: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as writing:
        for name, content in entries:
            writing.writestr(name, content, zipfile.ZIP_DEFLATED)
    return path


def read_gz(path: Path, limits: Limits = LIMITS) -> bytes:
    with open_plain(path, path.name, limits) as reading:
        return reading.read()


def refusal(action: Callable[[], object]) -> FileRejectedError:
    with pytest.raises(FileRejectedError) as caught:
        action()
    return caught.value


def test_packed_and_plain_files_read_alike(tmp_path: Path) -> None:
    plain = tmp_path / "tickets.ndjson"
    plain.write_bytes(LINE)
    with open_plain(plain, plain.name, LIMITS) as reading:
        assert reading.read() == LINE
    assert read_gz(gz(tmp_path, gzip.compress(LINE) + gzip.compress(LINE))) == LINE * 2
    zipped = archive(tmp_path, ("a/tickets.ndjson", LINE))
    with open_member(zipped, "a/tickets.ndjson", LIMITS) as reading:
        assert reading.read() == LINE


def test_a_gzip_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    bomb = gz(tmp_path, gzip.compress(b" " * 500_000))

    error = refusal(lambda: read_gz(bomb))

    assert error.reason == "unreadable_archive"
    assert "20 times" in error.why


def test_a_gzip_bomb_is_stopped_by_its_total(tmp_path: Path) -> None:
    bomb = gz(tmp_path, gzip.compress(b" " * 500_000))

    error = refusal(lambda: read_gz(bomb, replace(LIMITS, max_ratio=1e9, max_total=100_000)))

    assert "more than 100000 bytes" in error.why


def test_a_cut_gzip_is_truncated_and_a_damaged_one_unreadable(tmp_path: Path) -> None:
    packed = gzip.compress(LINE * 100)

    assert refusal(lambda: read_gz(gz(tmp_path, packed[:-9]))).reason == "truncated"
    flipped = packed[:15] + bytes([packed[15] ^ 0xFF]) + packed[16:]
    assert refusal(lambda: read_gz(gz(tmp_path, flipped))).reason == "unreadable_archive"
    no_gzip = refusal(lambda: read_gz(gz(tmp_path, LINE)))
    assert no_gzip.reason == "unreadable_archive"


def test_a_zip_bomb_is_stopped_although_its_header_lies(tmp_path: Path) -> None:
    zipped = archive(tmp_path, ("tickets.json", b" " * 500_000))
    content = zipped.read_bytes().replace(
        (500_000).to_bytes(4, "little"), (9).to_bytes(4, "little")
    )
    zipped.write_bytes(content)

    def read() -> bytes:
        with open_member(zipped, "tickets.json", LIMITS) as reading:
            return reading.read()

    assert refusal(read).reason == "unreadable_archive"


def test_an_archive_that_claims_too_much_or_too_many_is_not_opened(tmp_path: Path) -> None:
    large = archive(tmp_path, ("a.json", b" " * 600_000), ("b.json", b" " * 600_000))
    assert "claim more than" in refusal(lambda: zip_members(large, LIMITS)).why

    many = archive(tmp_path, *((f"{number}.json", b"") for number in range(4)))
    assert "4 entries" in refusal(lambda: zip_members(many, LIMITS)).why


@pytest.mark.parametrize(
    "name",
    [
        "../tickets.json",
        "a/../../tickets.json",
        "/etc/tickets.json",
        "C:\\tickets.json",
        "..\\x.json",
    ],
)
def test_a_name_that_points_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    zipped = archive(tmp_path, (name, LINE))

    assert "points out of the archive" in refusal(lambda: zip_members(zipped, LIMITS)).why


@pytest.mark.parametrize("name", ["inner.zip", "tickets.ndjson.gz", "a/export.7Z"])
def test_an_archive_inside_an_archive_is_refused(tmp_path: Path, name: str) -> None:
    zipped = archive(tmp_path, (name, LINE))

    assert "is an archive itself" in refusal(lambda: zip_members(zipped, LIMITS)).why


def test_a_link_inside_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("tickets.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert "is a link" in refusal(lambda: zip_members(archive(tmp_path, (link, b"/x")), LIMITS)).why


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        zipped = archive(tmp_path, ("a.json", LINE), ("a.json", LINE))

    assert "same name" in refusal(lambda: zip_members(zipped, LIMITS)).why


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    zipped = archive(tmp_path, ("a.json", LINE))
    content = bytearray(zipped.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + flags] |= 1
    zipped.write_bytes(content)

    assert "encrypted" in refusal(lambda: zip_members(zipped, LIMITS)).why


@pytest.mark.parametrize("content", [b"", b"PK", LINE, b"PK\x03\x04" + b"\0" * 60])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)

    assert refusal(lambda: zip_members(path, LIMITS)).reason == "unreadable_archive"


def test_members_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    zipped = archive(tmp_path, ("b.json", LINE), ("a.json", LINE), ("folder/", b""))

    assert [member.name for member in zip_members(zipped, LIMITS)] == ["a.json", "b.json"]


def test_a_stream_can_be_looked_at_before_it_is_read(tmp_path: Path) -> None:
    path = gz(tmp_path, gzip.compress(LINE))

    with open_plain(path, path.name, LIMITS) as reading:
        assert isinstance(reading, io.BufferedReader)
        assert reading.peek(5).startswith(b'{"tic')
        assert reading.read() == LINE


def test_a_list_of_entries_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    zipped = archive(tmp_path, ("a.json", LINE), ("b.json", LINE))
    small = replace(LIMITS, max_directory=50)

    assert "list of entries has over 50 bytes" in refusal(lambda: zip_members(zipped, small)).why
    assert len(zip_members(zipped, LIMITS)) == 2


def test_a_large_list_of_entries_is_found_where_the_archive_says(tmp_path: Path) -> None:
    zipped = archive(tmp_path, ("a.json", LINE))
    data = zipped.read_bytes()
    at = data.rfind(b"PK\x05\x06")
    record = b"PK\x06\x06" + bytes(36) + struct.pack("<QQ", 1 << 40, 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, at, 1)
    end = data[at : at + 12] + b"\xff" * 4 + data[at + 16 :]
    zipped.write_bytes(data[:at] + record + locator + end)

    assert "list of entries" in refusal(lambda: zip_members(zipped, LIMITS)).why
