"""What one action of a firing does to more records than one transaction holds, worked through in pieces after it.

`batch` (begun in the transaction of the firing, with all that the pieces need to know of it) → `operations` (a piece is
a job and a transaction; it moves the mark, counts, and puts off the next; ending one by hand). The run log shows how
far it has come.
"""
