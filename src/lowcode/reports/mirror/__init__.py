"""A copy of the app's tables that answers questions about many rows in place of the database: a file of DuckDB for each
process, or a warehouse of the host's for all of them.

An app asks for it in `app.json`: `"mirror": {"rows": 200000}` has questions about forms of at least so many records
answered by the copy. Authors and readers notice nothing but the time it takes.

The rooms, in reading order: `notes` are the triggers by which the database notes what changes, whoever does it;
`source` reads it, `columns` says what is copied and how, `kept` what a copy is, `copy` the file, `warehouse` the tables
elsewhere; `keeping` brings it up to date before it is asked, and `asking` puts a question to it or leaves that to the
database.

An answer is that of the database at the moment of the question: what was noted since is copied first, and where that is
too much, or something is asked that the copy does not hold or would not compute alike, the database answers. A copy is
derived, and made anew on any doubt.
"""
