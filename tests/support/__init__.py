"""What tests stand on, always the real thing: `postgresql`, `browser`, `mail`; and `requirements`, a pytest plug-in.

Nothing here skips: when something is missing, the fixture fails and says what to do.
"""
