"""The flow engine: what a record goes through, step by step, and who is asked on the way.

In go the documents of `flows/`; out come plans, and instances that run by them, durable in the application's own
database. BPMN semantics underneath (tokens, exclusive and parallel gateways, joins that count per incoming flow), the
words of Chinese approval on top (会签, 或签, 代理, 转办, 加签, 撤回, 自动去重).

The rooms, in reading order:

* `definition`   what may be written; `nodes/` one file per kind of node, `nodes/asking/` how people are asked
* `compile/`     how it is understood: `flow` with every finding, `graph` whether all tokens can end
* `plan`         what was understood
* `run/`         what it means: `tokens` moves them, `state` writes down where they are; pure
* `bpmn/`        flows as BPMN 2.0 XML, out and in
* `operations/`  how it is asked and how it touches the world: one locked command at a time
* `refusals`     what a person is told when something is refused or stuck
* `facets`       what it adds to the page of a record
* `figures`      what reports may ask of it: tasks and steps as rows of the record
* `tables`       what is remembered
* `words`        what the designer calls steps and their options
* `naming`       what steps are called wherever they are named, also those without a title
* `engine`       all of it, as the house takes it

An instance keeps the plan it began under: the document is stored under its digest and compiled again when needed.

`chinese` has the messages of `diagnostics` in Chinese, for who designs on the page.
"""
