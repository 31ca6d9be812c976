"""A hand-written service as tutorials show it: FastAPI, `def` endpoints in its thread pool, the ORM, models."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import DeclarativeBase, Session, joinedload, relationship, sessionmaker

from bench.serving import tables as t

PAGE = 20


class Base(DeclarativeBase):
    """The ORM's classes over the same tables."""

    metadata = t.metadata


class Customer(Base):
    """A customer."""

    __table__ = t.customer
    __mapper_args__ = {"version_id_col": t.customer.c.version}


class Visit(Base):
    """A visit, with its customer."""

    __table__ = t.visit
    linked = relationship(Customer)


class History(Base):
    """A change of a customer."""

    __table__ = t.history


class Event(Base):
    """Something that happened."""

    __table__ = t.event


class Words(Base):
    """What a customer is searched by."""

    __table__ = t.words


class Person(Base):
    """Somebody who works here."""

    __table__ = t.person


class Signed(Base):
    """A session."""

    __table__ = t.session


class Kept(BaseModel):
    """What is answered of every record."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    version: int
    created_at: datetime
    created_by: int | None
    updated_at: datetime
    updated_by: int | None
    owner: int | None


class CustomerOut(Kept):
    """A customer as it is answered."""

    name: str | None
    email: str | None
    phone: str | None
    company: str | None
    level: str | None
    status: str | None
    amount: Decimal | None
    discount: Decimal | None
    employees: int | None
    signed_on: date | None
    next_visit: datetime | None
    notes: str | None
    net: Decimal | None
    size: str | None


class VisitOut(Kept):
    """A visit as it is answered, with its customer."""

    linked: CustomerOut | None
    at: datetime | None
    cost: Decimal | None
    notes: str | None


class Visits(BaseModel):
    """A page of visits."""

    items: list[VisitOut]
    next: list[Any] | None


class Page(BaseModel):
    """A page of customers."""

    items: list[CustomerOut]
    next: list[Any] | None


class Caller:
    """Who asks, and whom they lead."""

    def __init__(self, user: int, csrf: str, team: list[int]) -> None:
        self.user, self.csrf, self.team = user, csrf, team


def _json(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _note(db: Session, customer: Any, kind: str, changes: dict[str, list[Any]], caller: Caller, now: datetime) -> None:
    known = {name: [_json(old), _json(new)] for name, (old, new) in changes.items()}
    if kind == "created":
        db.add(Words(record_type="customer", record_id=customer.id, **t.searched_by(customer.name)))
    elif "name" in known:
        w = t.words.c
        for words in db.scalars(sa.select(Words).where(w.record_type == "customer", w.record_id == customer.id)):
            for name, value in t.searched_by(customer.name).items():
                setattr(words, name, value)
    db.add(History(record_id=customer.id, version=customer.version, at=now, actor=caller.user, kind=kind,
                   changes=known))  # fmt: skip
    db.add(Event(at=now, name=f"record.{kind}", record_type="customer", record_id=customer.id, actor=caller.user,
                 body={"version": customer.version, "changed": sorted(known)}))  # fmt: skip


router = APIRouter()
row = t.customer.c


def database(request: Request) -> Iterator[Session]:
    """A session of the ORM for one request."""
    with request.app.state.sessions() as db:
        yield db


Db = Annotated[Session, Depends(database)]


def who(request: Request, db: Db) -> Caller:
    """The session and the team of the person; refused without one, and for a write without the page's secret."""
    known: dict[str, tuple[float, Caller]] = request.app.state.known
    token = request.cookies.get("session")
    if not token:
        raise HTTPException(401)
    found = known.get(token)
    if found is None or time.monotonic() - found[0] > t.SESSION_SECONDS:
        signed: Any = db.get(Signed, hashlib.sha256(token.encode()).hexdigest())
        if signed is None or signed.expires_at.replace(tzinfo=UTC) < datetime.now(UTC):
            raise HTTPException(401)
        team = sa.select(t.person.c.id).where((t.person.c.id == signed.user) | (t.person.c.manager == signed.user))
        caller = Caller(signed.user, signed.csrf, list(db.scalars(team)))
        found = known[token] = (time.monotonic(), caller)
    if request.method != "GET":
        sent = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), found[1].csrf.encode()):
            raise HTTPException(403)
    return found[1]


Who = Annotated[Caller, Depends(who)]


def permitted(db: Session, caller: Caller, id: int) -> Any:
    """The customer, when this person may see it."""
    query = sa.select(Customer).where(row.id == id, row.deleted_at.is_(None), row.owner.in_(caller.team))
    found = db.scalars(query).first()
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/customers/{id}", response_model=CustomerOut)
def get(id: int, db: Db, caller: Who, response: Response) -> Any:
    """One customer."""
    found = permitted(db, caller, id)
    response.headers["etag"] = f'"{found.version}"'
    return found


@router.get("/customers", response_model=Page)
def page(status: str, amount: Decimal, db: Db, caller: Who) -> Any:
    """A page, the greatest amounts first."""
    query = (
        sa.select(Customer)
        .where(row.deleted_at.is_(None), row.owner.in_(caller.team), row.status == status, row.amount > amount)
        .order_by(row.amount.desc(), row.id.desc())
        .limit(PAGE + 1)
    )
    rows: list[Any] = list(db.scalars(query))
    following = [str(rows[PAGE - 1].amount), rows[PAGE - 1].id] if len(rows) > PAGE else None
    return {"items": rows[:PAGE], "next": following}


@router.get("/visits", response_model=Visits)
def visits(cost: Decimal, db: Db, caller: Who) -> Any:
    """A page of visits, the latest first; a customer that the person may not see is left out."""
    theirs: Any = Customer  # the ORM adds the columns
    seen = Visit.linked.and_(theirs.deleted_at.is_(None), theirs.owner.in_(caller.team))
    c = t.visit.c
    query = (
        sa.select(Visit)
        .options(joinedload(seen))
        .where(c.deleted_at.is_(None), c.owner.in_(caller.team), c.cost > cost)
        .order_by(c.at.desc(), c.id.desc())
        .limit(PAGE + 1)
    )
    rows: list[Any] = list(db.scalars(query))
    following = [rows[PAGE - 1].at.isoformat(), rows[PAGE - 1].id] if len(rows) > PAGE else None
    return {"items": rows[:PAGE], "next": following}


@router.post("/customers", response_model=CustomerOut, status_code=201)
def create(sent: t.New, db: Db, caller: Who, response: Response) -> Any:
    """A new customer, with its history and event."""
    now = datetime.now(UTC)
    values = sent.model_dump(exclude_unset=True)
    values.update(t.computed(sent.amount, sent.discount, sent.employees))
    made: Any = Customer(**values, created_at=now, created_by=caller.user, updated_at=now,
                         updated_by=caller.user, owner=caller.user)  # fmt: skip
    db.add(made)
    db.flush()
    _note(db, made, "created", {name: [None, value] for name, value in values.items()}, caller, now)
    db.commit()
    response.headers["etag"] = f'"{made.version}"'
    return made


@router.patch("/customers/{id}", response_model=CustomerOut)
def update(id: int, sent: t.Sent, db: Db, caller: Who, response: Response) -> Any:
    """Some fields of a customer changed."""
    found = permitted(db, caller, id)
    changes: dict[str, list[Any]] = {}
    values = sent.model_dump(exclude_unset=True)
    amount, discount = values.get("amount", found.amount), values.get("discount", found.discount)
    if not t.discount_fits(discount, amount):
        raise HTTPException(422, "too much")
    values.update(t.computed(amount, discount, values.get("employees", found.employees)))
    for name, value in values.items():
        if getattr(found, name) != value:
            changes[name] = [getattr(found, name), value]
            setattr(found, name, value)
    now = datetime.now(UTC)
    found.updated_at, found.updated_by = now, caller.user
    db.flush()
    _note(db, found, "updated", changes, caller, now)
    db.commit()
    response.headers["etag"] = f'"{found.version}"'
    return found


def make(url: str) -> FastAPI:
    """The service over a database."""
    app = FastAPI()
    app.state.sessions = sessionmaker(t.engine_for(url))
    app.state.known = {}
    app.include_router(router)
    return app
