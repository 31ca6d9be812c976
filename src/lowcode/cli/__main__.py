"""`python -m lowcode.cli` is `lowcode`."""

import sys

from lowcode.cli import main

sys.exit(main())
