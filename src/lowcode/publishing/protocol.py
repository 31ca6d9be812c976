"""How a command line and a host come to an understanding about publishing from afar, whichever is the older.

What `app.documents`, `app.plan`, `app.publish`, `app.plan_undo` and `app.undo` take and answer, and how the digest of
an app is made, has a revision of its own: it changes when one side could misread the other, and only then. Whoever
asks says theirs in a header; the host tells its own, and refuses one it has forgotten. A client decides in the same
way about a host that is older than what it remembers. That one of them knows other definitions is no revision: those
are refused by what is wrong with them.
"""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.release import release

REVISION = 1
"""What is spoken here."""
OLDEST = 1
"""The oldest that is understood; whoever says nothing speaks the first."""
HEADER = "lowcode-publishing"
OLDER = {
    "en": "this host (lowcode {here}) understands publishing from revision {oldest} on, and this asks in revision "
    "{seen}: nothing was done. Bring the lowcode that asks to the version of the host: pip install lowcode=={here}",
    "zh-CN": "此主机（lowcode {here}）只接受修订 {oldest} 及以上的发布协议，而请求使用修订 {seen}，未执行任何操作。"
    "请将发出请求的 lowcode 升级到主机的版本：pip install lowcode=={here}",
}
NO_REVISION = {
    "en": "the header {header} is a whole number, the revision of publishing that is spoken; '{seen}' is none",
    "zh-CN": "请求头 {header} 应为整数（所用的发布协议修订），而不是“{seen}”",
}


class OtherRevision(Rejected):
    """Whoever asks speaks of publishing in a way that is forgotten here."""

    status = 400
    title = "Another revision of publishing"


def told() -> dict[str, Any]:
    """What a host says of itself."""
    return {"lowcode": release(), "publishing": {"revision": REVISION, "oldest": OLDEST}}


def understand(spoken: str | None) -> None:
    """Refuse what is forgotten here. `spoken`: the header. Raises OtherRevision."""
    said = "1" if spoken is None else spoken
    if not (said.isascii() and said.isdigit() and len(said) < 6):
        raise OtherRevision(Problem("app.no-revision", NO_REVISION, "", {"header": HEADER, "seen": said[:20]}))
    if int(said) < OLDEST:
        values = {"here": release(), "oldest": OLDEST, "seen": int(said)}
        raise OtherRevision(Problem("app.older-publishing", OLDER, "", values))
