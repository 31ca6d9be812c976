"""A role that goes while people have it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lowcode.forms.engine import Forms
from lowcode.kernel.diagnostics import Rejected
from lowcode.rules.engine import Rules
from tests.api.app import APPLICATION, Shop

Open = Callable[..., Shop]


@pytest.mark.requirement("SR01")
def test_a_role_that_people_have_goes_with_consent(open_shop: Open, database_url: str) -> None:
    """The plan says who has it, and without consent nothing goes; one that nobody has, or only people who cannot sign
    in, takes none. The people keep it: after an undo it counts again, and undoing a new role asks as well."""
    shop = open_shop(database=database_url, engines=(Forms(), Rules()))
    roles = [*APPLICATION["roles"], {"name": "guest"}, {"name": "audit", "title": {"en": "Audit", "zh-CN": "审计"}}]
    with_audit = {"app.json": {**APPLICATION, "roles": roles}}
    seen = shop.ask("root", "app.plan", documents=with_audit)
    shop.ask("root", "app.publish", documents=with_audit, plan=seen["plan"])
    for login, active in (("wu", True), ("yu", True), ("former", False)):
        shop.ask("root", "identity.save_person", login=login, name=login.title(), roles=("audit",), active=active)
    shop.ask("root", "identity.save_person", login="former", roles=("audit", "guest"))

    without = {"app.json": APPLICATION}
    seen = shop.ask("root", "app.plan", documents=without)
    assert ["role:audit"] == seen["consents"]
    [step] = seen["steps"]
    assert ("TakeRole", "audit", "the role Audit (audit) is taken away") == (
        step["step"], step["role"], step["words"]["en"]
    )  # fmt: skip
    [found] = step["findings"]
    assert ("warning", 2, [["wu", "Wu"], ["yu", "Yu"]]) == (found["severity"], found["count"], found["samples"])
    with pytest.raises(Rejected, match="role:audit"):
        shop.ask("root", "app.publish", documents=without, plan=seen["plan"])
    assert "audit" in shop.host.directory().actor(_number(shop, "wu")).roles  # type: ignore[union-attr]
    shop.ask("root", "app.publish", documents=without, plan=seen["plan"], allow=["role:audit"])
    back = shop.ask("root", "app.plan_undo")
    assert [] == back["consents"]
    shop.ask("root", "app.undo", plan=back["plan"])
    assert "audit" in shop.host.directory().actor(_number(shop, "yu")).roles  # type: ignore[union-attr]
    assert ["role:audit"] == shop.ask("root", "app.plan_undo")["consents"]


def _number(shop: Shop, login: str) -> int:
    return shop.host.directory().by_login[login].id
