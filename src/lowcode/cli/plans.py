"""A plan on a terminal: what changes in the author's words, each step with its rows, cost and consents; or JSON."""

from __future__ import annotations

import json
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any

from sqlalchemy import make_url

from lowcode.cli.console import Bar, Console
from lowcode.cli.diff import SIGNS
from lowcode.cli.places import PLACE, place
from lowcode.cli.speaking import spoken
from lowcode.kernel.storage.migrate import Plan, stray
from lowcode.publishing.merging import REPLACE
from lowcode.publishing.telling import values_of

SHOWN = 5
"""Samples on a terminal; `--json` has up to twenty."""

WORDS = {
    "title": ("{app}：版本 {base} → {version}", "{app}: version {base} → {version}"),
    "undo": ("{app}：撤销版本 {undoes}", "{app}: undo version {undoes}"),
    "changes": ("定义的变化", "Changes of the definitions"),
    "steps": ("数据库的变化", "Changes of the database"),
    "afterwards": ("之后在后台进行", "Afterwards, while people work"),
    "about": ("约 {minutes} 分钟", "about {minutes} min"),
    "moment": ("不到一分钟", "less than a minute"),
    "kept": ("已隐藏、仍保留的数据", "Hidden and still kept"),
    "since": ("自版本 {version} 起", "since version {version}"),
    "rows": ("{rows} 行", "rows: {rows}"),
    "needs": ("需要同意", "needs"),
    "nothing": ("没有任何变化", "nothing would change"),
    "warning": ("注意", "warning"),
    "error": ("错误", "error"),
    "more": ("…… 另有 {count} 个", "… and {count} more"),
    "allow": ("执行时加上：", "To apply it, add: "),
    "stray": ("没有哪一步需要 {seen}{near}", "no step asks for {seen}{near}"),
    "meant": ("；是否想写 {near}？", "; was {near} meant?"),
    "own": (
        "系统自身的表：{count} 处变化（--verbose 逐条列出）",
        "the library's own tables, in {count} steps (--verbose lists them)",
    ),
    "refused": ("先解决上面标为“错误”的问题", "First mend what is marked as an error"),
    "plan": ("计划编号", "plan"),
    "instant": ("瞬间完成", "instant"),
    "scan": ("读取每一行", "reads every row"),
    "rewrite": ("改写每一行", "writes every row"),
    "online": ("分批进行，不影响使用", "in small parts while people work"),
    "none": ("不改动数据表", "no change of a table"),
}


class Teller:
    """Words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._column = 0 if language == "zh-CN" else 1

    def __call__(self, key: str, **values: Any) -> str:
        """The words of a key."""
        return WORDS[key][self._column].format(**values)


def language_argument(parser: ArgumentParser) -> None:
    """In which language the command speaks."""
    parser.add_argument("--language", choices=("zh-CN", "en"), default=spoken(), help="the language of the sentences")


def app_arguments(parser: ArgumentParser) -> None:
    """On which app and database a command works, and in which language it speaks."""
    parser.add_argument("app", type=place, help=f"the app: {PLACE}")
    parser.add_argument("--database", help="a URL or file; <name of the app>.sqlite3 when left out")
    language_argument(parser)
    verbose_argument(parser)


def verbose_argument(parser: ArgumentParser) -> None:
    """Whether a plan is told step by step."""
    parser.add_argument("--verbose", action="store_true", help="also list each step on the library's own tables")


def command_of(name: str, options: Namespace) -> str:
    """The command as it was given, to be repeated with more; a password in an address is left out."""
    words = ["lowcode", name, str(options.app)]
    if options.database:
        plain = "://" not in options.database
        words += ["--database", options.database if plain else make_url(options.database).render_as_string()]
    return shlex.join(words)


def allow_argument(parser: ArgumentParser) -> None:
    """What an author consents to."""
    parser.add_argument(
        "--allow", action="append", default=[], metavar="CONSENT",
        help="consent that the plan asks for: retire:form.field, lossy:…, stranded:…, role:…, purge:…, or "
        "replace:document for one that was published otherwise while the app ran; repeatable, * fits all",
    )  # fmt: skip


def planning(allow: list[str]) -> list[str]:
    """The consents that make it another plan."""
    return [each for each in allow if each.startswith(("purge:", REPLACE))]


def show_plan(console: Console, plan: Plan, app: str, options: Namespace) -> None:
    """All of a plan."""
    show_values(console, values_of(plan), app, options)


def show_values(console: Console, plan: Mapping[str, Any], app: str, options: Namespace) -> None:
    """The same of a plan that another program made, and what was allowed to no purpose."""
    language: str = options.language
    empty = not (plan["changes"] or plan["steps"])
    tell = Teller(language)
    if plan["undoes"] is not None:
        console.print(console.bold(tell("undo", app=app, undoes=plan["undoes"])))
    else:
        console.print(console.bold(tell("title", app=app, base=plan["base"], version=plan["version"])))
    if empty:
        console.print(f"  {tell('nothing')}")
    if plan["changes"]:
        console.print(tell("changes"))
        for change in plan["changes"]:
            console.print(f"  {SIGNS[change['kind']]} {change['words'][language]}")
    if plan["steps"]:
        console.print(tell("steps"))
        own = [] if options.verbose else [each for each in plan["steps"] if _is_own(each)]
        for effect in plan["steps"]:
            if effect not in own:
                _show_effect(console, effect, tell)
        if own:
            console.print(f"  · {tell('own', count=len(own))}")
    if plan["afterwards"]:
        console.print(tell("afterwards"))
        for each in plan["afterwards"]:
            minutes = round(each["seconds"] / 60)
            how = [tell("online"), tell("rows", rows=f"{each['rows']:,}")]
            how.append(tell("about", minutes=minutes) if minutes else tell("moment"))
            console.print(f"  · {each['words'][language]}  {console.dim(', '.join(how))}")
    if plan["kept"]:
        console.print(tell("kept"))
        for consent, since in dict.fromkeys((each["consent"], each["since"]) for each in plan["kept"]):
            console.print(f"  {consent}  {console.dim(tell('since', version=since))}")
    if not empty:
        console.print(console.dim(f"{tell('plan')} {plan['plan'][:16]}"))
    known = (*plan["consents"], *(each["consent"] for each in plan["kept"]))
    for seen, near in stray(known, (each for each in options.allow if not each.startswith(REPLACE))):
        console.say(console.yellow(tell("stray", seen=seen, near=tell("meant", near=near) if near else "")))


def _is_own(effect: Mapping[str, Any]) -> bool:
    """Whether a step is about a table of the library and asks nothing of anybody."""
    table: Mapping[str, Any] = effect.get("table") or effect.get("after") or {}
    return str(table.get("id")).startswith("@") and not (effect["findings"] or effect["consents"])


def _show_effect(console: Console, effect: Mapping[str, Any], tell: Teller) -> None:
    told = [tell(effect["cost"])]
    if effect["rows"]:
        told.append(tell("rows", rows=f"{effect['rows']:,}"))
    console.print(f"  · {effect['words'][tell.language]}  {console.dim(', '.join(told))}")
    for finding in effect["findings"]:
        colour = console.red if finding["severity"] == "error" else console.yellow
        console.print(f"      {colour(tell(finding['severity']))}: {finding['words'][tell.language]}")
        for sample in finding["samples"][:SHOWN]:
            console.print(f"        {' | '.join(map(_shown, sample))}")
        if finding["count"] > SHOWN and len(finding["samples"]) > SHOWN:
            console.print(f"        {tell('more', count=finding['count'] - SHOWN)}")
    for consent in effect["consents"]:
        console.print(f"      {tell('needs')} {console.bold(consent)}")


def _shown(value: Any) -> str:
    text = "—" if value is None else str(value)
    return text if len(text) <= 60 else text[:60] + "…"


def plan_json(plan: Plan) -> str:
    """A plan for another program."""
    return json.dumps(values_of(plan), ensure_ascii=False, indent=1)


class Watched:
    """The progress of an apply as a bar that says what is being done."""

    def __init__(self, console: Console, language: str) -> None:
        self._console = console
        self._language = language
        self._words = ""
        self._bar: Bar | None = None

    def __call__(self, words: dict[str, str], done: int, total: int) -> None:
        """Something is so far."""
        said = words[self._language]
        if self._bar is None or said != self._words:
            self.finish()
            self._words, self._bar = said, Bar(self._console.error, said, total)
        self._bar.watch("", done, total)

    def finish(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.finish()
            self._bar = None
