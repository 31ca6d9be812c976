"""What encloses tokens and what is caught there: events on steps, handlers, errors, escalations, and undoing. Pure.

An error or an escalation goes outward from where it is thrown: at each scope its handlers are asked first, then the
events on the scope itself.
"""

from __future__ import annotations

from lowcode.flows.nodes.caught import Catch, What, caught_by
from lowcode.flows.plan import HOLDS, FlowPlan, flow_key
from lowcode.flows.run.answers import Thrown
from lowcode.flows.run.board import State, Token
from lowcode.flows.run.changed import replace
from lowcode.flows.run.effects import Began, Effect, Ended, Passed, Told
from lowcode.flows.run.table import Impossible, Table


def finish(table: Table) -> tuple[State, tuple[Effect, ...]]:
    """The state once everything moved that can. Tokens that wait at joins which can never be complete are stuck, not
    lost."""
    while _heard(table) or _closed(table) or (not _entering(table) and table.merge()):
        pass
    tokens = table.tokens.values()
    if tokens and all(token.state == "joining" or _only_holds(table, token) for token in tokens):
        for token in [each for each in tokens if each.state == "joining"]:
            table.stick(token, "flows.join-incomplete")
    if not tokens and not any(isinstance(effect, Ended) for effect in table.effects):
        table.effects.append(Ended(table.state.outcome or "ended"))
    return replace(table.state, tokens=tuple(tokens)), tuple(table.effects)


def _entering(table: Table) -> bool:
    return any(token.state == "entering" for token in table.tokens.values())


def _only_holds(table: Table, token: Token) -> bool:
    """Whether it waits for nothing but what goes on inside."""
    node = table.plan.nodes[token.node]
    return node.gate in HOLDS and not node.catches and not table.plan.handlers.get(node.id)


def _heard(table: Table) -> bool:
    """Look for who catches what an end has thrown; whether there was anything. An error nobody catches ends all."""
    if not table.thrown:
        return False
    scope, what, name = table.thrown.pop(0)
    if what == "signal":
        table.effects.append(Told("signal", name, ""))
    elif what == "escalation":
        _escalate(table, scope, name, "")
    elif not outward(table, scope, "error", name):
        table.state = replace(table.state, outcome=name)
        table.effects.append(Told("error", name, ""))
        table.drop(list(table.tokens.values()))
    return True


def _closed(table: Table) -> bool:
    """Go on from one scope, handler or throw inside which nothing goes on any more; whether there was one."""
    held = {number for token in table.tokens.values() for number in token.scope}
    for token in list(table.tokens.values()):
        node = table.plan.nodes[token.node]
        if node.gate not in HOLDS or token.state != "resting" or token.number in held:
            continue
        if token.undoing:
            table.tokens[token.number] = replace(token, undoing=token.undoing[1:])
            begin_handler(table, token.undoing[0], token, (*token.scope, token.number))
        elif node.gate == "handler":
            del table.tokens[token.number]
            table.effects.append(Passed(token.number, node.id, ""))
        else:
            table.leave(token, "to")
        return True
    return False


def begin(table: Table, token: Token) -> None:
    """A token rests on a scope, and another begins inside."""
    table.effects.append(Began(token.number, token.node))
    inside = (*token.scope, token.number)
    like = replace(token, scope=inside, back="", again=False, fired=(), undoing=())
    table.put(table.plan.entries[token.node], "", like)


def begin_handler(table: Table, handler: str, like: Token, scope: tuple[int, ...]) -> None:
    """A handler begins in a scope."""
    number = table.new_number()
    past = replace(like, number=number, node=handler, via="", seats=(), claimed=(), fired=(), undoing=())
    token = replace(past, state="resting", scope=scope, back="", again=False)
    table.tokens[number] = token
    table.effects.append(Passed(number, handler, "", arrived=True))
    begin(table, token)


def happen(table: Table, token: Token, exit: str) -> None:
    """An event on a step: the step is broken off, or another token goes on beside it, once while it lasts."""
    catch = next((each for each in table.plan.nodes[token.node].catches if each.exit == exit), None)
    if catch is None or exit in token.fired:
        raise Impossible("flows.stale")
    _open(table, token, catch)


def _open(table: Table, token: Token, catch: Catch) -> None:
    if catch.interrupts:
        table.leave(token, catch.exit)
        return
    node = table.plan.nodes[token.node]
    table.tokens[token.number] = replace(token, fired=(*token.fired, catch.exit))
    table.effects.append(Passed(token.number, node.id, catch.exit, beside=True))
    beside = replace(token, again=False, back="", fired=(), undoing=())
    table.put(node.exits[catch.exit], flow_key(node.id, catch.exit), beside)


def handle(table: Table, scope: int, handler: str) -> None:
    """What a handler waits for has happened. One that interrupts takes everything else of its scope away; none begins
    twice at a time, and none after one that interrupted."""
    node = table.plan.nodes[handler]
    around = table.tokens.get(scope)
    here: tuple[int, ...] = () if scope == 0 else () if around is None else (*around.scope, scope)
    if node.handles is None or (scope != 0 and around is None) or not active(table.plan, table.tokens, here, handler):
        raise Impossible("flows.stale")
    like = around or Token(0, "", "")
    if node.handles.interrupts:
        table.drop(table.inside(here))
    begin_handler(table, handler, like, here)


def active(plan: FlowPlan, tokens: dict[int, Token], scope: tuple[int, ...], handler: str) -> bool:
    """Whether a handler may begin in a scope."""
    beside = [plan.nodes[token.node] for token in tokens.values() if token.scope == scope]
    handling = [each for each in beside if each.handles is not None and each.handles.what != "undoes"]
    return not any(each.id == handler or (each.handles is not None and each.handles.interrupts) for each in handling)


def fail(table: Table, token: Token, code: str) -> bool:
    """A step could not be taken: whether that is caught, on the step or around it."""
    catch = caught_by(table.plan.nodes[token.node].catches, "error", code)
    if catch is not None:
        table.leave(token, catch.exit)
        return True
    return outward(table, token.scope, "error", code)


def outward(table: Table, scope: tuple[int, ...], what: What, name: str) -> bool:
    """Look for who catches an error or an escalation, from the scope it was thrown in outward; whether anybody did."""
    while True:
        around = table.tokens[scope[-1]] if scope else None
        inside = table.plan.nodes[around.node].id if around is not None else ""
        for handler in table.plan.handlers.get(inside, ()):
            assert handler.handles is not None
            if handler.handles.catches(what, name) and active(table.plan, table.tokens, scope, handler.id):
                handle(table, scope[-1] if scope else 0, handler.id)
                return True
        if around is None:
            return False
        catch = caught_by(table.plan.nodes[around.node].catches, what, name)
        if catch is not None and catch.exit not in around.fired:
            _open(table, around, catch)
            return True
        scope = around.scope


def throw(table: Table, token: Token, thrown: Thrown) -> None:
    """A step makes something happen, and goes on; undoing it waits for."""
    match thrown.what:
        case "signal" | "message":
            table.effects.append(Told(thrown.what, thrown.name, token.node))
            table.leave(token, "to")
        case "escalation":
            _escalate(table, token.scope, thrown.name, token.node)
            if token.number in table.tokens:  # who caught it may have taken this token away
                table.leave(table.tokens[token.number], "to")
        case "undo":
            undo(table, token, thrown.name)


def escalate(table: Table, token: Token, name: str) -> None:
    """An escalation comes out of the flow that a token waits for: caught on its step, or around it."""
    catch = caught_by(table.plan.nodes[token.node].catches, "escalation", name)
    if catch is None:
        _escalate(table, token.scope, name, token.node)
    elif catch.exit not in token.fired:
        _open(table, token, catch)


def err(table: Table, token: Token, name: str) -> None:
    """An error comes out of the flow that a token waits for: caught on its step, or around it. Where nobody catches it
    here either, the step goes on by `rejected`; without that exit it cannot go on."""
    if fail(table, token, name):
        return
    if "rejected" in table.plan.nodes[token.node].exits:
        table.leave(token, "rejected")
    else:
        table.stick(token, "flows.called-erred")


def _escalate(table: Table, scope: tuple[int, ...], name: str, node: str) -> None:
    """What nobody catches in the flow goes to the one that waits for it."""
    if not outward(table, scope, "escalation", name):
        table.effects.append(Told("escalation", name, node))


def undo(table: Table, token: Token, name: str) -> None:
    """The handlers of what was done in this scope, the last first; each is undone once."""
    inside = [
        each for each in table.state.done if each.scope[: len(token.scope)] == token.scope and name in ("*", each.node)
    ]
    table.state = replace(table.state, done=tuple(each for each in table.state.done if each not in inside))
    handlers = tuple(table.plan.undone_by[each.node] for each in reversed(inside))
    table.tokens[token.number] = replace(token, state="resting", undoing=handlers)
    if handlers:
        table.effects.append(Passed(token.number, token.node, "", arrived=True))
