"""Score cards: points for what a record is and for what happened around it, with a band and every contribution shown.

`documents` (what an author writes) → `card` (understood, and what it means: facts in, a score out; pure) → `keeping`
(the score in the save, after events around the record, and day by day as it fades). `designing` is for whoever designs
a card, in `words` of theirs. `learning` has the learned part of a card make models of the app's own past by a kind of
`scorers`, and `judging` says how good they are. Scores are stored in a field of the record, so views, reports and rules
read them as any other value.
"""
