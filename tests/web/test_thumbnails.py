"""Thumbnails: small, turned upright, with nothing of the file but what is seen, for those who may read it."""

from __future__ import annotations

import asyncio
import io
import os
import struct
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.storage import thumbnails
from lowcode.kernel.storage.files import FileStore, GivenFiles
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor, problem

PNG = b"\x89PNG\r\n\x1a\n"
pytestmark = pytest.mark.requirement("SF06")


@pytest.fixture
def visitor(open_shop: Open, tmp_path: Path) -> Visitor:
    return Visitor(open_shop(files=str(tmp_path))).sign_in("li")


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 800), mode: str = "RGB", **options: Any) -> bytes:
    """Red on its left half, blue on its right."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (size[0] // 2, 0, *size))
    content = io.BytesIO()
    made.convert(mode).save(content, kind, **options)
    return content.getvalue()


def upload(visitor: Visitor, content: bytes, media_type: str = "image/jpeg", name: str = "a.jpg") -> int:
    answer = visitor.ask("POST", "api/files", files={"file": (name, content, media_type)})
    assert 201 == answer.status_code, answer.text
    return int(answer.json()["id"])


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_thumbnail_is_small_and_is_drawn_once(visitor: Visitor, tmp_path: Path) -> None:
    """A photograph comes as a WebP that fits the edge, is kept beside the contents, and is not drawn a second time."""
    identity = upload(visitor, picture())
    answer = visitor.get(f"api/files/{identity}?edge=128")
    small = opened(answer.content)
    assert ("image/webp", "WEBP", (128, 85)) == (answer.headers["content-type"], small.format, small.size)
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("inline")
    (kept,) = (tmp_path / "thumbnails").rglob("*.webp")
    kept.write_bytes(b"drawn before")
    assert b"drawn before" == visitor.get(f"api/files/{identity}?edge=128").content
    again = visitor.get(f"api/files/{identity}?edge=128", headers={"if-none-match": answer.headers["etag"]})
    assert 304 == again.status_code
    assert answer.headers["etag"] != visitor.get(f"api/files/{identity}").headers["etag"]


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("PNG", "RGBA", {}), ("PNG", "P", {}), ("PNG", "L", {}), ("PNG", "1", {}), ("GIF", "P", {}), ("JPEG", "L", {}),
        ("JPEG", "CMYK", {}), ("JPEG", "RGB", {"progressive": True}), ("WEBP", "RGBA", {}), ("PNG", "LA", {}),
    ],
)  # fmt: skip
def test_every_sort_of_picture(kind: str, mode: str, options: dict[str, Any]) -> None:
    """Palettes, grey, print colours and transparent ones become what browsers show."""
    small = opened(thumbnails.draw(io.BytesIO(picture(kind, mode=mode, **options)), 128)).convert("RGB")
    left, right = small.getpixel((20, 40)), small.getpixel((108, 40))
    assert (128, 85) == small.size
    assert left != right, "both halves are seen"


def test_a_photograph_stands_upright_and_tells_nothing() -> None:
    """It is turned as the camera was held; where it was taken, by which camera and in which colours stays behind."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CAMERA-OF-LI"
    exif.get_ifd(0x8825)[1] = "GPS-OF-LI"
    wide = picture(exif=exif, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made = thumbnails.draw(io.BytesIO(wide), 128)
    small = opened(made)
    assert (85, 128) == small.size
    top, bottom = (small.convert("RGB").getpixel((40, down)) for down in (20, 108))
    assert (top[0] > 200, bottom[2] > 200) == (True, True), "the left of the sensor is the top"  # type: ignore[index]
    assert not {"exif", "xmp", "icc_profile"} & set(small.info)
    assert (b"CAMERA-OF-LI" in wide, b"OF-LI" in made) == (True, False)
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "of Li")
    assert b"of Li" not in thumbnails.draw(io.BytesIO(picture("PNG", pnginfo=told)), 640)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize(
    ("side", "sort", "transparent", "said"),
    [(7072, 2, b"", 50), (12_000, 2, b"", 50), (20_000, 2, b"", 50), (4500, 4, b"", 19), (5100, 3, b"\0", 19)],
)
def test_what_would_fill_the_memory_is_not_drawn(
    visitor: Visitor, side: int, sort: int, transparent: bytes, said: int
) -> None:
    """A few bytes that say they are millions of dots are refused from what they say, and nothing is unpacked: the more
    memory a dot needs, the sooner."""
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, sort, 0, 0, 0))]
    parts += [chunk(b"PLTE", b"\0\0\0"), chunk(b"tRNS", transparent)] if transparent else []
    bomb = PNG + b"".join([*parts, chunk(b"IDAT", b""), chunk(b"IEND", b"")])
    refused = visitor.get(f"api/files/{upload(visitor, bomb, 'image/png')}?edge=128")
    assert (422, "files.too-many-dots") == problem(refused)[:2]
    assert f"more than {said} million" in refused.text


@pytest.mark.parametrize(
    ("kind", "mode", "options", "bytes_"),
    [
        ("WEBP", "RGB", {}, 16), ("WEBP", "RGBA", {}, 16), ("GIF", "P", {}, 6),
        ("PNG", "P", {"transparency": 0}, 13), ("PNG", "RGB", {}, 5), ("PNG", "RGBA", {}, 9), ("PNG", "LA", {}, 13),
        ("PNG", "1", {}, 6), ("JPEG", "RGB", {}, 2), ("JPEG", "RGB", {"progressive": True}, 7),
        ("JPEG", "CMYK", {"progressive": True}, 9),
    ],
)  # fmt: skip
def test_what_a_dot_needs(
    kind: str, mode: str, options: dict[str, Any], bytes_: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory is what is limited: a WebP of two kilobytes may take a hundred times that of a photograph."""
    content = picture(kind, (300, 200), mode, **options)
    monkeypatch.setattr(thumbnails, "MOST_BYTES", bytes_ * 60_000)
    assert (128, 85) == opened(thumbnails.draw(io.BytesIO(content), 128)).size
    monkeypatch.setattr(thumbnails, "MOST_BYTES", bytes_ * 60_000 - 1)
    with pytest.raises(Rejected, match="no thumbnail"):
        thumbnails.draw(io.BytesIO(content), 128)


def test_grey_in_many_steps_stays_grey() -> None:
    """A scan of 65,536 steps is as dark as it was."""
    scan = io.BytesIO()
    Image.new("I;16", (300, 200), 20_000).save(scan, "PNG")
    grey = opened(thumbnails.draw(scan, 128)).convert("L").getpixel((60, 40))
    assert isinstance(grey, int)
    assert 74 <= grey <= 82


def test_whoever_waits_to_be_drawn_holds_up_nobody(
    open_shop: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of pictures that nobody saw yet fills no thread that other answers need."""
    visitor = Visitor(open_shop(files=str(tmp_path / "files"), database=str(tmp_path / "a.sqlite3"))).sign_in("li")
    draw, go = thumbnails.draw, Event()

    def slowly(content: Any, edge: int) -> bytes:
        assert go.wait(30)
        return draw(content, edge)

    monkeypatch.setattr(thumbnails, "draw", slowly)
    files = [upload(visitor, picture(size=(1200, 800 + each))) for each in range(4)]

    async def all_at_once() -> set[int]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2))
        transport = httpx.ASGITransport(app=visitor.app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://crm.test", cookies=visitor.cookies
        ) as client:
            asked = [asyncio.create_task(client.get(f"api/files/{each}?edge=128")) for each in files]
            try:
                await asyncio.sleep(0.2)
                meanwhile = await asyncio.wait_for(client.get(f"api/files/{files[0]}"), 10)
            finally:
                go.set()
            return {meanwhile.status_code, *(each.status_code for each in await asyncio.gather(*asked))}

    assert {200} == run_apart(all_at_once)


def test_what_is_no_picture(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is damaged, is called something else, or only calls itself a picture has none, and what to ask is said."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)  # other libraries set it for the whole process
    for content, media_type in (
        (picture()[:200], "image/jpeg"), (b"<svg/>", "image/png"), (picture(), "image/svg+xml"), (b"", "image/png"),
        (picture("TIFF"), "image/png"), (picture("PNG")[:-300], "image/png"),
    ):  # fmt: skip
        answer = visitor.get(f"api/files/{upload(visitor, content, media_type)}?edge=256")
        assert (422, "files.no-picture") == problem(answer)[:2], (media_type, answer.text)
    identity = upload(visitor, picture())
    for edge in ("127", "", "128.0", "１２８"):
        assert (422, "http.edge") == problem(visitor.get(f"api/files/{identity}", params={"edge": edge}))[:2]
    near = visitor.get(f"api/files/{identity}?edg=128")
    assert (422, "http.unknown-parameter") == problem(near)[:2]
    assert "'edge'" in near.text
    far = visitor.get(f"api/files/{identity}?size=128")
    assert "there is no parameter 'size'. Known: " in far.text and "edge" in far.text
    chinese = visitor.get(f"api/files/{identity}?edge=9", headers={"accept-language": "zh-CN"}).text
    assert "128, 256, 640" in chinese


def test_a_thumbnail_is_read_by_those_who_read_the_file(visitor: Visitor) -> None:
    """Its permission is that of the file: of the record it belongs to, or of whoever uploaded it."""
    identity = upload(visitor, picture())
    assert 200 == visitor.get(f"api/files/{identity}?edge=128").status_code
    other = Visitor(visitor.shop, app=visitor.app).sign_in("zhao")
    assert (404, "files.gone") == problem(other.get(f"api/files/{identity}?edge=128"))[:2]
    nobody = Visitor(visitor.shop, app=visitor.app)
    assert 401 == nobody.get(f"api/files/{identity}?edge=128").status_code


class Service:
    """Contents in memory, as a program's own store would keep them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, digest: str, content: bytes) -> None:
        self.kept[digest] = content

    def get(self, digest: str) -> bytes:
        return self.kept[digest]

    def remove(self, digest: str) -> None:
        self.kept.pop(digest, None)

    def discard(self, digest: str, seconds: float) -> bool:
        self.kept.pop(digest, None)
        return True


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("way", ["remove", "discard"])
def test_a_thumbnail_goes_with_its_file(tmp_path: Path, given: bool, way: str) -> None:
    """When contents are taken away, no small picture of them stays; where a service keeps them, none is on disk."""
    store = GivenFiles(Service(), tmp_path) if given else FileStore(tmp_path)
    digest = store.put(picture())
    for edge in thumbnails.EDGES:
        thumbnails.thumbnail(store, digest, edge)
    assert (0 if given else 3) == len(list(tmp_path.rglob("*.webp")))
    if way == "remove":
        store.remove(digest)
    else:
        assert store.discard(digest, -1)
    assert [None, None, None] == [store.thumbnails.get(digest, edge) for edge in thumbnails.EDGES]


def test_a_file_that_goes_while_it_is_drawn_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contents are forgotten between the drawing and the keeping: what was drawn is forgotten, too."""
    store = FileStore(tmp_path)
    digest = store.put(picture())
    draw = thumbnails.draw

    def interrupted(content: Any, edge: int) -> bytes:
        made = draw(content, edge)
        store.remove(digest)
        return made

    monkeypatch.setattr(thumbnails, "draw", interrupted)
    with pytest.raises(Rejected, match="no such file"):
        thumbnails.thumbnail(store, digest, 128)
    assert [] == list(tmp_path.rglob("*.webp"))


def test_what_was_half_written_goes_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends before its thumbnail has its name leaves a picture that is forgotten with the file."""
    store = FileStore(tmp_path)
    digest = store.put(picture())

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        thumbnails.thumbnail(store, digest, 128)
    assert 1 == len([each for each in (tmp_path / "thumbnails").rglob("*") if each.is_file()])
    store.remove(digest)
    assert [] == [each for each in tmp_path.rglob("*") if each.is_file()]


def test_what_cannot_be_kept_is_sent(visitor: Visitor, tmp_path: Path) -> None:
    """A folder that takes no more files is no reason to show nothing."""
    identity = upload(visitor, picture())
    (tmp_path / "thumbnails").write_bytes(b"in the way")
    answer = visitor.get(f"api/files/{identity}?edge=128")
    assert (200, (128, 85)) == (answer.status_code, opened(answer.content).size)


def test_few_are_kept_in_memory() -> None:
    """The one nobody asked for longest goes first."""
    memory = thumbnails.InMemory()
    for number in range(thumbnails.REMEMBERED):
        memory.put(str(number), 128, b"x")
    assert b"x" == memory.get("0", 128)
    memory.put("new", 128, b"x")
    assert (b"x", None, b"x") == (memory.get("0", 128), memory.get("1", 128), memory.get("2", 128))


def test_without_the_library_the_picture_itself_comes(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow is an extra; a list without it shows the files as they are."""
    whole = picture()
    monkeypatch.setitem(sys.modules, "PIL", None)
    answer = visitor.get(f"api/files/{upload(visitor, whole)}?edge=128")
    assert (whole, "image/jpeg") == (answer.content, answer.headers["content-type"])
