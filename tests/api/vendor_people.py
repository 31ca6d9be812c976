"""The parts of DingTalk, WeCom and Feishu that tell departments and people, as their makers document them.

All three tell the same firm (`Staff`), each in its own shape, in pages of two at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.api import vendors
from tests.api.vendors import Answer, Asked

PAGE = 2


@dataclass
class One:
    """Somebody of the firm; `leads` is the department that they lead."""

    name: str
    department: int
    mail: str = ""
    mobile: str = ""
    title: str = ""
    leads: int | None = None
    manager: str | None = None
    active: bool = True


@dataclass
class Staff:
    """A firm: departments by number with their names and the one above, people by account."""

    departments: dict[int, tuple[str, int | None]] = field(default_factory=dict)
    people: dict[str, One] = field(default_factory=dict)

    def below(self, number: int) -> list[int]:
        return [each for each, (_, above) in self.departments.items() if above == number]

    def of(self, number: int) -> list[str]:
        return [account for account, one in self.people.items() if one.department == number]


def page(listed: list[Any], at: int) -> tuple[list[Any], bool]:
    return listed[at : at + PAGE], at + PAGE < len(listed)


@dataclass
class DingTalk(vendors.DingTalk):
    """topapi/v2 of oapi.dingtalk.com."""

    staff: Staff = field(default_factory=Staff)

    def answer(self, asked: Asked) -> Answer:
        if not asked.path.startswith("/topapi/v2/"):
            return super().answer(asked)
        if not self.good(asked.query.get("access_token")):
            return 200, {
                "errcode": 88,
                "sub_code": "40014",
                "sub_msg": "不合法的access_token",
                "errmsg": "ding talk error",
            }
        number = asked.json["dept_id"]
        if number not in self.staff.departments:
            return 200, {"errcode": 60003, "errmsg": "部门不存在"}
        return 200, {"errcode": 0, "errmsg": "ok", "result": self.told(asked, number)}

    def told(self, asked: Asked, number: int) -> Any:
        staff = self.staff
        if asked.path == "/topapi/v2/department/get":
            return {"dept_id": number, "name": staff.departments[number][0]}
        if asked.path == "/topapi/v2/department/listsub":
            return [
                {"dept_id": each, "name": staff.departments[each][0], "parent_id": number}
                for each in staff.below(number)
            ]
        assert asked.path == "/topapi/v2/user/list" and asked.json["size"] <= 100
        active = [account for account in staff.of(number) if staff.people[account].active]
        some, more = page(active, asked.json["cursor"])
        found = [self.person(account, staff.people[account]) for account in some]
        return {"has_more": more, **({"next_cursor": asked.json["cursor"] + PAGE} if more else {}), "list": found}

    @staticmethod
    def person(account: str, one: One) -> Any:
        return {
            "userid": account, "unionid": f"union-{account}", "name": one.name, "mobile": one.mobile,
            "org_email": one.mail, "email": "private@example.org", "title": one.title,
            "dept_id_list": [one.department], "leader": one.leads == one.department, "active": True,
        }  # fmt: skip


@dataclass
class WeCom(vendors.WeCom):
    """department/list and user/list of qyapi.weixin.qq.com."""

    staff: Staff = field(default_factory=Staff)
    sees_all: bool = True

    def answer(self, asked: Asked) -> Answer:
        if asked.path not in ("/cgi-bin/department/list", "/cgi-bin/user/list"):
            return super().answer(asked)
        token = asked.query.get("access_token")
        if not self.good(token):
            return 200, {"errcode": 42001 if token in self.tokens else 40014, "errmsg": "access_token"}
        yes = {"errcode": 0, "errmsg": "ok"}
        if asked.path == "/cgi-bin/department/list":
            found = [
                {"id": number, "name": name, "parentid": above or 0, "order": 1}
                for number, (name, above) in self.staff.departments.items()
                if self.sees_all or above is not None
            ]
            return 200, {**yes, "department": found}
        number = int(asked.query["department_id"])
        return 200, {**yes, "userlist": [self.person(each, self.staff.people[each]) for each in self.staff.of(number)]}

    @staticmethod
    def person(account: str, one: One) -> Any:
        return {
            "userid": account, "name": one.name, "mobile": one.mobile, "biz_mail": one.mail,
            "email": "private@example.org", "position": one.title, "department": [one.department],
            "main_department": one.department, "is_leader_in_dept": [int(one.leads == one.department)],
            "direct_leader": [one.manager] if one.manager else [], "status": 1 if one.active else 5,
        }  # fmt: skip


@dataclass
class Feishu(vendors.Feishu):
    """contact/v3 of open.feishu.cn; the firm itself is the department 0."""

    staff: Staff = field(default_factory=Staff)

    def answer(self, asked: Asked) -> Answer:
        if not asked.path.startswith("/open-apis/contact/v3/"):
            return super().answer(asked)
        if not self.good(asked.headers.get("authorization", "").removeprefix("Bearer ")):
            return 400, {"code": 99991663, "msg": "Invalid access token for authorization"}
        assert int(asked.query["page_size"]) <= 50
        if asked.path == "/open-apis/contact/v3/departments/0/children":
            assert (asked.query["fetch_child"], asked.query["department_id_type"]) == ("true", "open_department_id")
            listed = [self.department(number) for number in self.staff.departments if number != 1]
        else:
            assert (asked.path, asked.query["user_id_type"]) == (
                "/open-apis/contact/v3/users/find_by_department", "open_id",
            )  # fmt: skip
            key = asked.query["department_id"]
            number = 1 if key == "0" else int(key.removeprefix("od-"))
            listed = [self.person(each, self.staff.people[each]) for each in self.staff.of(number)]
        at = int(asked.query.get("page_token", "0"))
        some, more = page(listed, at)
        return 200, {"code": 0, "msg": "success", "data": {
            "has_more": more, "items": some, **({"page_token": str(at + PAGE)} if more else {}),
        }}  # fmt: skip

    def department(self, number: int) -> Any:
        name, above = self.staff.departments[number]
        leads = next((each for each, one in self.staff.people.items() if one.leads == number), "")
        return {
            "name": name, "department_id": f"d-{number}", "open_department_id": f"od-{number}",
            "parent_department_id": "0" if above == 1 else f"od-{above}", "leader_user_id": leads,
        }  # fmt: skip

    @staticmethod
    def person(account: str, one: One) -> Any:
        department = "0" if one.department == 1 else f"od-{one.department}"
        return {
            "open_id": account, "user_id": account, "union_id": f"on_{account}", "name": one.name,
            "mobile": one.mobile, "enterprise_email": one.mail, "email": "private@example.org",
            "job_title": one.title, "department_ids": [department], "leader_user_id": one.manager or "",
            "orders": [{"department_id": department, "is_primary_dept": True}],
            "status": {"is_frozen": False, "is_resigned": not one.active, "is_activated": True},
        }  # fmt: skip
