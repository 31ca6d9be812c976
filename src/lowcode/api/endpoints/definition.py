"""What may be written of an endpoint: `api/<name>.json` with the type `endpoint`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from lowcode.kernel.definitions.documents import Document, Expression, Name, Part, Template, Text
from lowcode.kernel.definitions.wording import Unfit

PATH = r"^(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\})(?:/(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))*$"


def _path(written: str) -> str:
    if not re.fullmatch(PATH, written):
        raise Unfit(
            "write parts of letters, digits and . _ ~ - with / between them, none at either end; one that varies has a "
            "name in braces: customers/{number}/receivables",
            "由字母、数字和 . _ ~ - 组成，各段用 / 隔开，首尾不加 /；可变的一段写成 {名称}："
            "customers/{number}/receivables",
        )
    return written


Path = Annotated[
    str, StringConstraints(max_length=200), AfterValidator(_path),
    WithJsonSchema({"type": "string", "maxLength": 200, "pattern": PATH}),
]  # fmt: skip
Schema = dict[str, Any]
Kept = Annotated[Name | None, Field(alias="as", description="The name later steps and the answer know it by.")]
ForEach = Annotated[
    str | None,
    Field(description="A list of the payload: `payload.items`. Each entry is read as `item.<name>`."),
]
Sort = Annotated[list[str], Field(description="Fields; `-` before one for descending.")]


class AccessDocument(Part):
    """Who may call: people who are signed in, programs with a key, or anybody from pages of these origins."""

    session: Literal[True] | None = None
    key: Literal[True] | None = Field(None, description="A key whose scopes hold `endpoint` or `endpoint:<name>`.")
    public: Literal[True] | None = None
    roles: list[Name] = Field(default_factory=list, description="Left out: everybody of the above.")
    origins: list[str] = Field(default_factory=list)
    limit: int | None = Field(
        None, ge=1, le=10_000,
        description="Calls a minute: from one address where anybody may call (30 when left out), otherwise by one key "
        "or one person (left out: as many as the key has).",
    )  # fmt: skip
    limit_total: int | None = Field(
        None, ge=1, le=1_000_000,
        description="Calls a minute from all addresses together, where anybody may call: 3000 when left out.",
    )  # fmt: skip

    @model_validator(mode="after")
    def _somebody(self) -> AccessDocument:
        if not (self.session or self.key or self.public):
            raise Unfit(
                'write "session": true, "key": true or "public": true',
                '请写 "session": true、"key": true 或 "public": true',
            )
        if self.public and (self.session or self.key or self.roles):
            raise Unfit(
                "what is public is open to everybody: leave 'session', 'key' and 'roles' out",
                "公开的接口人人可用，请去掉 session、key 和 roles",
            )
        if self.origins and not self.public:
            raise Unfit("'origins' belong to a public endpoint", "origins 只用于公开的接口")
        return self


class Conditional(Part):
    """A step that may depend on a condition."""

    when: Expression | None = Field(None, description="Left out of a call for which this does not hold.")


class FindPart(Part):
    """One record: the first for which the condition holds."""

    form: Name
    where: Expression = Field(description="Over the record, with `path.…`, `query.…`, `payload.…` and what was found.")
    sort: Sort = Field(default_factory=list)
    kept: Kept = None
    missing: Literal["refuse", "blank"] = Field("refuse", description="Without a record: 404, or all of it is blank.")


class ListPart(Part):
    """Records for which the condition holds, a page of them."""

    form: Name
    where: Expression | None = None
    sort: Sort = Field(default_factory=list)
    limit: int = Field(50, ge=1, le=200)
    after: Expression | None = Field(None, description="Where the page begins: `<name>.next` of the page before.")
    kept: Name = Field(alias="as")


class AggregatePart(Part):
    """Counts, sums and averages over all records for which the condition holds, altogether or by the values of fields.

    Each entry is a name and a field, also one behind links: `{"salesperson": "owner.name"}`."""

    form: Name
    where: Expression | None = None
    group: dict[Name, str] = Field(
        default_factory=dict, max_length=3,
        description="By what is counted: with it `<as>` is a list, the largest group first, of at most a thousand; "
        "`<as>.capped` says whether there are more. Without it the values are `<as>.<name>`.",
    )  # fmt: skip
    count: Name | None = Field(None, description="The name of how many there are.")
    sum: dict[Name, str] = Field(default_factory=dict, max_length=20)
    average: dict[Name, str] = Field(default_factory=dict, max_length=20)
    kept: Name = Field(alias="as")

    @model_validator(mode="after")
    def _named_once(self) -> AggregatePart:
        named = [*self.group, *([self.count] if self.count else ()), *self.sum, *self.average]
        twice = next((each for each in named if named.count(each) > 1), None)
        if twice is not None:
            raise Unfit(
                f"'{twice}' stands for two things here; each has a name of its own",
                f"“{twice}”在此处指两样东西，请各用一个名称",
            )
        if len(named) == len(self.group):
            raise Unfit(
                "say what is counted or added up: 'count', 'sum' or 'average'", "请说明如何统计：count、sum 或 average"
            )
        return self


class CreatePart(Part):
    """A new record, or one for each entry of a list."""

    form: Name
    values: dict[str, Expression] = Field(min_length=1)
    find: dict[str, str] = Field(
        default_factory=dict,
        description="Links whose value names the other record by a unique field of its form, as a program outside "
        'knows it: `{"contract": "number"}`.',
    )
    for_each: ForEach = None
    kept: Kept = None


class UpsertPart(CreatePart):
    """The record that has the same value in a unique field, changed; or a new one."""

    by: Name = Field(description="A unique field that gets a value here.")


class UpdatePart(Part):
    """Other values for a record that was found."""

    record: Name
    values: dict[str, Expression] = Field(min_length=1)


class DeletePart(Part):
    """A record that was found is put away."""

    record: Name


class StartFlowPart(Part):
    """A flow for a record that was found or made."""

    flow: Name
    record: Name


class SignalPart(Part):
    """A message for the flows of a record: those that wait for it go on."""

    message: Name
    record: Name
    body: dict[str, Expression] = Field(default_factory=dict)


class ReportPart(Part):
    """The rows of a report."""

    report: Name
    filters: dict[str, Expression] = Field(default_factory=dict)
    kept: Name = Field(alias="as")


class RefusePart(Part):
    """A refusal in the author's words."""

    message: Template
    code: Name = Field("refused", description="The caller gets `endpoint.<code>`.")
    status: Literal[403, 404, 409, 422] = 422
    field: str = Field("", description="What of the call is meant, as a JSON pointer: `/amount`, `/query/since`.")


class FindStep(Conditional):
    """Looking a record up."""

    find: FindPart


class ListStep(Conditional):
    """Looking several up."""

    list_: ListPart = Field(alias="list")


class AggregateStep(Conditional):
    """Counting and adding up."""

    aggregate: AggregatePart


class CreateStep(Conditional):
    """Making a record."""

    create: CreatePart


class UpsertStep(Conditional):
    """Changing or making one."""

    upsert: UpsertPart


class UpdateStep(Conditional):
    """Changing one."""

    update: UpdatePart


class DeleteStep(Conditional):
    """Putting one away."""

    delete: DeletePart


class StartFlowStep(Conditional):
    """Starting a flow."""

    start_flow: StartFlowPart


class SignalStep(Conditional):
    """Telling flows."""

    signal: SignalPart


class ReportStep(Conditional):
    """Running a report."""

    report: ReportPart


class RefuseStep(Conditional):
    """Refusing the call."""

    refuse: RefusePart


Step = Union[  # noqa: UP007  the schema names each branch
    FindStep, ListStep, AggregateStep, CreateStep, UpsertStep, UpdateStep, DeleteStep, StartFlowStep, SignalStep,
    ReportStep, RefuseStep,
]  # fmt: skip

Body = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "lowcode-expression"},
                {"type": "object"},
                {"type": "null"},
            ],
            "description": 'An expression; an object of such: {"customer": {"name": "customer.name"}}; or one for each '
            'of a list: {"for_each": "contracts", "body": {"number": "number"}}.',
        }
    ),
]


class AnswerDocument(Part):
    """What is answered."""

    status: int | Expression = Field(200, description="200 to 299, or an expression that gives it.")
    headers: dict[str, Expression] = Field(default_factory=dict)
    body: Body = Field(None, description="Left out: nothing, with the status 204.")


class ExampleDocument(Part):
    """A call as it may be, for the description; it has to fit the schemas."""

    title: Text = ""
    path: dict[Name, Any] = Field(default_factory=dict)
    query: dict[str, Any] = Field(default_factory=dict)
    payload: Any = None
    answer: Any = Field(None, description="What such a call is answered with.")


class EndpointDocument(Document):
    """An address of the app's own, under `api/endpoints/`: what is sent, what is done, what is answered."""

    type: Literal["endpoint"]
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: Path = Field(description="Parts with names in braces: `customers/{number}/receivables`.")
    parameters: dict[Name, Schema] = Field(
        default_factory=dict, description="JSON Schemas of parts of the path; a text when left out."
    )
    query: Schema = Field(default_factory=dict, description="A JSON Schema of the query, an object of simple values.")
    payload: Schema = Field(default_factory=dict, description="A JSON Schema (2020-12) of the body.")
    access: AccessDocument
    run_as: str = Field("caller", description="`caller`, `app`, or the login of a person.")
    steps: list[Step] = Field(default_factory=list, max_length=50)
    answer: AnswerDocument = AnswerDocument()
    examples: list[ExampleDocument] = Field(default_factory=list, max_length=20)
    enabled: bool = True
