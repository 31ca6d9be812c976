"""Forms with files (multipart/form-data), read by the standard library's mail parser, within limits."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.web.messages import Request

NOT_MULTIPART = {"en": "multipart/form-data is expected", "zh-CN": "应为 multipart/form-data"}
CUT_OFF = {"en": "the form ends before its end; send it again", "zh-CN": "表单数据不完整，请重新提交"}
PARTS_LIMIT = 100


def parse_form(request: Request) -> tuple[dict[str, str], dict[str, tuple[str, str, bytes]]]:
    """The fields, and the files as (name, media type, content). Raises Rejected."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data") or "boundary=" not in kind:
        raise Rejected(Problem("http.not-multipart", NOT_MULTIPART))
    head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    try:
        message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    except RecursionError:
        raise Rejected(Problem("http.not-multipart", NOT_MULTIPART)) from None
    boundary = message.get_boundary()
    if boundary is None or not request.body.rstrip().endswith(f"--{boundary}--".encode("utf-8", "replace")):
        raise Rejected(Problem("http.cut-off", CUT_OFF))
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, str, bytes]] = {}
    for index, part in enumerate(message.iter_parts()):
        if index >= PARTS_LIMIT:
            break
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        file_name = part.get_filename()
        if file_name is not None:
            files[name] = (file_name, part.get_content_type(), content)
        else:
            fields[name] = content.decode("utf-8", "replace")
    return fields, files
