"""What the flow engine remembers. The host prefixes the names."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.trimmed import Trimmed
from lowcode.kernel.storage.types import Instant, Json

metadata = MetaData()

version = Table(
    "lc_flow_version",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("flow", Text, nullable=False),
    Column("document", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""Every version of a flow under which an instance began: what running instances are pinned to."""

instance = Table(
    "lc_flow_instance",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("flow", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("subject", Json, nullable=False),
    Column("starter", BigInteger),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("tokens", Json, info={"refers": ("file",), "counts": {"state": ("running",)}}),
    Column("locks", Json),
    Column("running", Text, unique=True),
    Column("stuck", Integer, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("parent", BigInteger),
    Column("parent_token", Integer),
    Column("urged_at", Instant),
    Column("waits", Integer),
    Column("suspended_at", Instant),
    Column("held", Json),
    Index("lc_flow_instance_parent", "parent"),
    Index("lc_flow_instance_record", "record_type", "record_id"),
    Index("lc_flow_instance_starter", "starter", "id"),
)
"""One flow accompanying one record. `state` is running, ended or cancelled; `tokens` is where it stands; `running` is
set while it runs, so that a flow runs once per record at a time; `locks` says who may still edit the record; `parent`
is the instance whose token waits for this one; `waits` is 1 when a message or a save may move it on; `held` is what
versions before 0163 held on it while it is suspended, and an empty list from then until what was held has come."""

held = Table(
    "lc_flow_held",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("instance", BigInteger, nullable=False),
    Column("operation", Text, nullable=False),
    Column("asked", Json, nullable=False),
    Column("said", Json, info={"refers": ("file",)}),
    Column("identity", Text),
    Column("at", Instant, nullable=False),
    Index("lc_flow_held_identity", "instance", "identity", unique=True),
)
"""What has come to an instance and was not heard there yet: an operation, with what it is to be asked with, in the
order in which it came. `said` is what somebody said in it, sealed; None when it was forgotten. What has an `identity`
comes once, what has none as often as it came."""

task = Table(
    "lc_flow_task",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("instance", BigInteger, nullable=False),
    Column("token", Integer, nullable=False),
    Column("seat", Integer, nullable=False),
    Column("node", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("flow_title", Json, nullable=False),
    Column("title", Json, nullable=False),
    Column("subject", Json, nullable=False),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("starter", BigInteger),
    Column("person", BigInteger, nullable=False),
    Column("behalf", BigInteger),
    Column("state", Text, nullable=False),
    Column("decision", Text),
    Column("opinion", Text),
    Column("reason", Text),
    Column("opinion_rule", Text, nullable=False),
    Column("editable", Json, nullable=False),
    Column("hidden", Json, nullable=False),
    Column("request", Text),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("decided_at", Instant),
    Column("role", Text),
    Column("by", BigInteger),
    Column("decisions", Json),
    Column("required", Json),
    Column("draft", Json, info={"refers": ("file",)}),
    Column("signature", Text),
    Column("files", Json, info={"refers": ("file",)}),
    Column("checked", Json),
    Column("entry", Integer),
    Column("weight", Integer),
    Index("lc_flow_task_person", "person", "state", "id"),
    Index("lc_flow_task_seat", "instance", "token", "seat"),
)
"""One person asked: the to-do list. `state` is open, waiting (for others), done or cancelled; `behalf` is whom the
person stands in for; `role` how they came to be asked and `by` who asked them; `draft` what they have written so far;
`entry` which entry of the list of people meant them and `weight` what their vote weighs. One whose answer was kept when
another took theirs back is `kept`.
Copies (抄送) are tasks of the kind `copy`: open until read."""

advice = Table(
    "lc_flow_advice",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("instance", BigInteger, nullable=False),
    Column("token", Integer, nullable=False),
    Column("node", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("title", Json, nullable=False),
    Column("state", Text, nullable=False),
    Column("decision", Text),
    Column("reason", Json),
    Column("confidence", Json),
    Column("held", Text),
    Column("until", Instant, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("given_at", Instant),
    Index("lc_flow_advice_token", "instance", "token", "id"),
)
"""One review by a program. `state` is asked, given, failed or late; `held` says why it did not decide, and is blank
when it did; after `until` it counts no longer."""

link = Table(
    "lc_flow_link",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("task", BigInteger, nullable=False),
    Column("instance", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("address", Text),
    Column("delivery", BigInteger),
    info=Trimmed("decide_links", "expires_at", 365).info,
)
"""A link by which one person may decide one task, once, without signing in. `digest` is that of its word, which is
nowhere else; `address` is where it was used from, `delivery` the message of a chat it was sent by."""

signal = Table(
    "lc_flow_signal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("instance", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Index("lc_flow_signal_instance", "instance"),
    Index("lc_flow_signal_name", "name", "instance"),
)
"""The signals that running instances wait for."""

message = Table(
    "lc_flow_message",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("flow", Text, nullable=False),
    Column("record_type", Text, nullable=False, info={"holds": "form"}),
    Column("record_id", BigInteger, nullable=False),
    Column("body", Json, nullable=False),
    Column("key", Text, unique=True),
    Column("sender", BigInteger),
    Column("roles", Json),
    Column("state", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("received_at", Instant),
    Column("instance", BigInteger),
    Index("lc_flow_message_record", "record_type", "record_id", "state"),
    Index("lc_flow_message_expires", "expires_at"),
    info=Trimmed("flow_messages", "expires_at", 90).info,
)
"""A message kept for one flow of a record until somebody in it waits for it. `state` is waiting or received, by
`instance`; one that waits is over after `expires_at`. `key` is the sender's own id of it, one while it lives; `roles`
are those the sender had, None for one who may send everything."""

history = Table(
    "lc_flow_history",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("instance", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", BigInteger),
    Column("event", Text, nullable=False),
    Column("node", Text),
    Column("token", Integer),
    Column("body", Json, nullable=False),
    Index("lc_flow_history_instance", "instance", "id"),
)
"""What happened, in order, with the reasons. Only ever added to, and never read to decide anything."""

incident = Table(
    "lc_flow_incident",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("instance", BigInteger, nullable=False),
    Column("token", Integer, nullable=False),
    Column("node", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("code", Text, nullable=False),
    Column("problems", Json, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", BigInteger),
    Index("lc_flow_incident_instance", "instance", "resolved_at"),
)
"""A token that cannot move, until an administrator helped."""
