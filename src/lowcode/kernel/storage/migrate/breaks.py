"""What rows that are there break of a coming version, counted, with samples. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.convert import SAMPLES, Census
from lowcode.kernel.storage.migrate.hand import Hand, reader
from lowcode.kernel.storage.migrate.options import holding
from lowcode.kernel.storage.migrate.words import Words, field, said

Severity = Literal["warning", "error"]


@dataclass(frozen=True)
class Finding:
    """Something an author should know before it runs. An error stops the apply; no consent helps."""

    severity: Severity
    words: Words
    count: int = 0
    samples: tuple[tuple[Any, ...], ...] = ()


def unconverted(census: Census, *, kept: bool = True) -> Iterator[Finding]:
    """Values that do not convert, and values that lose something; `kept`: the old ones, in a hidden column."""
    if census.fails:
        tail = "；原值保留在隐藏列中", "; the old ones are kept in a hidden column"
        if not kept:
            tail = "；原值不再保留", "; the old ones are not kept"
        words = said(
            "不能转换、将成为空值的值：{count}" + tail[0],
            "values that do not convert and will be blank: {count}" + tail[1],
            count=str(census.fails),
        )  # fmt: skip
        yield Finding("warning", words, census.fails, tuple((each.id, each.before) for each in census.failing))
    if census.loses:
        words = said("转换后有所损失的值：{count}", "values that lose something: {count}", count=str(census.loses))
        samples = tuple((each.id, each.before, each.after) for each in census.losing)
        yield Finding("warning", words, census.loses, samples)


def protection(step: s.Retype, values: int) -> Iterator[Finding]:
    """What follows for values that the database keeps better, or less well, from now on."""
    before, after = step.before.protection, step.after.protection
    if not values or before == after:
        return
    if not after:
        words = said(
            "此后能读取数据库或其备份的人都能读到这些值：{count}",
            "whoever reads the database, or a backup of it, reads these values from then on: {count}",
            count=str(values),
        )
    elif after < before:
        words = said(
            "此后能读取数据库的人看得出哪些记录的值相同：{count}",
            "whoever reads the database sees from then on which records share a value: {count}", count=str(values),
        )  # fmt: skip
    else:
        words = said(
            "原来的列随之删除，撤销时由加密的值还原；此前的备份和导出的文件仍含原来的值：{count}",
            "the former column goes, and an undo decrypts; backups and files made before still hold these values as "
            "they were: {count}", count=str(values),
        )  # fmt: skip
    yield Finding("warning", words, values)


def concealed(entries: int) -> Iterator[Finding]:
    """What a history no longer tells."""
    if entries:
        words = said(
            "此前的值不能再从历史中恢复，撤销也不能；涉及的历史：{count}",
            "former values cannot be restored from the history any more, nor does an undo bring them back; "
            "entries: {count}",
            count=str(entries),
        )
        yield Finding("warning", words, entries)


def several_links(hand: Hand, links: str) -> tuple[int, tuple[Finding, ...]]:
    """How many records have links, and which have several where one is wanted."""
    grouped = f"SELECT source FROM {hand.table(links)} GROUP BY source HAVING count(*) > 1"
    rows = int(hand.value(f"SELECT count(DISTINCT source) FROM {hand.table(links)}"))
    several = int(hand.value(f"SELECT count(*) FROM ({grouped}) AS several"))
    if not several:
        return rows, ()
    words = said(
        "有多个关联、只取第一个的记录：{count}",
        "records with several links, of which only the first is taken: {count}",
        count=str(several),
    )
    samples = hand.rows(f"{grouped} ORDER BY source LIMIT {SAMPLES}")
    return rows, (Finding("warning", words, several, tuple(samples)),)


def doubled(hand: Hand, table: str, columns: Sequence[str], *, live: bool) -> Iterator[Finding]:
    """Values that occur twice under a rule that allows them once."""
    listed = ", ".join(f'"{each}"' for each in columns)
    conditions = [f'"{each}" IS NOT NULL' for each in columns] + (["deleted_at IS NULL"] if live else [])
    grouped = (
        f"SELECT {listed}, count(*) AS times FROM {hand.table(table)} WHERE {' AND '.join(conditions)}"
        f" GROUP BY {listed} HAVING count(*) > 1"
    )
    count = int(hand.value(f"SELECT count(*) FROM ({grouped}) AS doubled"))
    if count:
        words = said(
            "重复出现的值：{count}，请先合并或修改这些记录",
            "values that occur more than once: {count}; mend those records first",
            count=str(count),
        )
        rows = hand.rows(f"{grouped} ORDER BY times DESC, {listed} LIMIT {SAMPLES}")
        yield Finding("error", words, count, tuple(rows))


def blank(hand: Hand, table: str, step: s.Demand) -> Iterator[Finding]:
    """Records without a value that is required from now on."""
    conditions = ["deleted_at IS NULL"] if step.table.role == "records" else []
    if step.source is not None:
        conditions.append(f'"{step.source}" IS NULL')
    condition = " AND ".join(conditions) or "1 = 1"
    count = hand.count(table, condition)
    if count:
        words = said(
            "没有值的记录：{count}，下次修改时必须补填",
            "records without a value: {count}; whoever edits them next must give one",
            count=str(count),
        )
        ids = hand.rows(f"SELECT id FROM {hand.table(table)} WHERE {condition} ORDER BY id LIMIT {SAMPLES}")
        yield Finding("warning", words, count, tuple(ids))


def joined(hand: Hand, step: s.RenameOptions) -> Iterator[Finding]:
    """Records that cannot be told apart any more from those of an option that was there already."""
    names = dict(step.names)
    for old in step.joined:
        count = hand.count(step.source.name, *holding(hand, step, [old]))
        if count:
            words = said(
                "“{field}”由 {old} 并入 {new}、此后无法区分的记录：{count}",
                "records whose {field} goes from {old} to {new}, which others hold already: {count}; "
                "they cannot be told apart afterwards",
                count=str(count), field=field(step.column), old=old, new=names[old],
            )  # fmt: skip
            yield Finding("warning", words, count)


def stranded(hand: Hand, table: str, step: s.TakeOptions) -> Iterator[Finding]:
    """Records that hold an option that is no longer offered."""
    column, read = f'"{step.source}"', reader(step.column.store, hand)
    if step.column.store != "json":
        condition = f"{column} = ?"
    elif hand.postgresql:
        condition = f"jsonb_exists({column}, ?)"
    else:
        condition = f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ?)"
    select = f"SELECT id, {column} FROM {hand.table(table)} WHERE {condition} ORDER BY id LIMIT {SAMPLES}"
    for option in step.options:
        count = hand.count(table, condition, option)
        if count:
            words = said(
                "“{field}”仍是 {option} 的记录：{count}",
                "records that still hold {option} in {field}: {count}",
                count=str(count), field=field(step.column), option=option,
            )  # fmt: skip
            yield Finding("warning", words, count, tuple((row[0], read(row[1])) for row in hand.rows(select, option)))
