"""How flows are understood: `flow` turns a document into a plan, `graph` says whether all its tokens can end. Pure."""

from lowcode.flows.compile.flow import FlowReader, canonical, digest_of, graph_of

__all__ = ["FlowReader", "canonical", "digest_of", "graph_of"]
