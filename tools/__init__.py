"""The workshop's tools: what `./dev` and the wheel's build hook share. Standard library only.

In reading order: `say` (progress), `mirrors` (pip's configuration, passed on to uv and npm), `environment` (uv and
`.venv`), `node` (a Node.js that is there or comes from a wheel), `front_end` (builds `web/`), `browser` (finds a
Chromium or unpacks one), `pages` (the documentation's generated parts and links).
"""
