"""The forms of the example CRM, with nothing but the rule that is tried, and records that set it off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cronsim import CronSim

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from tests.rules.apps import ENGINES, START, Trial

DATED = re.compile(r"^\d{4}-\d{2}-\d{2}(T|$)")
CRM = Path(__file__).parents[2] / "examples" / "crm_app"
PEOPLE = (
    {"login": "boss", "name": "Boss", "roles": ["supervisor"]},
    {"login": "ann", "name": "Ann", "roles": ["sales"], "manager": "boss"},
    {"login": "ben", "name": "Ben", "roles": ["sales"], "manager": "boss"},
    {"login": "sam", "name": "Sam", "roles": ["service"], "manager": "boss"},
    {"login": "fin", "name": "Fin", "roles": ["finance"]},
    {"login": "dir", "name": "Dir", "roles": ["director"]},
)
USUAL: Mapping[str, Mapping[str, Any]] = {
    "lead": {"company": "甲公司", "name": "王先生", "phone": "13855501234", "source": "other"},
    "account": {"name": "甲公司", "industry": "machinery", "size": "large", "province": "shanghai", "grade": "C"},
    "contact": {"name": "李女士", "account": "$account", "mobile": "13855501235"},
    "opportunity": {
        "name": "商机", "account": "$account", "amount": 100, "expected_close": "2026-06-30", "contact": "$contact",
    },
    "follow_up": {"content": "沟通了需求和交期", "account": "$account", "method": "call"},
    "task": {"title": "任务"},
    "quote": {"subject": "报价", "account": "$account", "quoted_on": "2026-03-02"},
    "contract": {"name": "合同", "account": "$account", "total": 100},
    "payment": {"contract": "$contract", "account": "$account", "amount": 10, "received_on": "2026-03-01"},
    "invoice_request": {"contract": "$contract", "account": "$account", "amount": 10},
    "service_case": {"subject": "工单", "account": "$account"},
    "product": {"code": "P1", "name": "产品", "product_line": "plc", "price": 10},
}  # fmt: skip


def documents(*rules: Mapping[str, Any]) -> dict[str, Any]:
    """The forms, open: any state may follow any other, and the checks of the CRM do not stand in the way."""
    return {**_open_forms(), **{f"rules/{rule['name']}.json": rule for rule in rules}}


@cache
def _open_forms() -> dict[str, Any]:
    app = json.loads((CRM / "app.json").read_text("utf-8"))
    found: dict[str, Any] = {"app.json": {name: value for name, value in app.items() if name not in ("menus", "home")}}
    for path in sorted((CRM / "forms").glob("*.json")):
        form = json.loads(path.read_text("utf-8"))
        for word in ("checks", "unique", "duplicates", "public", "privacy"):
            form.pop(word, None)
        for field in form["fields"]:
            field.pop("unique", None)
            if field["type"] == "state":
                field["transitions"] = [{"from": "*", "to": each["name"]} for each in field["states"]]
                field["states"] = [{"name": each["name"], "title": each.get("title", "")} for each in field["states"]]
        found[f"forms/{path.name}"] = form
    return found


@contextmanager
def crm(*rules: Mapping[str, Any]) -> Iterator[Trial]:
    """A host with the forms and some rules."""
    clock = FrozenClock(START)
    host = Host(documents(*rules), "sqlite://", clock=clock, engines=ENGINES)
    try:
        host.publish()
        with host.session(APP) as context:
            for person in PEOPLE:
                context.ask("identity.save_person", **person)
        host.forget_directory()
        trial = Trial(host, clock)
        trial.settle()
        yield trial
    finally:
        host.close()


class Stage:
    """Plays the example of a scenario: makes the records it needs, and what sets it off.

    Each begins on a Monday at nine; the dates of an example are those of the first Monday, and move on with it.
    """

    def __init__(self, app: Trial) -> None:
        self.app = app
        self.known: dict[str, int] = {}
        weeks = -((START - app.clock.now()) // timedelta(days=7))
        self.shift = timedelta(days=7 * weeks)
        app.clock.set(START + self.shift)
        app.settle()

    def value(self, written: Any) -> Any:
        """A value of an example: `$account` is a record, `$other` somebody else, `$now` this instant."""
        if isinstance(written, list):
            return [self.value(each) for each in written]
        if isinstance(written, Mapping):
            return {name: self.value(each) for name, each in written.items()}
        if not isinstance(written, str) or not written.startswith("$"):
            return self.moved(written)
        match written:
            case "$now":
                return self.app.clock.now()
            case "$other":
                return self.app.person("ben")
            case "$record":
                return self.known["record"]
            case "$account_a":
                return self.once(written, "account", {"name": "A 级客户", "grade": "A", "status": "active"})
            case "$debtor":
                debtor = self.once(written, "account", {"name": "欠款客户", "credit_limit": 1})
                self.once("$debt", "contract", {"account": debtor, "stage": "signed", "total": 100})
                return debtor
            case "$quote":
                lines = [{"product": "$product", "quantity": 1, "price": 100}]
                return self.once(written, "quote", {"items": lines})
            case "$contact":
                return self.once(written, "contact", {"email": "c@example.com"})
            case _:
                return self.once(written, written[1:], {})

    def moved(self, written: Any) -> Any:
        """A day or instant of an example, moved on by as many weeks as have passed."""
        if not isinstance(written, str) or not DATED.match(written):
            return written
        if len(written) > 10:
            return (datetime.fromisoformat(written) + self.shift).isoformat()
        return (date.fromisoformat(written) + self.shift).isoformat()

    def once(self, key: str, form: str, values: Mapping[str, Any]) -> int:
        """A record that is made when it is first asked for."""
        if key not in self.known:
            self.known[key] = self.make(form, values)
        return self.known[key]

    def make(self, form: str, values: Mapping[str, Any], login: str | None = None) -> int:
        """A record with the usual values and these."""
        owner = {"owner": self.app.person("sam" if form == "service_case" else "ann")}
        given = {**owner, **USUAL[form], **values}
        sent = {name: self.value(each) for name, each in given.items()}
        return self.app.create(
            login, form=form, **{name: each for name, each in sent.items() if each is not None or name == "owner"}
        )

    def play(self, form: str, example: Mapping[str, Any], cron: str | None = None) -> list[Any]:
        """Play it; the words with which a save was refused, if one was. With `cron`, until the clock strikes."""
        for name in ("$account", "$contract"):
            if any(name == each for each in (*USUAL[form].values(), *example.get("given", {}).values())):
                self.value(name)
        self.app.settle()
        try:
            given = {**example.get("given", {})}
            self.known["record"] = self.make(form, given, example.get("as"))
            self.app.settle()
            if "after_given" in example:
                self.app.advance(**example["after_given"])
            for other, values in example.get("around", ()):
                self.make(other, values)
                self.app.settle()
            if "then" in example:
                values = {name: self.value(each) for name, each in example["then"].items()}
                self.app.update(self.known["record"], None, form, **values)
            if example.get("deleted"):
                self.app.ask(None, "records.delete", type=form, id=self.known["record"])
            if "told" in example:
                with self.app.host.session(APP) as context:
                    context.tell(example["told"]["name"], record_type=form, record_id=self.known["record"])
        except Rejected as refused:
            return [each.message for each in refused.problems]
        self.app.settle()
        if cron is not None:
            self._wait_for(cron)
        elif "after" in example:
            self._wait(timedelta(**example["after"]))
        return []

    def _wait_for(self, cron: str) -> None:
        """The next time a schedule names, and nothing in between."""
        strikes = next(CronSim(cron, self.app.clock.now().astimezone(self.app.host.app.zone)))
        for each in (strikes - timedelta(minutes=1), strikes + timedelta(minutes=1)):
            self.app.clock.set(each)
            self.app.settle()

    def _wait(self, span: timedelta) -> None:
        """Time passes in strides, as a worker sees it."""
        stride = min(timedelta(days=10), max(span / 4, timedelta(minutes=1)))
        until = self.app.clock.now() + span
        while self.app.clock.now() < until:
            self.app.clock.set(min(until, self.app.clock.now() + stride))
            self.app.settle()
