"""The real web server under slow clients and pages that take for ever to draw: /healthz stays
quick, and everybody else is answered."""

from __future__ import annotations

import http.client
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.product import Product

QUICK = 1.0  # seconds
PAGES = 18
STORE = """
from cases.intake import pipeline
received = pipeline.receive_file([open({file!r}, "rb").read()], "bomb.pdf", None)
print("document", received.document.pk)
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory, earlier_run):
    one = Product(tmp_path_factory.mktemp("slow") / "var", IMR_PARSE_SECONDS="2")
    one.take_over(earlier_run)
    try:
        yield one.start()
        assert one.end() == 0, one.said()
    finally:
        one.clean_up()


def slowest_health(served, seconds: float) -> float:
    """The longest that /healthz took in so many seconds, asked again and again."""
    slowest, end = 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        assert served.get("/healthz") == (200, "ok\n")
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.1)
    return slowest


def connected(served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=30)


@contextmanager
def slow_senders(served, count: int, head: str):
    """So many connections that send the head, and of the rest one byte now and then."""
    with ExitStack() as stack:
        senders = [stack.enter_context(closing(connected(served))) for _ in range(count)]
        for one in senders:
            one.sendall(head.encode())
        yield senders


HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    "head",
    [
        HEAD.format(path="/upload/", kind=FILES) + "Content-Length: 40000000\r\n\r\n--b\r\n",
        HEAD.format(path="/login/", kind=FORM) + "Content-Length: 400\r\n\r\nusername=a",
        HEAD.format(path="/login/", kind=FORM) + "Content-Length: 4000000\r\n\r\nusername=a",
        HEAD.format(path="/login/", kind=FORM) + "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
        HEAD.format(path="/login/", kind=FORM) + "X-Half-A-Head: ",
        "",
    ],
    ids=["files", "small form", "large form", "chunks", "head", "nothing"],
)
def test_forty_slow_senders_delay_nobody(served, head):
    with slow_senders(served, 40, head):
        assert slowest_health(served, 4) < QUICK


def test_a_body_that_never_comes_is_given_up(served):
    head = HEAD.format(path="/login/", kind=FORM) + "Content-Length: 400\r\n\r\nusername=a"
    with slow_senders(served, 1, head) as [one]:
        one.settimeout(15)
        with suppress(ConnectionResetError):
            assert one.recv(100) == b""


def test_a_form_that_comes_in_small_pieces_is_taken(served):
    body = "username=a&password=b"
    head = HEAD.format(path="/login/", kind=FORM) + f"Content-Length: {len(body)}\r\n\r\n"
    with closing(connected(served)) as one:
        for at in range(0, len(head + body), 40):
            one.sendall((head + body)[at : at + 40].encode())
            time.sleep(0.02)
        assert one.recv(1000).startswith(b"HTTP/1.1 403")  # read as far as to miss its token


def test_one_connection_serves_several_requests(served):
    asked = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    for _ in range(3):
        asked.request("GET", "/healthz")
        assert asked.getresponse().read() == b"ok\n"
    asked.close()


def test_a_large_body_of_a_visitor_is_refused_with_words(served):
    asked = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
    asked.request("POST", "/login/", b"x" * 100_000, {"Content-Type": FORM})
    answer = asked.getresponse()
    assert answer.status == 413
    assert b"Too much at once" in answer.read()


# -- pages that take for ever to draw --------------------------------------------------------------


def bomb(pages: int) -> bytes:
    """A small PDF, each page of which draws a form that draws a form … ten times each."""
    depth = 9
    kids = " ".join(f"{4 + i} 0 R" for i in range(pages))
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>"]
    first = 4 + pages
    objects.append(stream("", "/F Do"))
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 3 0 R{uses(first)}>>"
    objects += [page] * pages
    for level in range(depth):
        inner = "/F Do " * 10 if level < depth - 1 else "0 0 9 9 re f 5 5 300 300 re S"
        form = "/Type/XObject/Subtype/Form/BBox[0 0 612 792]" + uses(first + level + 1)
        objects.append(stream(form, inner))
    objects.append(stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", ""))
    data, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\n"
    return data + f"{tail}startxref\n{len(data)}\n%%EOF\n".encode()


def uses(number: int) -> str:
    return f"/Resources<</XObject<</F {number} 0 R>>>>"


def stream(entries: str, text: str) -> str:
    return f"<<{entries}/Length {len(text)}>>stream\n{text}\nendstream"


@pytest.fixture(scope="module")
def bomb_url(served, tmp_path_factory):
    file = tmp_path_factory.mktemp("bomb") / "bomb.pdf"
    file.write_bytes(bomb(PAGES))
    said = served.manage("shell", "-v0", "-c", STORE.format(file=str(file))).stdout
    [pk] = re.findall(r"document (\d+)", said)
    return f"/documents/{pk}/pages"


@pytest.fixture(scope="module")
def cookie(served):
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    form = opener.open(f"{served.url}/login/", timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
    fields = {"username": "demo", "password": served.password, "csrfmiddlewaretoken": token}
    opener.open(f"{served.url}/login/", urlencode(fields).encode(), timeout=10)
    return "; ".join(f"{one.name}={one.value}" for one in jar)


def ask(served, path: str, cookie: str) -> tuple[int, str | None, float]:
    """Status, Retry-After, and how long it took."""
    began = time.monotonic()
    asked = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    asked.request("GET", path, headers={"Cookie": cookie})
    answer = asked.getresponse()
    answer.read()
    return answer.status, answer.headers["Retry-After"], time.monotonic() - began


def test_eighteen_bombs_delay_nobody(served, bomb_url, cookie):
    pages = [f"{bomb_url}/{number}.png" for number in range(1, PAGES + 1)]
    with ThreadPoolExecutor(PAGES) as pool:
        asked = [pool.submit(ask, served, page, cookie) for page in pages]
        assert slowest_health(served, 10) < QUICK
        answers = [one.result() for one in asked]
    assert {status for status, _, _ in answers} <= {404, 503}
    assert (
        sum(status == 503 for status, _, _ in answers) >= PAGES - 8
    )  # of two processes, four threads each may draw
    assert all(after for status, after, _ in answers if status == 503)
    assert max(seconds for _, _, seconds in answers) < 25


def test_a_bomb_is_tried_once_and_then_left_alone(served, bomb_url, cookie):
    page = f"{bomb_url}/1.png?width=1400"
    ask(served, page, cookie)
    status, retry_after, seconds = ask(served, page, cookie)
    assert (status, seconds < 1) == (503, True)
    assert int(retry_after) > 60


def test_other_letters_are_drawn_after_a_bomb(served, bomb_url, cookie):
    ask(served, f"{bomb_url}/2.png", cookie)
    assert ask(served, "/documents/1/pages/1.png", cookie)[0] == 200
