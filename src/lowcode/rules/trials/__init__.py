"""Rules tried out before they are trusted: on records as they are, and on what is stored of the past.

`lifetime` (a record as it was at an instant, from its history; pure) → `replay` (which occasions a rule would have had
in a stretch of time; pure) → `backtest` (loads the past, replays it, tells what would have been done and to whom) and
`simulate` (the present) → `operations`.
"""
