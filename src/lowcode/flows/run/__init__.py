"""What a flow means: `tokens` moves them. Pure: no database, clock or chance.

`board` is where an instance stands, `state` writes it down; `answers` is what can happen, `effects` what is to be done
then; `table` moves tokens, `scopes` is about what encloses them and what is caught there, `seating` and `people` about
those who are asked.
"""

from lowcode.flows.run.answers import (
    Added,
    Answer,
    Chosen,
    Claimed,
    Decided,
    Failed,
    Handed,
    Handled,
    Happened,
    Jumped,
    Left,
    Reclaimed,
    Removed,
    Reopened,
    Resume,
    Retried,
    Seated,
    SentBack,
    Split,
    Stopped,
    Thrown,
)
from lowcode.flows.run.board import State, Token, Visit
from lowcode.flows.run.effects import (
    Began,
    Closed,
    Dropped,
    Effect,
    Ended,
    Enter,
    Opened,
    Passed,
    Stuck,
    Told,
    Turned,
    Undone,
)
from lowcode.flows.run.state import from_json, to_json
from lowcode.flows.run.table import Impossible
from lowcode.flows.run.tokens import advance, begin_at, start

__all__ = [
    "Added",
    "Answer",
    "Began",
    "Chosen",
    "Claimed",
    "Closed",
    "Decided",
    "Dropped",
    "Effect",
    "Ended",
    "Enter",
    "Failed",
    "Handed",
    "Handled",
    "Happened",
    "Impossible",
    "Jumped",
    "Left",
    "Opened",
    "Passed",
    "Reclaimed",
    "Removed",
    "Reopened",
    "Resume",
    "Retried",
    "Seated",
    "SentBack",
    "Split",
    "State",
    "Stopped",
    "Stuck",
    "Thrown",
    "Token",
    "Told",
    "Turned",
    "Undone",
    "Visit",
    "advance",
    "begin_at",
    "from_json",
    "start",
    "to_json",
]
