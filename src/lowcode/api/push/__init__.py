"""Notices on people's devices by Web Push: a browser subscribes at its maker's push service, the app sends there what
only that browser can read, and the page's worker shows it, also while no page is open.

`keys` is who the app is to a push service (RFC 8292), `encryption` makes a message readable for one browser alone
(RFC 8291), `services` are the push services that may be called, `devices` is who is reached where, `sending` brings a
notice to the devices of its people (RFC 8030). It needs the extra `encryption`.
"""
