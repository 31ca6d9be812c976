"""What an answer of people does to the seats of a token, and where the token goes because of it."""

from __future__ import annotations

from collections.abc import Iterable

from lowcode.flows.nodes.asking.votes import ADVISERS, KEPT, Decision, Seat, verdict
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.run.answers import Added, Handed, Reclaimed, SentBack
from lowcode.flows.run.board import Refused, Token, Visit, out_of_same_split
from lowcode.flows.run.changed import replace
from lowcode.flows.run.effects import Closed, Opened, Passed, Turned, Undone
from lowcode.flows.run.seating import Seats, arranged, below, find, next_number, sits, with_seat
from lowcode.flows.run.table import Impossible, Table


def seat(table: Table, token: Token, seats: Seats) -> None:
    """People are asked. Seats that a policy decided beforehand count at once."""
    voting = table.plan.nodes[token.node].voting
    resting = replace(token, state="resting", seats=arranged(seats, voting))
    table.tokens[token.number] = resting
    for each in resting.seats:
        table.effects.append(Opened(token.number, token.node, each))
    if seats:
        settle(table, resting)


def change(table: Table, token: Token, seats: Seats) -> None:
    """Other seats than before: whoever may answer now is told, and the token goes on when enough has been said."""
    voting = table.plan.nodes[token.node].voting
    new = arranged(seats, voting, token.claimed)
    before = {each.number: each for each in token.seats}
    changed = replace(token, seats=new)
    table.tokens[token.number] = changed
    turned = []
    for each in new:
        old = before.get(each.number)
        if old is None:
            table.effects.append(Opened(token.number, token.node, each))
        elif old.pending and each.pending and old.state != each.state:
            turned.append(Turned(token.number, token.node, each))
    if not settle(table, changed):
        table.effects.extend(turned)


def settle(table: Table, token: Token) -> bool:
    """Go on when enough has been said; whether it did."""
    node = table.plan.nodes[token.node]
    said = verdict(token.seats, node.voting) if node.voting else None
    if said is None:
        return False
    assert node.voting is not None
    yes = frozenset(e.person for e in token.seats if e.decision == "approve" and e.role not in ADVISERS)
    if said == "reject":  # whoever agreed before has to look again after a rejection
        token = replace(token, agreed=frozenset())
        table.state = replace(table.state, agreed=frozenset())
    elif said == "approve":
        token = replace(token, agreed=yes)
        table.state = replace(table.state, agreed=table.state.agreed | yes)
    table.tokens[token.number] = token
    table.leave(token, node.voting.exits[said])
    return True


def open_seat(token: Token, number: int) -> Seat:
    """The seat, which has to be open."""
    found = find(token.seats, number)
    if found is None or found.state != "open":
        raise Impossible("flows.stale")
    return found


def decide(table: Table, token: Token, number: int, decision: Decision, reason: str) -> None:
    """One seat says yes or no, or gives its advice."""
    voting = table.plan.nodes[token.node].voting
    found = open_seat(token, number)
    if voting is None or (decision not in voting.decisions and found.role not in ADVISERS):
        raise Impossible("flows.not-a-decision-here")
    decided = replace(found, state="done", decision=decision, reason=reason)
    table.effects.append(Closed(token.number, token.node, decided))
    change(table, token, with_seat(token.seats, decided))


def hand(table: Table, token: Token, answer: Handed) -> None:
    """The seat is another person's from now on, in the same place of the order."""
    found = find(token.seats, answer.seat)
    if found is None or not found.pending:
        raise Impossible("flows.stale")
    if sits((each for each in token.seats if each.pending), answer.person):
        raise Impossible("flows.asked-already", answer.person)
    left = replace(found, state="cancelled", reason=answer.reason)
    number = next_number(token.seats)
    came = replace(found, number=number, person=answer.person, reason="")
    table.effects.append(Closed(token.number, token.node, left))
    seats: list[Seat] = []
    for each in token.seats:
        if each.number == found.number:
            seats.extend((left, came))
        else:
            seats.append(replace(each, of=number) if each.of == found.number else each)
    claimed = tuple(number if each == found.number else each for each in token.claimed)
    change(table, replace(token, claimed=claimed), tuple(seats))


def add(table: Table, token: Token, answer: Added) -> None:
    """More seats; nobody sits twice. Who has given an opinion may be asked for another, or to decide."""
    asking = find(token.seats, answer.seat)
    if asking is None or not asking.pending:
        raise Impossible("flows.stale")
    seats = token.seats
    for person in answer.people:
        advising = answer.role in ADVISERS
        if sits((each for each in seats if each.pending or not (advising or each.role in ADVISERS)), person):
            raise Impossible("flows.asked-already", person)
        number = next_number(seats)
        seats = (*seats, Seat(number, person, group=asking.group, role=answer.role, of=asking.number))
    change(table, token, seats)


def remove(table: Table, token: Token, number: int) -> None:
    """A seat that has not answered goes, with those it asked for; somebody has to be left who decides."""
    found = find(token.seats, number)
    if found is None or not found.pending:
        raise Impossible("flows.stale")
    voters = [each for each in token.seats if each.role == "voter" and each.state != "cancelled"]
    if found.role == "voter" and len(voters) < 2:
        raise Impossible("flows.last-one")
    gone = {each.number for each in (found, *below(token.seats, number)) if each.pending}
    seats = tuple(
        replace(each, state="cancelled", reason="removed") if each.number in gone else each for each in token.seats
    )
    table.effects.extend(Closed(token.number, token.node, each) for each in seats if each.number in gone)
    change(table, token, seats)


def claim(table: Table, token: Token, number: int, kept: bool) -> None:
    """Take it for oneself, so that the others of the group wait; or give it back."""
    voting = table.plan.nodes[token.node].voting
    found = open_seat(token, number)
    if voting is None or not voting.claim or found.role != "voter" or (number in token.claimed) == kept:
        raise Impossible("flows.stale")
    claimed = (*token.claimed, number) if kept else tuple(each for each in token.claimed if each != number)
    change(table, replace(token, claimed=claimed), token.seats)


def undo(table: Table, token: Token, number: int) -> None:
    """An answer is taken back while the node waits; in order, nobody after it may have answered."""
    found = find(token.seats, number)
    if found is None or found.state != "done" or found.reason:
        raise Impossible("flows.stale")
    voting = table.plan.nodes[token.node].voting
    later = token.seats[token.seats.index(found) + 1 :]
    touched = [e for e in below(token.seats, number) if e.decision is not None and e.role == "after"]
    if voting is not None and voting.mode == "in_order":
        touched += [each for each in later if each.decision is not None and each.role == "voter"]
    if touched:
        raise Impossible("flows.touched-since")
    again = replace(found, state="open", decision=None)
    table.effects.append(Undone(token.number, token.node, again))
    change(table, token, with_seat(token.seats, again))


def go_back(table: Table, token: Token, to: str) -> Visit:
    """The visit a token goes back to; where that lies before a split, its other branches are taken away."""
    visit = next((each for each in token.trail if each.node == to), None)
    if visit is None and to == table.plan.entry:
        visit = Visit(to, 0)
    if visit is None:
        raise Impossible("flows.not-visited")
    if len(visit.scope) < len(token.scope):
        around = table.tokens[token.scope[len(visit.scope)]]
        table.drop([each for each in table.inside((*around.scope, around.number)) if each is not token])
        table.tokens.pop(token.number)
        table.drop([around])
        table.tokens[token.number] = token
    table.drop([o for o in list(table.tokens.values()) if o is not token and out_of_same_split(token, visit.branch, o)])
    return visit


def send_back(table: Table, token: Token, answer: SentBack) -> None:
    """One seat refuses, and the token goes back to a node it came through. Straight back to the refuser it comes only
    from inside the same branch: before a split the other branches have to be walked again too."""
    found = open_seat(token, answer.seat)
    decided = replace(found, state="done", decision="return")
    table.effects.append(Closed(token.number, token.node, decided))
    was, beside = replace(token, seats=(), claimed=(), refused=None), len(table.tokens)
    token = replace(token, seats=with_seat(token.seats, decided))
    table.tokens[token.number] = token
    visit = go_back(table, token, answer.to)
    refused = Refused(was, table.state.agreed, answer.version, took_others=len(table.tokens) < beside)
    table.close(token, token.seats)
    del table.tokens[token.number]
    table.effects.append(Passed(token.number, token.node, "return"))
    table.state = replace(table.state, agreed=frozenset())
    straight = answer.resume == "refuser" and (visit.branch, visit.scope) == (token.branch, token.scope)
    trail = before(token.trail, visit)
    came = replace(token, agreed=frozenset(), branch=visit.branch, scope=visit.scope, fired=(), refused=refused)
    like = replace(came, trail=trail, again=True, written=False, last=0)
    table.put(answer.to, "", replace(like, back=token.node if straight else ""))


def before(trail: tuple[Visit, ...], visit: Visit) -> tuple[Visit, ...]:
    """A trail up to one of its visits."""
    return trail[: trail.index(visit)] if visit in trail else ()


def jump(table: Table, token: Token, to: str, alone: bool) -> None:
    """A token is put elsewhere; back on its trail it is as after a refusal, otherwise it stays in its branch."""
    if to not in table.plan.nodes:
        raise Impossible("flows.unknown-exit")
    around = table.plan.around(to)
    if tuple(table.tokens[each].node for each in token.scope)[: len(around)] != around:
        raise Impossible("flows.not-into-scope")
    outer = token.scope[: len(around)]
    like = replace(token, agreed=frozenset(), back="", written=False, last=0, scope=outer, fired=(), refused=None)
    if outer != token.scope:
        inner = table.tokens[token.scope[len(outer)]]
        table.tokens.pop(token.number)
        table.drop([inner])
        token = replace(token, scope=outer)
        table.tokens[token.number] = token
    if alone:
        table.drop([e for e in list(table.tokens.values()) if e is not token and e.number not in outer])
        like = replace(like, branch=(), trail=tuple(each for each in token.trail if not each.branch))
    elif any(each.node == to for each in token.trail) or to == table.plan.entry:
        visit = go_back(table, token, to)
        like = replace(like, branch=visit.branch, trail=before(token.trail, visit))
    table.close(token, token.seats)
    table.drop(table.inside((*token.scope, token.number)))
    del table.tokens[token.number]
    table.effects.append(Passed(token.number, token.node, "jump"))
    table.put(to, "", replace(like, again=to == table.plan.entry))


def reclaim(table: Table, answer: Reclaimed) -> None:
    """What followed from a visit goes, as long as nobody has touched any of it, and the visit is as it was."""
    sent = sent_back_from(table.tokens.values(), answer.visit)
    if sent is not None:
        _take_refusal_back(table, sent, answer.seats)
        return
    after = [t for t in table.tokens.values() if any(visit.token == answer.visit for visit in t.trail)]
    if not after or any(_touched(token, answer.visit) for token in after):
        raise Impossible("flows.touched-since")
    if any(token.written for token in after):
        raise Impossible("flows.written-since")
    first = after[0]
    visit = next(each for each in first.trail if each.token == answer.visit)
    table.drop(after)
    gone = frozenset(each.person for each in answer.seats)
    table.state = replace(table.state, agreed=table.state.agreed - gone)
    number = table.new_number()
    past = before(first.trail, visit)
    like = Token(number, visit.node, "", branch=visit.branch, scope=visit.scope, trail=past)
    seat(table, like, answer.seats)


def sent_back_from(tokens: Iterable[Token], number: int) -> Token | None:
    """The token that a refusal sent back, by the number it had where it was refused; while it stands there."""
    return next((each for each in tokens if each.refused is not None and each.refused.token.number == number), None)


def _take_refusal_back(table: Table, sent: Token, seats: Seats) -> None:
    """What was sent back stands again where it was refused."""
    assert sent.refused is not None
    if sent.refused.took_others:
        raise Impossible("flows.took-others")
    if answered(sent):
        raise Impossible("flows.touched-since")
    table.drop([sent])
    table.state = replace(table.state, agreed=sent.refused.agreed)
    seat(table, replace(sent.refused.token, number=table.new_number()), seats)


def _touched(token: Token, visit: int) -> bool:
    return token.last != visit or answered(token)


def answered(token: Token) -> bool:
    """Whether anybody asked there has answered, now or before another took theirs back."""
    return any(each.state == "done" and each.reason in ("", KEPT) for each in token.seats)


def people_of(seats: Iterable[Seat]) -> list[int]:
    """The people who may answer now."""
    return [each.person for each in seats if each.state == "open"]


def targets(plan: FlowPlan, node: Node, token: Token) -> dict[str, str]:
    """Where a token may be sent back to from a node: the words of its `returns`, and the node each stands for."""
    trail = [visit.node for visit in token.trail if visit.node != node.id]
    found: dict[str, str] = {}
    for word in node.returns:
        if word == "starter":
            found[plan.entry] = plan.entry
        elif word == "previous":
            found.update({each: each for each in trail[-1:]})
        elif word == "any":
            found.update({each: each for each in trail})
        elif word in trail:
            found[word] = word
    if "previous" in node.returns and not trail:
        found[plan.entry] = plan.entry
    return found
