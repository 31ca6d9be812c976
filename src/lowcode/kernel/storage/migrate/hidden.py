"""What is hidden, made in a database that is filled from a backup."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.schema import Schema, table_of


def add_hidden(hand: Hand, schema: Schema) -> None:
    """Make the hidden tables and columns of a schema beside those in use; all of them are empty."""
    metadata = sa.MetaData()
    for table in schema.tables:
        if table.retired is not None:
            hand.define(sa.schema.CreateTable(table_of(table, metadata, hand.prefix)))
            continue
        there = hand.columns(table.name)
        for column in table.columns:
            if column.retired is not None and column.name not in there:
                hand.run(f'ALTER TABLE {hand.table(table.name)} ADD COLUMN "{column.name}" {hand.type(column.store)}')


def merged(made: Schema, kept: Schema) -> Schema:
    """The tables as they were made, with what is hidden as it was kept; hidden tables without their indexes, which are
    made when they return."""
    hidden = {each.id: tuple(column for column in each.columns if column.retired) for each in kept.live}
    live = [replace(each, columns=(*each.columns, *hidden.get(each.id, ()))) for each in made.live]
    return Schema((*live, *(replace(each, indexes=()) for each in kept.tables if each.retired)))
