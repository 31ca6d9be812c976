"""Rules write by the channels of an app: a text message to a customer, a group that is told, chat for colleagues."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.api.vendors import Aliyun, DingTalk, Service, serving
from tests.rules.apps import ACCOUNT, LEAD, START, rule, trial

SECRETS = {"DING_KEY": "SEC1", "ALIYUN_SECRET": "aliyun-secret"}


def robot(service: Service) -> dict[str, Any]:
    """A DingTalk robot at a service."""
    url = f"{service.url}/robot/send?access_token=robot-token"
    return {"name": "team", "type": "dingtalk_robot", "url": url, "secret": {"secret": "DING_KEY"}}


def texts(service: Service) -> dict[str, Any]:
    """Text messages by a provider."""
    return {
        "name": "texts", "type": "sms_aliyun", "url": service.url, "access_key": "id",
        "secret": {"secret": "ALIYUN_SECRET"}, "signature": "某公司", "template": "SMS_1",
        "parameters": {"customer": "text", "code": "number"},
    }  # fmt: skip


@pytest.mark.requirement("R12", "SR16", "SR08")
def test_a_customer_gets_a_text_message(database_url: str) -> None:
    """With the parameters of the provider's template, once a day, in no quiet hour; a blank number gets none."""
    words = {
        "channel": "texts", "to": "phone", "text": "{{ company }}", "values": {"number": 'TEXT(budget, "0")'},
        "once_per": {"days": 1}, "quiet": {"from": "21:00", "until": "08:00"},
    }  # fmt: skip
    found = rule("texted", {"updated": True, "fields": ["budget"]}, {"send": words})
    with serving(Aliyun(lambda: START)) as there:
        others = {"api/texts.json": texts(there)}
        with trial(database_url, found, others=others, secrets=SECRETS, allow_private=("127.0.0.0/8",)) as app:
            there.now = app.clock.now
            lead, blank = app.create(company="Ling", phone="13912345678"), app.create()
            for budget in (5, 6):
                for each in (lead, blank):
                    app.update(each, budget=budget)
                    app.settle()
            (sent,) = there.got
            assert sent["PhoneNumbers"] == "13912345678"
            assert json.loads(sent["TemplateParam"]) == {"customer": "Ling", "code": "5"}
            there.got.clear()
            app.clock.set(START + timedelta(days=1, hours=14))
            app.update(lead, budget=7)
            app.settle()
            assert there.got == []
            app.clock.set(START + timedelta(days=1, hours=23))
            app.settle()
            assert len(there.got) == 1


@pytest.mark.requirement("SR16", "SR29")
def test_colleagues_are_told_by_chat_and_in_the_app(database_url: str) -> None:
    """One notice by two channels: the group hears it with the address of the record, the owner sees it in the app.
    A rule that acts as whoever set it off says no more than this person may see."""
    told = {"to": ["owner"], "title": "Won: {{ company }}", "text": "{{ budget }}", "channels": ["app", "team"]}
    guarded = {**told, "title": "By {{ company }}", "text": "[{{ budget }}|{{ account.name }}]"}
    found = (
        rule("won", {"becomes": 'stage = "won"'}, {"notify": told}),
        rule("lost", {"becomes": 'stage = "lost" and budget > 8'}, {"notify": guarded}, run_as="actor"),
    )
    account = {**ACCOUNT, "permissions": [{"role": "supervisor", "can": ["create", "read"]}]}
    lead_form = {**LEAD, "permissions": [
        {"role": "supervisor", "can": ["create", "read", "edit"]},
        {"role": "sales", "can": ["create", "read", "edit"], "hide": ["budget"]},
    ]}  # fmt: skip
    with serving(DingTalk(lambda: START)) as there:
        others = {"api/team.json": robot(there), "forms/account.json": account, "forms/lead.json": lead_form}
        options: dict[str, Any] = {"others": others, "allow_private": ("127.0.0.0/8",)}
        secrets = {**SECRETS, "PUBLIC_URL": "https://crm.example.com"}
        with trial(database_url, *found, secrets=secrets, **options) as app:
            ling = app.create("boss", "account", name="Ling & Co")
            lead = app.create("boss", company="Ling", budget=9, account=ling, owner=app.person("ann"))
            app.update(lead, stage="won")
            app.settle()
            assert app.notices("ann") == ["Won: Ling"]
            (said,) = there.got
            assert "Won: Ling" in json.dumps(said, ensure_ascii=False)
            assert f"https://crm.example.com/#/records/lead/{lead}" in json.dumps(said)
            for login in ("ann", "boss"):
                app.update(lead, login, stage="lost")
                app.update(lead, login, stage="contacted")
                app.settle()
            seen = [json.dumps(each, ensure_ascii=False) for each in there.got[1:]]
            assert ["[|]" in each for each in seen] == [True, False]
            assert "[¥9.00|Ling & Co]" in seen[1]
