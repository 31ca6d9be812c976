"""Words for people: templates with languages and variants, and the way out of what rules send.

`documents` (what an author writes) → `message` (understood: facts in, words out; pure) → `outbox` (each message is
written down with its key, waits for its hour, is counted against limits and handed to its channel), `digest` (many
notices as one) and `papers` (printed, kept and enclosed); `operations` is what can be asked. Channels belong to the api
engine: letters, and every connector that reaches people.
"""
