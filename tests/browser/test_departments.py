"""A department is chosen from the tree it hangs in, at a desk and on a phone, and found by it with all below."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from lowcode.host import Host
from lowcode.kernel.identity import APP
from tests.browser.conftest import Picture, SignIn
from tests.support.browser import PHONE, OpenContext


@pytest.mark.requirement("SF14")
@pytest.mark.parametrize(("language", "phone"), [("zh-CN", False), ("en", True)])
def test_a_department_is_chosen_from_its_tree(
    browser_context: OpenContext, sign_in: SignIn, demo: Host, picture: Picture, language: str, phone: bool
) -> None:
    """Branches stand under one another, a search leaves those in which something is found."""
    chinese = language == "zh-CN"
    title, above, wanted, other = (
        ("费用承担部门", "综合管理部", "华东销售部", "华南销售部") if chinese
        else ("Charged to", "Management and services", "East China sales", "South China sales")
    )  # fmt: skip
    [found] = demo.ask(APP, "records.list", type="campaign", limit=1, sort=("-id",), fields=("id",))["items"]
    options: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {}
    page = sign_in(
        browser_context(locale=language, **options).new_page(), "陈国栋", f"#/records/campaign/{found['id']}"
    )
    page.get_by_role("button", name="编辑" if chinese else "Edit").first.click()
    form = page.get_by_role("dialog")
    form.get_by_label(title).click()
    tree = page.locator(".ant-select-tree")
    outer, inner = (tree.locator(".ant-select-tree-treenode", has_text=each) for each in (above, wanted))
    expect(inner).to_be_visible()
    picture(page, f"department-{language}")
    left = [each.locator(".ant-select-tree-title").bounding_box() for each in (outer, inner)]
    assert left[0] and left[1] and left[0]["x"] < left[1]["x"], "what hangs under another stands further in"
    assert left[1]["x"] + left[1]["width"] <= (page.viewport_size or PHONE)["width"]
    form.get_by_label(title).press_sequentially(wanted[:2] if chinese else "East")
    expect(tree.locator(".ant-select-tree-treenode", has_text=other)).to_have_count(0)
    inner.locator(".ant-select-tree-title").click()
    form.get_by_role("button", name="保存" if chinese else "Save", exact=True).click()
    expect(form).to_be_hidden()
    expect(page.locator(".lc-facts", has_text=title)).to_contain_text(wanted)
    where = f'UNDER(department, "{above}") and id = {found["id"]}'
    assert demo.ask(APP, "records.list", type="campaign", where=where, fields=("id",))["items"]
