"""The flow engine: what a record goes through, step by step, and who is asked on the way.

In go the documents of `flows/`; out come plans, and instances that run by them, durable in the application's own
database. BPMN semantics underneath (tokens, exclusive and parallel gateways, joins that count per incoming flow), the
words of Chinese approval on top (会签, 或签, 代理, 转办, 加签, 撤回, 自动去重).

The rooms, in reading order:

* `definition`   what may be written; `nodes/` one file per kind of node
* `compile`      how it is understood, with every finding; `graph` whether all tokens can end; `reading` names, places
* `plan`         what was understood
* `run`          what it means: tokens, pure; `votes` how several answers become one; `roster` who is asked in the end;
                 `people` who is meant; `spans` until when
* `engine`       how it touches the world; `commands` one locked step at a time; `drive` what tokens do on the way;
                 `work` the world as one node sees it; `plans` the versions instances are pinned to; `state`, `store`
                 and `tables` what is remembered; `watch` what happens in a save
* `operations`   how it is asked; `views` what it answers; `facets` what it adds to a record's page

An instance keeps the plan it began under: the document is stored under its digest and compiled again when needed.
"""
