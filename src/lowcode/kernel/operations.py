"""What can be asked of the kernel itself: records, people, notices, jobs that were given up, logs."""

from __future__ import annotations

from lowcode.kernel.contract import Operation
from lowcode.kernel.events.dead import OPERATIONS as DEAD
from lowcode.kernel.events.emptying import OPERATIONS as EMPTYING
from lowcode.kernel.events.notices import OPERATIONS as NOTICES
from lowcode.kernel.events.planning import OPERATIONS as PLANNING
from lowcode.kernel.events.trimming import OPERATIONS as TRIMMING
from lowcode.kernel.identity.factors import OPERATIONS as FACTORS
from lowcode.kernel.identity.operations import OPERATIONS as IDENTITY
from lowcode.kernel.identity.refusals import OPERATIONS as REFUSALS
from lowcode.kernel.records.confidential import OPERATIONS as CONFIDENTIAL
from lowcode.kernel.records.copying import OPERATIONS as COPYING
from lowcode.kernel.records.deleting import OPERATIONS as DELETING
from lowcode.kernel.records.finding import OPERATIONS as FINDING
from lowcode.kernel.records.fixed import OPERATIONS as FIXED
from lowcode.kernel.records.groups import OPERATIONS as GROUPS
from lowcode.kernel.records.indexing import OPERATIONS as INDEXING
from lowcode.kernel.records.listing import OPERATIONS as LISTING
from lowcode.kernel.records.many import OPERATIONS as MANY
from lowcode.kernel.records.operations import OPERATIONS as RECORDS
from lowcode.kernel.records.standing import OPERATIONS as STANDING
from lowcode.kernel.records.versions import OPERATIONS as VERSIONS


def kernel_operations() -> tuple[Operation, ...]:
    """All of them."""
    return (
        *RECORDS, *DELETING, *LISTING,
        *MANY, *STANDING, *FIXED, *GROUPS, *FINDING, *CONFIDENTIAL, *VERSIONS, *COPYING, *IDENTITY, *FACTORS,
        *REFUSALS, *NOTICES,
        *DEAD,
        *TRIMMING,
        *PLANNING,
        *EMPTYING,
        *INDEXING,
    )  # fmt: skip
