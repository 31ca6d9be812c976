"""How flows are understood: `flow` turns a document into a plan, `graph` says whether all its tokens can end. Pure."""

from lowcode.flows.compile.flow import KINDS, canonical, compile_flow, digest_of, graph_of

__all__ = ["KINDS", "canonical", "compile_flow", "digest_of", "graph_of"]
