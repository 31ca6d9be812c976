"""Questions an administrator writes in SQL, as facts that reports ask about like those of a form.

What is written is read by sqlglot and refused unless it is one question (`SELECT`) about forms, their lines and the
columns these have. It is never run on tables: in the place of each stands what the person asking may read of it, row by
row, and a question that reads a column kept from them is refused.

The rooms: `written` says what a text means and what is wrong with it (pure), `facts` makes it known to the app as a
record type `sql.<name>`, `reading` puts it between the rows a person may read and the report that asks.
"""
