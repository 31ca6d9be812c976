"""How flows are understood: `flow` turns a document into a plan, level by level (`levels`); `graph` says
whether all its tokens can end. Pure."""

from lowcode.flows.compile.flow import FlowReader, canonical, digest_of
from lowcode.flows.compile.levels import graphs_of

__all__ = ["FlowReader", "canonical", "digest_of", "graphs_of"]
