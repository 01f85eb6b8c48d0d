"""kill -9 of the chatbot process in the middle of what must not happen twice, get lost, or stay
half done: a write that was sent, a write that was answered, a read, an import."""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.people import API, PASSWORD, Agent, Customer, ok
from tests.processes import wait_until
from tests.servers import Platform, platform
from tests.web import Asked, Reply, Web, web_server

ROWS = 60
SENT, ANSWERED, READ = "20001", "20002", "20003"
MOVE, FIND = "Move parcel {}", "Find parcel {}"
_NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": r"^2\d{4}$"},
}
DOCUMENT = {
    "openapi": "3.0.3",
    "paths": {
        f"/{verb}/{{number}}": {method: {"operationId": verb, "parameters": [_NUMBER]}}
        for verb, method in (("move", "post"), ("find", "get"))
    },
}


@dataclass
class Story:
    """What stood when the process was killed, and who was there."""

    platform: Platform
    web: Web
    owner: Agent
    customers: dict[str, Customer]
    calls: dict[str, int]
    job: int
    done: int
    articles: int

    def requests(self, number: str) -> list[Asked]:
        return [each for each in self.web.asked if each.path.endswith(number)]

    def call(self, number: str) -> dict[str, Any]:
        session = self.customers[number].session
        answer = self.owner.http.get(f"{API}/sessions/{session}/tool-calls")
        found: list[dict[str, Any]] = ok(answer)["results"]
        assert len(found) == 1
        return found[0]


@pytest.fixture(scope="module")
def killed(seeded: Path) -> Iterator[Story]:
    """Everything under way, and then one kill -9."""
    never, answered = threading.Event(), threading.Event()

    def hold(until: threading.Event) -> Reply:
        until.wait(60)
        return Reply({"state": "moved"})

    with (
        web_server() as web,
        platform(seeded, variables=lambda *_: {"OUTBOUND_ALLOWED": "127.0.0.1"}) as running,
    ):
        web.routes[f"/move/{SENT}"] = lambda _: hold(never)
        web.routes[f"/move/{ANSWERED}"] = lambda _: hold(answered)
        web.routes[f"/find/{READ}"] = lambda _: hold(never)
        _offer_tools(running, web.url)
        owner = Agent(running, "admin")
        customers = {number: Customer(running, name=number) for number in (SENT, ANSWERED, READ)}
        calls = {number: _asks_to_move(customers[number], number) for number in (SENT, ANSWERED)}
        try:
            job = _starts_import(owner)
            for number, call in calls.items():
                ok(
                    customers[number].http.post(
                        customers[number].path(f"/tool-calls/{call}/confirm")
                    )
                )
            customers[READ].says(FIND.format(READ))
            wait_until(lambda: len(web.asked) == 3, what="all requests to reach the tool server")
            wait_until(lambda: _import(owner, job)["done"] > 3, what="the import to be under way")
            with closing(sqlite3.connect(running.folder / "chatplatform.sqlite3")) as database:
                database.isolation_level = None
                database.execute("BEGIN IMMEDIATE")  # nobody stores anything from here on
                done, articles = _kept(database, job)
                answered.set()
                wait_until(lambda: web.answered, what="the answer to be sent")
                _kill(running)
                # The same as waiting for all leases to end; they say what is free to be taken over.
                for leased in ("tools_toolcall", "assistant_run", "knowledge_importjob"):
                    database.execute(f"UPDATE {leased} SET lease_until = '2020-01-01'")  # noqa: S608
                database.execute("COMMIT")
            web.routes[f"/find/{READ}"] = lambda _: Reply({"state": "in Wuxi"})
            wait_until(lambda: running.readiness("chatbot").serves, what="a new process")
            yield Story(running, web, owner, customers, calls, job, done, articles)
        finally:
            never.set()
            answered.set()


@pytest.mark.parametrize("number", [SENT, ANSWERED], ids=["sent", "answered"])
def test_a_write_is_sent_once_and_ends_as_uncertain(killed: Story, number: str) -> None:
    customer = killed.customers[number]
    wait_until(lambda: killed.call(number)["status"] != "running", what="the call's end")
    assert killed.call(number)["status"] == "uncertain"
    assert killed.call(number)["error"] == "the worker died"
    wait_until(lambda: customer.status() == "queued", what="a person to be fetched")
    codes = [each["code"] for each in customer.messages() if each["author"]["kind"] == "system"]
    assert codes == ["tool_confirmation", "tool_uncertain", "transfer_requested"]
    again = ok(customer.http.post(customer.path(f"/tool-calls/{killed.calls[number]}/confirm")))
    assert again["status"] == "uncertain", "pressing the button again changes nothing"
    assert len(killed.requests(number)) == 1


def test_a_read_is_made_again_with_the_same_key_and_answered_once(killed: Story) -> None:
    customer = killed.customers[READ]

    def answers() -> list[str]:
        said = customer.messages()
        return [each["text"] for each in said if each["author"]["kind"] == "ai"]

    wait_until(lambda: any("Wuxi" in each for each in answers()), what="the answer")
    assert sum("Wuxi" in each for each in answers()) == 1
    keys = [each.headers["idempotency-key"] for each in killed.requests(READ)]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert killed.call(READ)["status"] == "ok"


def test_an_import_goes_on_where_it_stopped(killed: Story) -> None:
    assert 3 < killed.done < ROWS
    assert killed.articles == killed.done, "what is said to be done is done"
    wait_until(lambda: _import(killed.owner, killed.job)["state"] == "done", what="its end")
    job = _import(killed.owner, killed.job)
    counts = {name: job[name] for name in ("total", "done", "created", "failed")}
    assert counts == {"total": ROWS, "done": ROWS, "created": ROWS, "failed": 0}
    with closing(sqlite3.connect(killed.platform.folder / "chatplatform.sqlite3")) as database:
        titles = database.execute("SELECT title FROM knowledge_article WHERE title LIKE 'Rule %'")
        assert sorted(title for (title,) in titles) == sorted(f"Rule {n}?" for n in range(ROWS))


def _offer_tools(running: Platform, url: str) -> None:
    """An administrator adds the server and switches its tools on."""
    with httpx.Client(base_url=running.url("workbench"), follow_redirects=True) as http:
        _submit(http, "/accounts/login/", {"login": "admin", "password": PASSWORD})
        server = {
            "kind": "http_api",
            "name": "Parcels",
            "url": url,
            "document": json.dumps(DOCUMENT),
        }
        limits = {"auth": "none", "timeout": "20", "retries": "0", "enabled": "on"}
        _submit(http, "/admin/tools/toolserver/add/", {**server, **limits})
        for name, risk, wording in (("move", "write", MOVE), ("find", "read", FIND)):
            listed = http.get("/admin/tools/tool/", params={"q": name}).text
            link = rf'href="(/admin/tools/tool/\d+/change/)[^>]*>\s*{name}\s*<'
            found = re.search(link, listed)
            assert found, f"{name} is not listed"
            tool = {"name": name, "risk": risk, "wordings": wording.format(SENT), "enabled": "on"}
            rest = {"audience": "anyone", "per_minute": "10", "answers": "{}"}
            _submit(http, found[1], {**tool, **rest})


def _submit(http: httpx.Client, path: str, fields: dict[str, str]) -> None:
    page = http.get(path).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, path
    answer = http.post(path, data={**fields, "csrfmiddlewaretoken": token[1]})
    errors = re.findall(r'class="errorlist.*?</ul>', answer.text, re.DOTALL)
    assert answer.history, f"{path} was not taken: {errors}"


def _asks_to_move(customer: Customer, number: str) -> int:
    """The call that waits for her yes."""
    customer.says(MOVE.format(number))

    def waiting() -> list[int]:
        cards = [each["data"].get("confirmation") for each in customer.messages()]
        return [card["call"] for card in cards if card]

    wait_until(waiting, what="the question whether it may")
    return waiting()[0]


def _starts_import(owner: Agent) -> int:
    rows = "".join(f"Rule {n}?,Parcels of rule {n} are taken.\n" for n in range(ROWS))
    files = {"files": ("rules.csv", f"question,answer\n{rows}".encode(), "text/csv")}
    return int(ok(owner.http.post(f"{API}/knowledge/imports", files=files))["id"])


def _import(owner: Agent, job: int) -> dict[str, Any]:
    return ok(owner.http.get(f"{API}/knowledge/imports/{job}"))


def _kept(database: sqlite3.Connection, job: int) -> tuple[int, int]:
    done = database.execute("SELECT done FROM knowledge_importjob WHERE id = ?", [job])
    made = database.execute("SELECT count(*) FROM knowledge_article WHERE title LIKE 'Rule %'")
    return done.fetchone()[0], made.fetchone()[0]


def _kill(running: Platform) -> None:
    process = psutil.Process(running.pid("chatbot"))
    process.kill()
    process.wait(10)
