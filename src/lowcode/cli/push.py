"""`lowcode push`: an app published to a running host over HTTP: planned there, with consent, taken back by `--undo`.

What others published since the folder was fetched (`lowcode pull`) is seen, and not written over without a word.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from lowcode.cli import remote
from lowcode.cli.console import Console
from lowcode.cli.opening import understood
from lowcode.cli.places import PLACE, Running, place
from lowcode.cli.plans import Teller, allow_argument, language_argument, planning, show_values, verbose_argument
from lowcode.cli.understanding import plugins_of

WORDS = {
    "done": ("{url} 已使用版本 {version}；撤销：lowcode push {app} --to {url} --undo",
             "{url} uses version {version} now; to take it back: lowcode push {app} --to {url} --undo"),
    "undone": ("{url} 已回到之前的版本", "{url} is at the version before"),
    "same": ("{url} 已是最新", "{url} has it already"),
    "moved": ("此文件夹取自更早的版本，{url} 上已发布版本 {version}。请先拉取并合并：lowcode pull {app} --from {url}；"
              "确认覆盖请加 --overwrite",
              "version {version} was published to {url} since this folder was fetched. Fetch it and put both together: "
              "lowcode pull {app} --from {url}; to replace it: --overwrite"),
    "stranger": ("此文件夹不是从 {url} 拉取的；请先查看上面的计划，确认请加 --overwrite",
                 "this folder was not fetched from {url}; look at the plan above, then add --overwrite"),
    "other": ("{url} 上的应用是“{there}”，此文件夹中是“{here}”：推送会用它替换整个应用。确认替换请加 --overwrite",
              "the app at {url} is '{there}', and this folder holds '{here}': a push would put it in place of the "
              "whole app. To do that: --overwrite"),
    "unfit": ("{url} 无法使用这些定义：", "{url} cannot use these definitions:"),
}  # fmt: skip


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=place, help=f"the app: {PLACE}")
    parser.add_argument("--to", required=True, metavar="URL", help="where the app is mounted: https://crm.example.com")
    parser.add_argument("--plan", action="store_true", help="only say what would be done")
    parser.add_argument("--overwrite", action="store_true", help="also replace what others published meanwhile")
    parser.add_argument("--undo", action="store_true", help="take the host back to the version before")
    parser.add_argument("--json", action="store_true", help="write the plan as JSON")
    allow_argument(parser)
    language_argument(parser)
    verbose_argument(parser)


def run(options: Namespace, console: Console) -> int:
    """Run the command; 1 when consent is missing, or the host moved on."""
    url = options.to.rstrip("/")

    def tell(key: str, **values: object) -> str:
        return WORDS[key][0 if options.language == "zh-CN" else 1].format(url=url, app=options.app, **values)

    if options.undo:
        return _undo(options, console, url, tell("undone"))
    if isinstance(options.app, Running):
        remote.told_apart(options.app.url, url)
    remote.see_whole(options.app)
    documents = understood(options.app, console, plugins_of(options))
    there = remote.meet(url, options.language)
    base = remote.marked(options.app, url)
    purging = planning(options.allow)
    if there["digest"] == documents.digest and not purging:
        if options.json:
            console.print(json.dumps({"base": there["version"], "plan": None, "changes": [], "steps": []}, indent=1))
        console.say(tell("same"))
        remote.mark(options.app, url, documents.digest)
        return 0
    if there["app"] != documents.app.name and base is None and not options.overwrite:
        console.say(console.yellow(tell("other", there=there["app"], here=documents.app.name)))
        return 1
    if base not in (None, there["digest"]) and not options.overwrite:
        console.say(console.yellow(tell("moved", version=there["version"])))
        return 1
    release = remote.sent(documents)
    plan = remote.ask(url, "app.plan", language=options.language, **release, allow=purging)
    if plan["findings"]:  # with plug-ins or a library other than here
        console.say(console.red(tell("unfit")))
        for each in plan["findings"]:
            console.print(f"{each['document']}:{each['line'] or ''} {each['message']} {each['hint']}")
        if differ := remote.differing(there, options.language):
            console.say(console.yellow(differ))
        return 1
    _show(options, console, plan, documents.app.name)
    if not _allowed(options, console, plan, plan["consents"]):
        return 1
    if options.plan:
        return 0
    if base is None and not options.overwrite:
        console.say(console.yellow(tell("stranger")))
        return 1
    done = remote.ask(url, "app.publish", language=options.language, **release, plan=plan["plan"], allow=options.allow)
    remote.mark(options.app, url, done["digest"])
    console.say(console.green(tell("done", version=done["version"])))
    return 0


def _undo(options: Namespace, console: Console, url: str, words: str) -> int:
    remote.meet(url, options.language)
    plan = remote.ask(url, "app.plan_undo", language=options.language)
    _show(options, console, plan, url)
    if not _allowed(options, console, plan, [each for each in plan["consents"] if not each.startswith("retire:")]):
        return 1
    if not options.plan:
        done = remote.ask(url, "app.undo", language=options.language, plan=plan["plan"], allow=options.allow)
        remote.mark(options.app, url, done["digest"])
        console.say(console.green(words))
    return 0


def _show(options: Namespace, console: Console, plan: dict[str, Any], app: str) -> None:
    if options.json:
        console.print(json.dumps(plan, ensure_ascii=False, indent=1))
    else:
        show_values(console, plan, app, options)


def _allowed(options: Namespace, console: Console, plan: dict[str, Any], consents: Iterable[str]) -> bool:
    """Whether nothing of the plan is refused, or lacks consent."""
    tell = Teller(options.language)
    if any(found["severity"] == "error" for effect in plan["steps"] for found in effect["findings"]):
        console.say(console.red(tell("refused")))
        return False
    needed = [each for each in consents if not any(fnmatchcase(each, pattern) for pattern in options.allow)]
    if needed:
        console.say(console.yellow(tell("allow") + " ".join(f"--allow {each}" for each in needed)))
    return not needed
