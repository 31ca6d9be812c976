"""The rule engine: when something happens and a condition holds, do something.

Documents (`rules/*.json`) are rules, decision tables, score cards, pools and message
templates. A rule is set off by events of a record
(created, updated, deleted, became true, entered or left a state, reached a score), by time (a schedule, a date of the
record, inactivity) or by a button; it runs inside the save (`"phase": "before"`: set, refuse) or from the outbox after.

The rooms, in order: `definition` (what an author writes) → `compile`, `compile_trigger`, `compile_waits`,
`compile_table`, `compile_score`, `compile_pool`, `compile_message` (understood, with findings from `diagnostics`, in
`chinese` for who designs on the page) → `plan` (frozen) → `run` (what it means; pure). `watching`, `fusing`, `sieving`
and `stages` tie rules to saves, `schedules`, `due`, `selecting` and `ticking` to time, `late` notices what they come
too late for and `returning` what was due for a record in the bin;
`firing` runs a rule once per occasion and writes the run log, `waiting` keeps what it does later and `sequences`
goes on with it, `batches` work through more records than one transaction holds, `guards` stop and pause
what goes wrong, `reasons` say why; `actions` has one file per kind of action, `answering` brings back what another
program answered to one, `people`, `assignment`, `assigning` and `turns` say to whom, `decisions` holds decision tables,
`lookups` opens them to expressions, `scores` holds score cards, `analysers` tell how texts sound, `messages` what is
written to people, `pools` what lies in pools, `trials` tries rules out on the present and the past, `library` holds
ready-made rules; `told` says an effect in plain values, `operations` is what can be asked, `listing` and `facets` what
a page shows, `designing` what the designer of rules asks, in its `words`, `tables` what is kept and `forgetting` what
is taken out of it again.

Nothing is lost and nothing happens twice: a window of time is turned round into a range an index answers, its watermark
moves in the same transaction, and an occasion is a key that can be taken once.
"""
