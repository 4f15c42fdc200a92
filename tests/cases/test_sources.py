import io
import secrets
import struct
import zipfile

import pytest

from cases.intake.archives import BrokenMember, Limits, iter_sources, members


def written(path, *infos, lock=False):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in infos:
            archive.writestr(name, data)
    if lock:  # sets the flag that says the members are encrypted
        data = bytearray(path.read_bytes())
        for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(head) + at] |= 1
        path.write_bytes(data)
    return path


def found(path, max_mb=1):
    return {one.name: one.code for one in members(path, Limits(max_mb, 100))}


def test_folders_are_walked_and_archives_opened(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.PDF").write_bytes(b"%PDF-")
    (tmp_path / "notes.txt").write_text("-")
    written(tmp_path / "b.zip", ("x/y/b.pdf", b"%PDF-b"))
    assert [one.name for one in iter_sources(tmp_path, Limits(1, 100))] == ["x/y/b.pdf", "a.PDF"]


def test_paths_that_lead_out_bombs_and_nested_archives_are_refused_by_name(tmp_path):
    inner = io.BytesIO()
    zipfile.ZipFile(inner, "w").close()
    path = written(
        tmp_path / "a.zip",
        ("../../etc/passwd.pdf", b"%PDF-"),
        ("/abs.pdf", b"%PDF-"),
        ("zeros.pdf", b"0" * 900_000),
        ("huge.pdf", bytes(range(256)) * 5000),
        ("inner.zip", inner.getvalue()),
        ("__MACOSX/._good.pdf", b"-"),
        ("good.pdf", b"%PDF-"),
    )
    assert found(path) == {
        "../../etc/passwd.pdf": "path-outside",
        "/abs.pdf": "path-outside",
        "zeros.pdf": "too-large",
        "huge.pdf": "too-large",
        "inner.zip": "nested-archive",
        "good.pdf": "",
    }


def test_a_locked_member_is_told(tmp_path):
    assert found(written(tmp_path / "a.zip", ("a.pdf", b"%PDF-"), lock=True)) == {
        "a.pdf": "encrypted"
    }


def test_a_member_that_lies_about_its_bytes_breaks_alone(tmp_path):
    path = written(tmp_path / "a.zip", ("a.pdf", b"%PDF-" + b"abc" * 1000), ("b.pdf", b"%PDF-"))
    data = bytearray(path.read_bytes())
    data[45:50] = b"\xff" * 5
    path.write_bytes(data)
    inside = members(path, Limits(1, 100))
    with pytest.raises(BrokenMember):
        list(next(inside).chunks)
    assert list(next(inside).chunks) == [b"%PDF-"]


def test_a_list_of_members_too_long_to_hold_is_not_read(tmp_path):
    path = written(tmp_path / "a.zip", ("a.pdf", b"%PDF-"))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rindex(b"PK\x05\x06") + 12, 1 << 30)
    path.write_bytes(data)
    assert found(path) == {"a.zip": "too-many-members"}


def test_what_is_no_archive_says_so(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    assert found(path) == {"a.zip": "damaged-archive"}


def test_an_archive_that_unpacks_to_too_much_is_refused_whole(tmp_path):
    """Not one member is yielded: each alone would be taken."""
    half = bytes(range(256)) * 2000  # 500 KB
    path = written(tmp_path / "a.zip", *((f"{n}.pdf", half + bytes([n])) for n in range(5)))
    [whole] = members(path, Limits(file_mb=1, archive_mb=2))
    assert (whole.name, whole.code) == ("a.zip", "unpacks-to-too-much")
    assert "at most 2 MB" in whole.problem
    assert len(list(members(path, Limits(file_mb=1, archive_mb=3)))) == 5


def test_a_small_archive_that_unpacks_to_very_much_is_refused_whole(tmp_path):
    """1.4 MB that put 192 MB on the disk, each file of it within its own limit."""
    squeezes = (b"0123456789abcdef" * 64 + secrets.token_bytes(10)) * 4096  # 4 MB, 100 times less
    path = written(tmp_path / "a.zip", *((f"{n}.pdf", squeezes) for n in range(48)))
    assert path.stat().st_size < 4 << 20
    [whole] = members(path, Limits(file_mb=50, archive_mb=2048))
    assert whole.code == "unpacks-to-too-much"
    assert "25 times" in whole.problem
