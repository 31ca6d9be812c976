"""What can be read by an address of its own: the fields of a form, a record, a file."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.records.attachments import readable
from lowcode.web.files import permit_files
from lowcode.web.mcp.asked import Asked
from lowcode.web.mcp.messages import BAD_PARAMETERS, NOT_FOUND, Answer, error
from lowcode.web.messages import JSON, to_json

LARGEST = 8 * 2**20
"""Bytes of a file in a message, where it takes a third more."""
ADDRESS = re.compile(
    r"lowcode://(?:(forms)/([a-z][a-z0-9_]*)|(records)/([a-z][a-z0-9_]*)/(\d{1,16})|(files)/(\d{1,16}))"
)
TEMPLATES: tuple[Mapping[str, Any], ...] = (
    {"uriTemplate": "lowcode://records/{form}/{id}", "name": "record", "mimeType": JSON,
     "description": "A record by its form and number, as records_get reads it."},
    {"uriTemplate": "lowcode://files/{id}", "name": "file",
     "description": "A file by its number, as it stands in a field of files."},
)  # fmt: skip
TOO_LARGE = {
    "en": "the file has {size} bytes, and at most {limit} go into a message; fetch it at api/files/{id}",
    "zh-CN": "文件有 {size} 字节，消息中最多 {limit} 字节；请从 api/files/{id} 获取",
}
NO_RESOURCE = {
    "en": "there is nothing at '{uri}'; see resources/list and resources/templates/list",
    "zh-CN": "“{uri}”不存在；请查看 resources/list 和 resources/templates/list",
}


def listed(asked: Asked) -> Answer:
    """A page of the forms; records and files are too many to be listed."""
    found = [
        {"uri": f"lowcode://forms/{each['form']}", "name": each["form"], "title": each["title"], "mimeType": JSON}
        for each in asked.host.ask(asked.actor, "api.forms")["items"]
    ]
    return asked.page("resources", sorted(found, key=lambda each: str(each["name"])), "uri", "resources/list")


def templates(asked: Asked) -> Answer:
    """How the addresses are made of what is not listed."""
    return asked.page("resourceTemplates", TEMPLATES, "uriTemplate", "resources/templates/list")


def read(asked: Asked) -> Answer:
    """What stands at an address."""
    uri = asked.params.get("uri")
    if not isinstance(uri, str):
        return asked.wrong("'uri' is a text; see resources/list", "resources/read 422")
    try:
        found = _read(asked, uri)
    except Rejected as refused:
        missing = NOT_FOUND if isinstance(refused, NotFound) and not asked.modern else BAD_PARAMETERS
        said = error(asked.identity, missing, asked.words(refused), asked.document(refused))
        return Answer(said, f"resources/read {refused.status}", refused)
    return asked.done({"contents": [{"uri": uri, **found}], **asked.kept(0)}, f"resources/read {uri} 200")


def _read(asked: Asked, uri: str) -> dict[str, Any]:
    matched = ADDRESS.fullmatch(uri)
    if matched is None:
        raise NotFound(Problem("http.no-resource", NO_RESOURCE, "/uri", {"uri": uri[:100]}))
    forms, form, _, type, record, _, file = matched.groups()
    if forms:
        return _json(asked.host.ask(asked.actor, "api.form", form=form))
    if type:
        return _json(asked.host.ask(asked.actor, "records.get", type=type, id=int(record)))
    return _file(asked, int(file))


def _json(value: Any) -> dict[str, Any]:
    return {"mimeType": JSON, "text": to_json(value).decode()}


def _file(asked: Asked, identity: int) -> dict[str, Any]:
    """A file: as text where it is one."""
    permit_files(asked.actor)
    host = asked.host
    with host.database.reading() as unit:
        found = readable(host.context(unit, asked.actor), identity)
    if found["size"] > LARGEST:
        values = {"size": found["size"], "limit": LARGEST, "id": identity}
        raise Rejected(Problem("http.resource-too-large", TOO_LARGE, "/uri", values))
    content = host.files.get(found["digest"])
    media_type = str(found["media_type"])
    if media_type.startswith("text/") or media_type == JSON:
        try:
            return {"mimeType": media_type, "text": content.decode()}
        except UnicodeDecodeError:
            pass  # of another encoding: as it is
    return {"mimeType": media_type, "blob": base64.b64encode(content).decode()}
