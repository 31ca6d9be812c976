"""A hand-written service as tutorials show it: FastAPI, `def` endpoints in its thread pool, the ORM, models."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field
from sqlalchemy.orm import DeclarativeBase, Session, joinedload, object_session, relationship, sessionmaker

from bench.serving import tables as t

PAGE = 20


class Base(DeclarativeBase):
    """The ORM's classes over the same tables."""

    metadata = t.metadata


class Shown:
    """What is answered of a record beside its columns: the people in it and its own name."""

    def person(self, identity: int) -> Any:
        """Somebody by name; they were read with the session."""
        db: Any = object_session(self)
        return db.info["caller"].people[identity]

    made = property(lambda self: self.person(self.created_by))
    changed = property(lambda self: self.person(self.updated_by))
    owned = property(lambda self: self.person(self.owner))


class Customer(Shown, Base):
    """A customer."""

    __table__ = t.customer
    __mapper_args__ = {"version_id_col": t.customer.c.version}
    called = property(lambda self: self.name)
    meta = property(lambda _: t.META)


class Visit(Shown, Base):
    """A visit, with its customer."""

    __table__ = t.visit
    linked = relationship(Customer)
    called = property(lambda self: self.notes)


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


class Named(BaseModel):
    """A person or a record by name."""

    id: int
    label: str | None = Field(validation_alias=AliasChoices("label", "called"))

    model_config = ConfigDict(from_attributes=True)


def _in_utc(value: datetime) -> datetime:
    """SQLite knows no zones."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Instant = Annotated[datetime, AfterValidator(_in_utc)]


class Kept(BaseModel):
    """What is answered of every record."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    version: int
    created_at: Instant
    created_by: Named = Field(validation_alias="made")
    updated_at: Instant
    updated_by: Named = Field(validation_alias="changed")
    owner: Named = Field(validation_alias="owned")
    label: str | None = Field(validation_alias="called", serialization_alias="_label")


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
    next_visit: Instant | None
    notes: str | None
    net: Decimal | None
    size: str | None


class OneOut(CustomerOut):
    """A customer with what may be done with it."""

    meta: dict[str, Any] = Field(serialization_alias="_meta")


class VisitOut(Kept):
    """A visit as it is answered, with the name of its customer."""

    customer: Named | None = Field(validation_alias="linked")
    at: Instant | None
    cost: Decimal | None
    notes: str | None


class Visits(BaseModel):
    """A page of visits."""

    items: list[VisitOut]
    next: str | None
    expanded: dict[str, dict[str, CustomerOut]]


class Page(BaseModel):
    """A page of customers."""

    items: list[CustomerOut]
    next: str | None


class Caller:
    """Who asks, and whom they lead."""

    def __init__(self, user: int, csrf: str, team: list[int], people: dict[int, Any]) -> None:
        self.user, self.csrf, self.team, self.people = user, csrf, team, people


def after(*values: Any) -> str:
    """Where the following page begins."""
    return urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


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


row = t.customer.c


def database(request: Request) -> Iterator[Session]:
    """A session of the ORM for one request."""
    with request.app.state.sessions() as db:
        yield db


router = APIRouter()
Db = Annotated[Session, Depends(database)]


def who(request: Request, response: Response, db: Db) -> Caller:
    """The session and the team of the person; refused without one, and for a write without the page's secret."""
    response.headers.update(dict(t.HEADERS))
    known: dict[str, tuple[float, Caller]] = request.app.state.known
    token = request.cookies.get("session")
    if not token:
        raise HTTPException(401)
    found = known.get(token)
    if found is None or time.monotonic() - found[0] > t.SESSION_SECONDS:
        signed: Any = db.get(Signed, hashlib.sha256(token.encode()).hexdigest())
        if signed is None or signed.expires_at.replace(tzinfo=UTC) < datetime.now(UTC):
            raise HTTPException(401)
        everybody: list[Any] = list(db.scalars(sa.select(Person)))
        team = [each.id for each in everybody if signed.user in (each.id, each.manager)]
        people = {each.id: {"id": each.id, "label": each.name} for each in everybody}
        found = known[token] = (time.monotonic(), Caller(signed.user, signed.csrf, team, people))
    if request.method != "GET":
        sent = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), found[1].csrf.encode()):
            raise HTTPException(403)
    db.info["caller"] = found[1]
    return found[1]


Who = Annotated[Caller, Depends(who)]


def permitted(db: Session, caller: Caller, id: int) -> Any:
    """The customer, when this person may see it."""
    query = sa.select(Customer).where(row.id == id, row.deleted_at.is_(None), row.owner.in_(caller.team))
    found = db.scalars(query).first()
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/customers/{id}", response_model=OneOut)
def get(id: int, db: Db, caller: Who, response: Response) -> Any:
    """One customer."""
    found = permitted(db, caller, id)
    response.headers.update({"etag": f'"{found.version}"', t.PRIVATE[0]: t.PRIVATE[1]})
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
    following = after(rows[PAGE - 1].amount, rows[PAGE - 1].id) if len(rows) > PAGE else None
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
    following = after(rows[PAGE - 1].at, rows[PAGE - 1].id) if len(rows) > PAGE else None
    linked = {str(each.linked.id): each.linked for each in rows[:PAGE] if each.linked is not None}
    return {"items": rows[:PAGE], "next": following, "expanded": {"customer": linked}}


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
    response.headers.update({"etag": f'"{made.version}"', "location": f"customer/{made.id}"})
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
