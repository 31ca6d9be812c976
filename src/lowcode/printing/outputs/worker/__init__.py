"""The process in which papers are typeset and template texts run: `pool` in the host, `__main__` in the process.

It is started fresh (never forked from a process that has threads or has used the typesetter), gets one request after
the other over its input, and is ended when one takes too long or it has grown too large.
"""
