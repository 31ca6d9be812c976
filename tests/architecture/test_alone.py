"""What `pip install lowcode` brings is enough to open an app and serve it: an extra is for what it is called."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from tests.architecture.measure import ROOT
from tests.architecture.test_dependencies import distribution, project

ALONE = """
import importlib.abc, json, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in EXTRA:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)

EXTRA = frozenset(json.loads(sys.argv[1]))
sys.meta_path.insert(0, Missing())
import lowcode.cli
from lowcode import Host
from lowcode.kernel.storage.database import StorageError
from lowcode.web import asgi_app
form = {"name": "note", "fields": [{"name": "title", "type": "text", "unique": True}]}
host = Host({"app.json": {"name": "small"}, "forms/note.json": form}, "sqlite://")
host.publish()
asgi_app(host)
host.ask(host.app_actor, "records.create", type="note", values={"title": "First"})
host.settle()
try:
    Host(host.documents, "postgresql://localhost/none")
except StorageError as refused:
    print(refused)
"""


def test_an_installation_without_extras() -> None:
    """Nothing of an extra is imported before it is needed, and one that is needed is named."""
    known = project()["project"]
    base = {distribution(each) for each in known["dependencies"]}
    extras = {distribution(each) for table in known["optional-dependencies"].values() for each in table} - base
    modules = [
        name
        for name, of in packages_distributions().items()
        if {re.sub(r"[-_.]+", "-", one).lower() for one in of} & extras
    ]
    command = [sys.executable, "-W", "ignore", "-c", ALONE, json.dumps([*modules, "greenlet"])]
    done = subprocess.run(command, cwd=ROOT / "src", capture_output=True, text=True, check=False)
    assert (0, True) == (done.returncode, "lowcode[postgresql]" in done.stdout), done.stdout + done.stderr
