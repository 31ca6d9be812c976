"""Kinds of each extension point, small but whole, as a plug-in would bring them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel
from pydantic import Field as Key
from sqlalchemy import MetaData, Text, func
from sqlalchemy.types import TypeEngine

from lowcode.api.connectors.kind import Keys, Message, Steps, TargetPart
from lowcode.api.sign_in.kind import Person, Returned, SignInDocument, Start
from lowcode.flows.nodes.asking.reviewers.kind import Advice, ReviewerDocument
from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.kernel.contract import Context, Handler, Nothing, Operation, Stage, Timer
from lowcode.kernel.definitions import Document, Documents, parse
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Function, Type
from lowcode.kernel.records.fields import FieldDefinition, Invalid
from lowcode.kernel.registry import Kinds
from lowcode.kernel.scope import Scope
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.style import PLAIN
from lowcode.printing.blocks.values import Facts, Words
from lowcode.printing.outputs.kind import Output
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown
from lowcode.rules.actions.kind import Firing, Site
from lowcode.rules.analysers.kind import Mood
from lowcode.rules.scores.scorers.kind import Example, Features, Likelihood


class ColourDefinition(FieldDefinition):
    """A colour."""

    type: Literal["colour"]


class Colour:
    """A colour as #rrggbb."""

    name = "colour"
    options = ColourDefinition

    def type(self, options: ColourDefinition) -> Type:
        """A text in expressions."""
        return Type("text")

    def column(self, options: ColourDefinition) -> TypeEngine[Any]:
        """A column of text."""
        return Text()

    def coerce(self, value: Any, options: ColourDefinition) -> Any:
        """Small letters. Raises Invalid."""
        if not isinstance(value, str) or len(value) != 7 or not value.startswith("#"):
            raise Invalid("colour.form", {"en": "write #rrggbb", "zh-CN": "请按 #rrggbb 填写"})
        return value.lower()

    def show(self, value: Any, options: ColourDefinition) -> Any:
        """As it is kept."""
        return value


def shout(mark: str) -> Function:
    """`SHOUT(text)`: in capitals, with a mark behind; each plug-in has its own mark."""
    return Function(
        "SHOUT",
        "text:text",
        "text",
        lambda text: text.upper() + mark,
        "In capitals, with a mark.",
        postgresql=lambda lowering, types, text: func.concat(func.upper(text), mark),
        javascript=f"(f, text) => text === null ? null : text.toUpperCase() + '{mark}'",
    )


class RememberDocument(NodeDocument):
    """Writes a word into the record."""

    type: Literal["remember"]
    field: str
    word: str
    to: str


class Remember(Step):
    """One save."""

    name = "remember"
    document = RememberDocument

    def compile(self, document: RememberDocument, reading: Any) -> Any:
        """The field must exist."""
        reading.field(reading.form, document.field, "/field")
        return Understood((document.field, document.word), {"writes": True})

    def enter(self, work: Work, node: Any) -> Go:
        """Save."""
        field, word = node.work
        work.update({field: word})
        return Go(trace={"field": field})


class StampOptions(BaseModel, extra="forbid", frozen=True):
    """The field that gets the stamp."""

    field: str


@dataclass(frozen=True, slots=True)
class Stamped:
    """A field and its stamp."""

    field: str

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"stamp": self.field}

    def apply(self, firing: Firing) -> None:
        """Set the field in the save on its way."""
        assert firing.change is not None
        firing.change.values[self.field] = "stamped"


@dataclass(frozen=True, slots=True)
class StampAction:
    """A stamp for a field."""

    field: str
    kind: str = "stamp"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Stamped:
        """The same for every record."""
        return Stamped(self.field)


class Stamp:
    """The kind `stamp`."""

    name = "stamp"
    options = StampOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"before"})

    def compile(self, options: StampOptions, site: Site) -> StampAction | None:
        """The field must exist."""
        return StampAction(options.field) if site.field(site.form, options.field, "/field") else None


class ThermometerChart(Chart):
    """A column on a scale."""

    type: Literal["thermometer"]
    limit: float = Key(100, gt=0)


def draw(shown: Shown, chart: ThermometerChart) -> Drawing:
    """One bar, as high as the first measure."""
    height = shown.number(shown.rows[0], shown.measures[0])
    return {"option": {"yAxis": {"max": chart.limit}, "series": [{"type": "bar", "data": [height]}]}}


THERMOMETER = ChartKind("thermometer", ThermometerChart, draw, 0, 0)


class CalloutBlock(Block):
    """A framed text."""

    type: Literal["callout"]
    text: str


@dataclass(frozen=True, slots=True)
class Callout:
    """A framed text, understood."""

    words: Words

    def draw(self, facts: Facts) -> list[Node]:
        """A paragraph, in nodes every output knows."""
        return [{"type": "text", "text": f"» {self.words.show(facts)}", "style": PLAIN.plain()}]


def compile_callout(block: CalloutBlock, compiling: Compiling, pointer: str) -> Callout:
    """Its words."""
    return Callout(compiling.words(block.text, f"{pointer}/text"))


CALLOUT = BlockKind("callout", CalloutBlock, compile_callout)
COUNT = Output("count", "text/plain", "txt", False, lambda tree, draw: str(len(tree["body"])).encode())


class ChatDocument(TargetPart):
    """A chat room."""

    type: Literal["chat"]
    room: str


class Chat:
    """A chat room that says in words when it refuses."""

    name = "chat"
    model = ChatDocument

    def write(self, document: ChatDocument, message: Message) -> str:
        """One line. Raises ValueError without a text."""
        if "text" not in message.values:
            raise ValueError("a chat needs a text")
        return f'{{"room": "{document.room}", "text": "{message.values["text"]}"}}'

    def judge(self, document: ChatDocument, answer: str) -> str | None:
        """Anything but ok is a refusal."""
        return None if answer == "ok" else f"the room says {answer}"


class PorterDocument(SignInDocument):
    """A porter."""

    type: Literal["porter"]


class Porter:
    """A porter who knows everybody by face, without asking anybody."""

    name = "porter"
    model = PorterDocument

    def begin(self, document: PorterDocument, start: Start, keys: Keys) -> Steps[str]:
        """Straight back."""
        yield from ()
        return f"{start.back}?state={start.state}"

    def finish(self, document: PorterDocument, returned: Returned, keys: Keys) -> Steps[Person]:
        """Always the same."""
        yield from ()
        return Person("face")


class SurveyDocument(Document):
    """A survey."""

    question: str


class Surveys:
    """An engine of its own: the folder `surveys`."""

    name = "surveys"
    tables: MetaData | None = None
    documents: Mapping[str, type[BaseModel]] = {"survey": SurveyDocument}

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Their names."""
        for source in documents.of("surveys"):
            scope.declare("survey", source.name, source, source.place(), report)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> Any:
        """Their questions."""
        read: list[Any] = [parse(SurveyDocument, source, report) for source in documents.of("surveys")]
        return {each.name: each.question for each in read if each is not None}

    def operations(self) -> Iterable[Operation]:
        """One."""

        def ask(context: Context, params: Nothing) -> Any:
            return context.app.plans["surveys"]

        return (Operation("surveys.questions", ask, writes=False),)

    def stages(self) -> Iterable[Stage]:
        """None."""
        return ()

    def handlers(self, plan: Any) -> Iterable[Handler | Timer]:
        """None."""
        return ()


class Coin:
    """A scorer that knows nothing."""

    name = "coin"

    def learn(self, examples: Sequence[Example]) -> dict[str, Any]:
        """Nothing is learned."""
        return {"seen": len(examples)}

    def predict(self, model: Mapping[str, Any], features: Features) -> Likelihood:
        """It may or it may not."""
        return Likelihood(0.5, dict.fromkeys(features, 0.0))


class Flat:
    """An analyser whom nothing moves."""

    name = "flat"

    def analyse(self, text: str) -> Mood:
        """Nothing."""
        return Mood(0.0)


class YesDocument(ReviewerDocument):
    """Agrees."""

    type: Literal["yes"]


class Yes:
    """A reviewer that always agrees."""

    name = "yes"
    document = YesDocument

    def compile(self, document: YesDocument, reading: Any) -> None:
        """Nothing to understand."""

    def review(self, work: Work, understood: None) -> Advice:
        """Yes."""
        return Advice("approve", "it is fine", 1.0)


class Everything:
    """A plug-in with a kind for each extension point."""

    name = "everything"

    def __init__(self, mark: str = "!") -> None:
        self.mark = mark

    def setup(self, kinds: Kinds) -> None:
        """Add them."""
        kinds.add("field", Colour())
        kinds.add("function", shout(self.mark))
        kinds.add("node", Remember())
        kinds.add("action", Stamp())
        kinds.add("chart", THERMOMETER)
        kinds.add("block", CALLOUT)
        kinds.add("output", COUNT)
        kinds.add("connector", Chat())
        kinds.add("sign_in", Porter())
        kinds.add("scorer", Coin())
        kinds.add("analyser", Flat())
        kinds.add("reviewer", Yes())
        kinds.add("engine", Surveys)


APP: dict[str, Any] = {
    "app.json": {"name": "swatches", "roles": [{"name": "member"}]},
    "forms/swatch.json": {
        "name": "swatch",
        "label": "title",
        "fields": [
            {"name": "title", "type": "text"},
            {"name": "tone", "type": "colour"},
            {"name": "loud", "type": "formula", "expression": "SHOUT(title)"},
            {"name": "note", "type": "text"},
            {"name": "mark", "type": "text"},
        ],
        "permissions": [{"role": "member", "can": ["create", "read", "edit", "print"]}],
    },
    "flows/keep.json": {
        "name": "keep",
        "form": "swatch",
        "start": {"on": "created"},
        "nodes": [
            {"id": "start", "type": "start", "to": "remember"},
            {"id": "remember", "type": "remember", "field": "note", "word": "kept", "to": "end"},
            {"id": "end", "type": "end"},
        ],
    },
    "rules/mark.json": {
        "name": "mark",
        "form": "swatch",
        "phase": "before",
        "on": {"created": True},
        "actions": [{"stamp": {"field": "mark"}}],
    },
    "reports/many.json": {
        "name": "many",
        "type": "report",
        "form": "swatch",
        "measures": [{"name": "count", "expression": "COUNT()"}],
        "chart": {"type": "thermometer", "limit": 10},
    },
    "printing/card.json": {
        "name": "card",
        "form": "swatch",
        "body": [{"type": "keep", "body": [{"type": "callout", "text": "{{ SHOUT(title) }}"}]}],
    },
    "api/room.json": {"name": "room", "type": "chat", "url": "https://example.com/hook", "room": "colours"},
    "surveys/taste.json": {"name": "taste", "question": "Which colour?"},
    "seed/people.json": {"users": [{"login": "ada", "name": "Ada", "roles": ["member", "administrator"]}]},
}
"""An app that uses each of them."""
