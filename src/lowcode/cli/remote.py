"""An app on a running host, reached over HTTP with a key of an administrator: `LOWCODE_KEY` holds it, or several
by address."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lowcode.cli.speaking import spoken
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import LowcodeError, Report
from lowcode.kernel.release import release
from lowcode.kernel.storage.migrate.versions import text_of
from lowcode.publishing.protocol import HEADER, OLDEST, REVISION

KEY = "LOWCODE_KEY"
MARK = Path(".lowcode") / "pulled.json"
"""What of a folder came from where: so that a push sees what others published since."""
PULLING = Path(".lowcode") / "pulling.json"
"""What a folder is being fetched from while that is done: one that was not finished is neither the old nor the new."""
PATIENCE = 600.0
"""Seconds an apply may take: large tables are rewritten in it."""


READS = frozenset({"app.documents", "app.plan", "app.plan_undo"})
"""What is asked without anything being done: it can be asked again."""
PLANNED = ("plan", "findings")
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "app.documents": ("app", "version", "digest"), "app.plan": PLANNED, "app.plan_undo": ("plan", "steps", "consents"),
    "app.publish": ("version", "digest"), "app.undo": ("version", "digest"),
}  # fmt: skip
"""What of each answer is looked at."""
WORDS = {
    "no-client": ("要连接运行中的主机，请安装：pip install 'lowcode[client]'",
                  "to reach a running host: pip install 'lowcode[client]'"),
    "refused": ("{url} 拒绝了请求（{status}）：\n  {told}\n{cure}", "{url} refused ({status}):\n  {told}\n{cure}"),
    "silent": ("无法连接 {url}：{told}\n未执行任何操作。请检查地址和网络，确认主机已启动，然后重新运行此命令。",
               "{url} does not answer: {told}\nNothing was done. See whether the address is right and the host runs, "
               "then run this command again."),
    "cut": ("{url} 没有返回完整的回答：{told}\n可能已经执行，也可能没有。请稍候用 lowcode diff 查看，或重新运行此命令："
            "如果已经发布，它会提示已是最新。",
            "the answer of {url} was lost: {told}\nIt may have been done or not. Look with lowcode diff, or run this "
            "command again in a moment: where it was published, it says that the host has it already."),
    "cut-undo": ("{url} 没有返回完整的回答：{told}\n可能已经撤销，也可能没有。再次撤销会回到更早的版本，"
                 "请先用 lowcode push … --to {url} --undo --plan 或 lowcode diff 查看。",
                 "the answer of {url} was lost: {told}\nIt may have been taken back or not, and to undo once more "
                 "would take back the version before it: look first with lowcode push … --to {url} --undo --plan, or "
                 "with lowcode diff."),
    "no-app": ("{url} 返回的不是 lowcode 应用的回答：{told}\n请填写应用挂载的地址（页面地址中 # 之前的部分），"
               "并确认代理不会拦截 {url}/api/。",
               "what answers at {url} is no lowcode app: {told}\nName the address the app is mounted at (that of its "
               "page, up to the #), and see that no proxy stands before {url}/api/."),
    "older": ("{url} 的 lowcode（{there}）较旧，只会修订 {seen} 的发布协议，而此处的 lowcode（{here}）需要 {oldest} "
              "及以上；未执行任何操作。请先升级主机，或在此处安装与主机相同的版本：pip install lowcode=={there}",
              "the lowcode of {url} ({there}) is older: it publishes by revision {seen}, and the one here ({here}) "
              "needs {oldest} or later; nothing was done. Bring the host to a newer version first, or install the "
              "host's here: pip install lowcode=={there}"),
    "newer": ("{url} 的 lowcode（{there}）较新，只接受修订 {seen} 及以上的发布协议，而此处的 lowcode（{here}）使用 "
              "{revision}；未执行任何操作。请在此处安装与主机相同的版本：pip install lowcode=={there}",
              "the lowcode of {url} ({there}) is newer: it understands publishing from revision {seen} on, and the "
              "one here ({here}) speaks {revision}; nothing was done. Install the host's here: "
              "pip install lowcode=={there}"),
    "differ": ("主机的 lowcode 为 {there}，此处为 {here}：较旧的一方不认识较新一方的定义，请使两者版本一致。",
               "the host has lowcode {there}, and {here} is installed here: the older one does not know what the newer "
               "one can define, so bring both to one version."),
    "unfinished": ("从 {source} 拉取到 {folder} 没有完成，其中既有新内容也有旧内容；请重新拉取："
                   "lowcode pull {folder} --from {source} --overwrite{kept}",
                   "fetching {source} into {folder} was not finished, so it is partly the old and partly the new app; "
                   "fetch it again: lowcode pull {folder} --from {source} --overwrite{kept}"),
    "kept": ("；拉取之前的内容保存在 {archive}", "; what was there before is kept in {archive}"),
}  # fmt: skip
"""What is said of a host, and of a folder that came from one, in Chinese and English."""
KEY_WORDS = (
    "请将 LOWCODE_KEY 设为管理员的密钥，并包含范围 app（在应用的“密钥”页面中创建）。",
    "Set LOWCODE_KEY to a key of an administrator with the scope app (made in the app, under Keys).",
)
CURES = {
    401: KEY_WORDS,
    403: KEY_WORDS,
    404: ("请确认 {url} 是应用挂载的地址；也可能那里的 lowcode 版本较旧，没有 {operation}，请先升级。",
          "See whether {url} is where the app is mounted; or the lowcode there is an older one without {operation}: "
          "bring it to a newer version first."),
    405: ("{url} 不接受这样的请求：请确认它是应用挂载的地址，且代理允许 POST。",
          "{url} takes no such request: see whether it is where the app is mounted, and whether a proxy lets POST "
          "through."),
    408: ("请重新运行此命令。", "Run this command again."),
    409: ("请重新运行此命令，查看当前的计划。", "Run this command again to see the plan as it is now."),
    413: ("应用太大，请在代理或服务器上提高请求大小的上限，或去掉不用的文件。",
          "The app is too large for it: raise the limit of request bodies at the proxy or the server, or take away "
          "files that are not used."),
    429: ("请求过于频繁，请稍后重新运行此命令。", "It was asked too often: run this command again in a while."),
    "moved": ("该地址已转到 {location}，请改用新地址。", "It leads to {location}: name that address instead."),
    "away": ("代理后的主机没有回答，请稍后重新运行此命令；发布到一半不会留下，主机要么是旧版本，要么是新版本。",
             "The host behind a proxy gave no answer: run this command again in a while. Nothing stays half-done: the "
             "host has the version before or the new one."),
    "fault": ("主机出现内部错误，请查看其日志。", "The host failed by itself: its log says why."),
}  # fmt: skip
"""What to do about an answer, by its status."""


class Refused(LowcodeError):
    """The host refused, cannot be reached, answers as no app does, or no key is set. The message says what to do, in
    both languages, and whether something may have been done."""

    def __init__(self, english: str, chinese: str = "") -> None:
        super().__init__(english)
        self.chinese = chinese or english


def ask(url: str, operation: str, /, language: str | None = None, **parameters: Any) -> Any:
    """Ask a running host an operation; its own words come in a language. Raises Refused."""
    try:
        from lowcode.client import Client, NoAnswer, Unreachable
        from lowcode.client import Refused as Answered
    except ImportError:
        raise _refused("no-client") from None
    key = key_for(url)
    try:
        told = {HEADER: str(REVISION), "User-Agent": f"lowcode/{release()}"}
        with Client(url, key, timeout=PATIENCE, language=language or spoken(), headers=told) as client:
            found = client.ask(operation, **parameters)
    except Answered as refused:
        raise _answered(url, operation, refused) from None
    except NoAnswer as error:
        raise _refused("no-app", url=url, told=error.words) from None
    except Unreachable as error:
        lost = error.may_be_done and operation not in READS
        words = "silent" if not lost else "cut-undo" if operation == "app.undo" else "cut"
        raise _refused(words, url=url, told=error.words) from None
    lacking = [each for each in ANSWERS.get(operation, ()) if not isinstance(found, dict) or each not in found]
    if lacking:
        raise _refused("no-app", url=url, told=json.dumps(found, ensure_ascii=False)[:80])
    if operation == "app.documents":
        _understood(url, found)
    return found


def meet(url: str, language: str | None = None) -> dict[str, Any]:
    """What a host says of itself and its app, before anything is asked of it. Raises Refused where one of the two is
    too old for the other."""
    found: dict[str, Any] = ask(url, "app.documents", language=language, contents=False)
    return found


def _understood(url: str, found: Mapping[str, Any]) -> None:
    """Refuse a host that does not speak of publishing as is done here. One that says nothing speaks the first way."""
    said = found.get("publishing", {"revision": 1, "oldest": 1})
    if not (isinstance(said, dict) and all(isinstance(said.get(each), int) for each in ("revision", "oldest"))):
        raise _refused("no-app", url=url, told=json.dumps(said, ensure_ascii=False)[:80])
    values = {"url": url, "there": found.get("lowcode") or "?", "here": release()}
    if said["revision"] < OLDEST:
        raise _refused("older", seen=said["revision"], oldest=OLDEST, **values)
    if said["oldest"] > REVISION:
        raise _refused("newer", seen=said["oldest"], revision=REVISION, **values)


def differing(found: Mapping[str, Any], language: str) -> str:
    """What is said where a host does not know some definitions and has another version; blank where it is this one."""
    there, here = found.get("lowcode"), release()
    if there in (None, here):
        return ""
    return WORDS["differ"][0 if language == "zh-CN" else 1].format(there=there, here=here)


def _refused(words: str, **values: object) -> Refused:
    chinese, english = (each.format(**values) for each in WORDS[words])
    return Refused(english, chinese)


def _answered(url: str, operation: str, refused: Any) -> Refused:
    """What a host refused, and what to do about it: of what it says itself, the cure is among its words."""
    told = "\n  ".join([each.detail for each in refused.problems] or [str(refused)])
    status = refused.status
    moved, away = 300 <= status < 400, status in (502, 503, 504)
    words = CURES.get("moved" if moved else "away" if away else "fault" if status == 500 else status, ("", ""))
    values = {"url": url, "operation": operation, "location": refused.body.get("location") or "?"}
    chinese, english = (each.format(**values) for each in words)
    said = (form.format(url=url, status=status, told=told, cure=cure).rstrip()
            for form, cure in zip(WORDS["refused"], (chinese, english), strict=True))  # fmt: skip
    chinese, english = said
    return Refused(english, chinese)


def key_for(url: str) -> str:
    """The key to bring to a host: the one there is, or of several (`https://crm.example.com=lc_…`, with blanks between
    them) the one of this address, so that no host is shown another one's. Raises Refused."""
    written = os.environ.get(KEY, "").split()
    keys = {address.rstrip("/"): key for address, _, key in (each.rpartition("=") for each in written if "://" in each)}
    found = keys.get(url.rstrip("/")) if keys else written[0] if len(written) == 1 else None
    if found is None:
        told = (
            f"它只有 {'、'.join(keys)} 的密钥，没有 {url} 的。",
            f" It has one for {', '.join(keys)} and none for {url}.",
        )
        chinese, english = (words + (more if keys else "") for words, more in zip(KEY_WORDS, told, strict=True))
        raise Refused(english, chinese)
    return found


def told_apart(*urls: str) -> None:
    """Make sure that each of several hosts gets a key of its own. Raises Refused, before any host is asked, where there
    is one key that does not say whose it is: it would be shown to all of them."""
    hosts = {urlsplit(each)[:2]: each for each in reversed(urls)}
    written = os.environ.get(KEY, "").split()
    if len(hosts) > 1 and len(written) == 1 and "://" not in written[0]:
        each = " ".join(f"{url.rstrip('/')}=lc_…" for url in reversed(hosts.values()))
        raise Refused(
            f"{KEY} holds a key that does not say which host it is for; say it of each: {KEY}='{each}'",
            f"{KEY} 中的密钥没有注明属于哪个主机，请分别注明：{KEY}='{each}'",
        )


def documents_of(url: str, report: Report, engines: Iterable[str] = ()) -> Documents:
    """The app that a running host uses. Raises Refused."""
    found = ask(url, "app.documents")
    try:
        files = {path: base64.b64decode(text) for path, text in found["files"].items()}
        documents = dict(found["documents"])
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _refused("no-app", url=url, told=json.dumps(found, ensure_ascii=False)[:80]) from None
    return load({**documents, **files}, report, engines=engines)


def sent(documents: Documents) -> dict[str, Any]:
    """An app as it is sent."""
    return {
        "whole": True,
        "documents": {each.path: text_of(each) for each in documents},
        "files": {path: base64.b64encode(content).decode() for path, content in documents.files.items()},
    }


def marked(folder: Any, url: str) -> str | None:
    """The digest of what was fetched from there, or pushed there last; None when nothing was."""
    digest = _marks(folder).get(url.rstrip("/"))
    return str(digest) if digest else None


def mark(folder: Any, url: str, digest: str) -> None:
    """Remember what the folder and the host have in common now."""
    if isinstance(folder, Path) and folder.is_dir():
        marks = {**_marks(folder), url.rstrip("/"): digest}
        put(folder / MARK, (json.dumps(marks, indent=1) + "\n").encode())


def begun(folder: Path, source: str, archive: Path | None) -> None:
    """Remember that a folder is being written over, and where what was there is kept."""
    put(folder / PULLING, json.dumps({"from": source, "kept": str(archive or "")}).encode())


def finished(folder: Path) -> None:
    """It was written over."""
    (folder / PULLING).unlink(missing_ok=True)


def see_whole(folder: Any) -> None:
    """Refuse a folder that is being fetched, or whose fetching was broken off. Raises Refused."""
    path = folder / PULLING if isinstance(folder, Path) else None
    if path is None or not path.is_file():
        return
    found = json.loads(path.read_text("utf-8"))
    kept = [words.format(archive=found["kept"]) if found["kept"] else "" for words in WORDS["kept"]]
    chinese, english = (
        words.format(source=found["from"], folder=folder, kept=more)
        for words, more in zip(WORDS["unfinished"], kept, strict=True)
    )
    raise Refused(english, chinese)


def _marks(folder: Any) -> Mapping[str, Any]:
    """What is remembered of a folder: what cannot be read is nothing, and a push asks for consent then."""
    path = folder / MARK if isinstance(folder, Path) and folder.is_dir() else None
    try:
        found = json.loads(path.read_text("utf-8")) if path is not None and path.is_file() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def put(path: Path, content: bytes) -> None:
    """Write a file whole: whoever is ended on the way leaves the one from before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(content)
    beside.replace(path)
