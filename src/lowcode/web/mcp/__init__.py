"""The app as a server of the Model Context Protocol: operations are tools, asked through the same gate.

`answer_to` is the whole protocol, one message in, at most one out; the door carries it over Streamable HTTP
(`POST api/mcp`, `serve`) and the command line over standard input and output. Nothing is kept between two messages.

`messages` says what a message carries, in either era of the protocol, and what is wrong with one; `serving` which
method is answered by what; `tools` lists, finds and calls operations; `resources` reads forms, records and files;
`listening` tells what changed, for as long as somebody listens.
"""

from lowcode.web.mcp.messages import Answer, unreadable
from lowcode.web.mcp.serving import answer_to, serve

__all__ = ["Answer", "answer_to", "serve", "unreadable"]
