"""What people do, for locust: they look through lists, search, read cases, annotate and review.

Each signs in once and then works with pauses. What they write holds a word of its own, and is told
to the file that IMR_LOAD_WRITTEN names, so that nothing written can be missing later unseen.
"""

from __future__ import annotations

import html
import itertools
import os
import random
import re
import uuid
from pathlib import Path

from locust import HttpUser, between, task

PASSWORD = os.environ.get("IMR_LOAD_PASSWORD", "")
WRITTEN = Path(os.environ.get("IMR_LOAD_WRITTEN", "written.txt"))
NUMBERS = itertools.count(1)
CASE = re.compile(r'href="/cases/(CM\d\d-\d{7})/')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TEXT = re.compile(r'<div class="reading">(.*?)</div>', re.DOTALL)
VERSION = re.compile(r'name="version" value="(\d+)"')
ISSUE = re.compile(r'name="issues" value="(\d+)"')
WORDS = ("lumbar", "knee", "opioid", "mri", "therapy", "injection", "shoulder", "surgery")
REQUESTS = ("MRI of the lumbar spine", "Norco 10/325 #60", "Physical therapy twelve sessions")
OFTEN, SOMETIMES, SELDOM = 8, 4, 2


class Person(HttpUser):
    wait_time = between(1, 5)

    def on_start(self) -> None:
        self.name = f"load-{next(NUMBERS)}"
        self.cases: list[str] = []
        page = self.client.get("/login/", name="sign in").text
        form = {"username": self.name, "password": PASSWORD, "csrfmiddlewaretoken": token(page)}
        self.client.post("/login/", form, headers=self.headers, name="sign in")
        self.look_through_cases()

    @property
    def headers(self) -> dict[str, str]:
        return {"Referer": f"{self.host}/"}

    def see(self, path: str, name: str) -> str:
        with self.client.get(path, name=name, catch_response=True) as answer:
            if answer.status_code != 200 or "/login/" in answer.url:
                answer.failure(f"{answer.status_code} at {answer.url}")
            return answer.text

    def send(self, path: str, form: dict[str, object], name: str, *fine: int) -> tuple[int, str]:
        with self.client.post(
            path, form, headers=self.headers, name=name, catch_response=True
        ) as answer:
            if answer.status_code in (200, *fine):
                answer.success()
            return answer.status_code, answer.text

    @task(OFTEN)
    def look_through_cases(self) -> None:
        page = self.see(f"/cases/?page={random.randint(1, 20)}", "list of cases")
        self.cases = list(dict.fromkeys(CASE.findall(page))) or self.cases

    @task(OFTEN)
    def read_a_case(self) -> None:
        if self.cases:
            self.see(f"/cases/{random.choice(self.cases)}/", "case")

    @task(SOMETIMES)
    def search(self) -> None:
        words = " ".join(random.sample(WORDS, 2))
        self.see(f"/cases/?q={words}&decision=overturned", "search")

    @task(SOMETIMES)
    def narrow_issues(self) -> None:
        self.see("/issues/?category=diagnostics&decision=upheld", "list of issues")

    @task(SELDOM)
    def look_at_the_inbox(self) -> None:
        self.see("/", "inbox")

    @task(SELDOM)
    def compare(self) -> None:
        self.see("/compare/?category=injections", "compare")

    @task(SELDOM)
    def ask_for_precedents(self) -> None:
        self.see(f"/precedents/?request={random.choice(REQUESTS)}", "precedents")

    @task(SOMETIMES)
    def annotate(self) -> None:
        if not self.cases:
            return
        path = f"/cases/{random.choice(self.cases)}/annotate/"
        page = self.see(f"{path}?target=rationale&issue=1", "annotate")
        found = TEXT.search(page)
        if not found:
            return
        quote, word = html.unescape(found[1])[:40], f"load{uuid.uuid4().hex}"
        form = {
            "csrfmiddlewaretoken": token(page), "target": "rationale", "issue": "1", "start": "0",
            "quote": quote, "comment": f"Seen under load, {word}.", "key": str(uuid.uuid4()),
        }  # fmt: skip
        status, _ = self.send(path, form, "annotate (saving)")
        if status == 200:
            with WRITTEN.open("a") as file:
                file.write(f"{word}\n")

    @task(SELDOM)
    def take_a_review_and_submit_it(self) -> None:
        page = self.see("/reviews/", "queue")
        form: dict[str, object] = {"csrfmiddlewaretoken": token(page)}
        status, page = self.send("/reviews/next/", form, "take the next review")
        number, version = (
            re.search(r"<h1[^>]*>.*?(CM\d\d-\d{7})", page, re.DOTALL),
            VERSION.search(page),
        )
        issues = ISSUE.findall(page)
        if status != 200 or not (number and version and issues):
            return
        form = {"csrfmiddlewaretoken": token(page), "action": "submit", "notes": "Under load",
                "version": version[1], "issues": issues}  # fmt: skip
        form |= {f"opinion-{key}": "agree" for key in issues}
        # Another save of the same person may have come first: a conflict is an answer.
        self.send(f"/cases/{number[1]}/review/", form, "submit a review", 409, 422)


def token(page: str) -> str:
    found = TOKEN.search(page)
    return found[1] if found else ""
