"""What is said of a name or number in a file, or in what is sent, that leads nowhere for whoever sends it."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from tests.forms.firm import firm


@pytest.mark.requirement("SF10", "SP14")
def test_a_number_kept_from_somebody_is_refused_as_one_that_is_none(database_url: str) -> None:
    """In the same words, with what was seen and what to do, so that nobody learns which numbers there are."""
    with firm(database_url) as app:
        hidden = app.create("ann", "customer", name="Ann's own", phone="13800000001")
        said = []
        for number in (hidden, 987_654):
            content = f"customer\n{number}\n".encode()
            told = app.ask("ben", "forms.import", form="quote", name="q.csv", content=content, keys=(), dry_run=True)
            [problem] = told["problems"]
            assert problem["code"] == "forms.name-not-found"
            assert str(number) in problem["detail"] and "write what it is called" in problem["detail"]
            with pytest.raises(Rejected) as refused:
                app.create("ben", "quote", customer=number)
            [sent] = refused.value.problems
            assert (sent.code, sent.pointer) == ("records.link-not-found", "/customer")
            assert str(number) in sent.words("zh-CN") and "请选择可选项" in sent.words("zh-CN")
            said.append((problem["detail"].replace(str(number), "#"), sent.words("en").replace(str(number), "#")))
        assert said[0] == said[1]


@pytest.mark.requirement("SF10")
def test_roles_and_departments_are_read_by_what_they_are_called(database_url: str) -> None:
    """A file says them in its language; an import takes what they are called in any language, or their key."""
    form: dict[str, Any] = {
        "name": "post", "label": "name",
        "fields": [{"name": "name", "type": "text"}, {"name": "role", "type": "role"},
                   {"name": "unit", "type": "department"}, {"name": "job", "type": "link", "to": "role"}],
        "permissions": [{"role": "sales", "can": ["create", "read", "export", "import"]}],
    }  # fmt: skip
    roles = [{"name": "sales", "title": {"zh-CN": "销售", "en": "Sales staff"}}, {"name": "plain"}]
    app = {"name": "firm", "languages": ["zh-CN", "en"], "roles": roles}
    jobs = {**form, "name": "role", "fields": [{"name": "name", "type": "text"}]}  # a form may be called so, too
    host = Host({"app.json": app, "forms/post.json": form, "forms/role.json": jobs}, database_url, engines=[Forms()])
    try:
        host.publish()
        host.ask(APP, "records.create", type="role", values={"name": "Engineer"})
        host.ask(APP, "identity.save_department", name="north", title={"zh-CN": "北方区", "en": "North"})
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",), department="north")
        host.forget_directory()
        ann = host.actor("ann")
        rows = "name,role,unit,job\na,销售,North,\nb,Sales staff,北方区,\nc,sales,north,\nd,plain,,Engineer\ne,chief,\n"
        asked = {"form": "post", "name": "p.csv", "content": rows.encode(), "keys": (), "on_error": "skip"}
        told = host.ask(ann, "forms.import", **asked)
        assert [(each["row"], each["field"], each["code"]) for each in told["problems"]] == [
            (6, "role", "forms.name-not-found")
        ]
        kept = host.ask(ann, "records.list", type="post", fields=("role", "unit", "job"), sort=("name",))["items"]
        assert [(each["role"], each["unit"]) for each in kept] == [("sales", ann.department)] * 3 + [("plain", None)]
        assert kept[-1]["job"] is not None
        for language, words in (("zh-CN", "a,销售,北方区"), ("en", "a,Sales staff,North")):
            file = host.ask(ann, "forms.export", form="post", format="csv", language=language)
            assert words in file["content"].decode("utf-8-sig")
    finally:
        host.close()
