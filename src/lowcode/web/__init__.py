"""The door to the network.

`door` answers requests and knows nothing of servers: `Door(host).handle(request) -> Response`. `asgi` and `wsgi` are
thin shells around it, so it mounts into FastAPI, Starlette, Django, Flask or a bare server under any prefix, needs no
lifespan and keeps no state of its own. `routes` says what is answered by whom; `session` who asks; `present` how
records leave; `description` what the page draws an app from; `assets` the page itself, if it was built;
`packing` makes smaller what is the same for many.
"""

from lowcode.web.asgi import asgi_app
from lowcode.web.door import Door
from lowcode.web.messages import Request, Response

__all__ = ["Door", "Request", "Response", "asgi_app"]
