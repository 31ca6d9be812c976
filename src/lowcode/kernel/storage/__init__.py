"""Where records, jobs and definitions are kept.

`open_database` gives a `Database`; work happens in a `Unit` (one transaction). Statements are SQLAlchemy elements,
compiled once to driver text (`prepared`). `sqlite` shares commits, `postgresql` sends a save as one statement
(`together`), and those of one moment together (`sharing`).
`tables` are the kernel's own; `migrate` turns definitions into tables and tables of one version into those of the next;
`jobs` is the queue, and `sealing` closes what waits in it; `crypto` and `sealed` keep encrypted fields; `files` keeps
contents by digest; `trimmed` says which tables are logs, and `loose` which files nothing refers to.
"""

from lowcode.kernel.storage.database import Database, StorageError, open_database
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.unit import StaleWrite, Unit

__all__ = ["Database", "Prepared", "StaleWrite", "StorageError", "Unit", "open_database"]
