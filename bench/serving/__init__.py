"""Requests over HTTP: ours against two hand-written services, each one process under uvicorn; on PostgreSQL also as
many processes as there are cores, on one port.

Every service has the same customers with the same indexes, checks the same session and the page's secret in the same
way (remembered for some seconds, else one query), filters rows by the same team, validates the same fields, and writes
record, history, the words it is searched by (with the database's index of them) and event in one transaction with the
same durability. All of them answer the same (`tests/bench/test_serving.py`): people and links by name, what may be done
with a record, instants with their zone, exact decimals, the tag of a version and the same headers.

* `ours`: the app of `bench/customers.py` behind the ASGI door; twenty rules armed;
* `core`: Starlette, asynchronous endpoints that call SQLAlchemy Core, orjson;
* `orm`: FastAPI, synchronous endpoints (in its thread pool), SQLAlchemy's ORM, pydantic models in and out.

`client` sends prepared requests over connections that stay open, from a process of its own; `race` puts the three and
the client together.
"""
