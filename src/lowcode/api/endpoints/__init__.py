"""Endpoints: addresses of an app's own, as definitions: who may call them, what is sent, what is done and answered.

* `definition`  what may be written
* `compile`, `site`, `compile_steps`, `compile_answer`  documents to `plan`; `conditions` keeps a filter with the places
  where values go
* `plan`        what was understood
* `steps`, `answering`  what a call does and what it answers, through `ask` alone
* `calling`     one call: the address found, the caller admitted, what was sent checked, the steps taken
* `described`   the endpoints in OpenAPI and as tools of an agent
"""
