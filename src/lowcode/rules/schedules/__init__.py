"""Time for rules: spans, and the windows a tick looks at.

A tick asks "which marks lie in (since, until]?". A mark is a function of a record's own date: the day two days before
its contract ends, the instant 24 hours after the last follow-up. That function never goes back when the date goes
forward, so the question can be turned round into a range of dates (`windows`), and a range is what an index answers:
one statement per rule and tick, however many records there are. Everything here is pure.
"""
