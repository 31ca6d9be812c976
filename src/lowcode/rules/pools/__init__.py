"""Pools (公海): records without an owner that people may claim, as documents.

`documents` (what an author writes) → `pool` (understood, and the limits as pure functions) → `moving` (records that
come in and go out, whichever save moves them, and the log of it) → `operations` (looking, claiming, giving back,
transferring, the report). What a pool takes back by itself becomes rules like any other.
"""
