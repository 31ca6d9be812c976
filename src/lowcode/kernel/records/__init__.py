"""Records: what forms declare, stored and found for all engines.

`fields` are the field types; `plan` a record type as it was understood; `formulas` types computed fields; `tables`
makes its tables; `save` is the one write path with `lines`, `states`, `serials`, `computing`, `write` and `rollups`;
`creating`, `changing` and `deleting` do it for many (`several`);
`meanwhile` says what somebody else changed since, and `merging` brings the rows of both together;
`permissions` what an actor may do, with `permitted` (which records somebody may read); `query` the one read path, with
`filters` that people put together, `filtering` (what a list is filtered by) and `groups`;
`searching` keeps the index of what is searched (`searchwords` makes its words, `indexing` builds it for what is there),
`finding` looks across forms; `facts` loads what expressions read; `former` keeps what was encrypted,
`copying` says what a copy starts with; `joins` follows paths in SQL; `operations` are what can be asked.
"""
