"""The parts of an initiative in words: where it stands, its plan, its votes, risks, criteria, safeguards."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from roadlog import words
from roadlog.told.facts import Fact
from roadlog.words import day, days, number

SIGNS = {"approved": "✓", "rejected": "✗", "abstained": "–"}


def purpose(classified: dict[str, Any]) -> Iterator[Fact]:
    """What it is for, of which risk class, whom it affects, and why it is classified so."""
    yield Fact(classified["purpose"])
    yield Fact(f"{classified['risk_class']} risk")
    yield Fact(f"affects {classified['affected']}")
    yield Fact(f"basis: {classified['basis']}", "dim")


def since(answer: dict[str, Any], zone: tzinfo) -> Iterator[Fact]:
    """In which cycle, since when, how old, and how many have it."""
    if answer["cycle"] > 1:
        yield Fact(f"cycle {answer['cycle']}")
    if answer["since"]:
        yield Fact(f"since {day(answer['since'], zone)}")
    if answer["age"] is not None:
        yield Fact(f"age {days(answer['age'])}")
    if answer["rollout"] is not None:
        yield Fact(f"{number(answer['rollout'])} % of users have it")


def plan(answer: dict[str, Any], zone: tzinfo) -> Iterator[Fact]:
    """Where it stands in the plan, who answers for it, and how it came onto the roadmap."""
    rank = f", rank {answer['rank']}" if answer["rank"] else ""
    yield Fact(f"{answer['horizon'] or 'not placed'}{rank}")
    yield Fact(f"owner {answer['owner']}") if answer["owner"] else Fact("nobody answers for it", "odd")
    if answer["dependencies"]:
        yield Fact(f"depends on {words.several(answer['dependencies'])}")
    if answer["defined_at"]:
        yield Fact(f"defined {day(answer['defined_at'], zone)}")
    if answer["adopted_since"]:
        yield Fact(f"adopted, under way since {day(answer['adopted_since'], zone)}")
    if answer["origin"]:
        yield Fact(_origin(answer["origin"], answer["title"]))


def _origin(origin: dict[str, str], title: str) -> str:
    """`from jira DEMO-4`, and what it was called there where it is called otherwise here."""
    line, _, _ = origin["line"].partition("/")
    place = f"line {line}" if line.isdigit() else line
    called = f", “{origin['title']}”" if origin["title"] != title else ""
    return f"from {origin['format']} {place}{called}"


def held_up(answer: dict[str, Any], zone: tzinfo) -> Iterator[tuple[str, list[Fact]]]:
    """`Paused` and since when and why, for what holds it up and has not ended."""
    if answer["blocked_by"]:
        yield "Blocked by", [Fact(answer["blocked_by"], "bad")]
    for each in answer["spans"]:
        if each["to_at"] is None and each["kind"] in ("paused", "stopped"):
            because = [Fact(each["reason"])] if each["reason"] else []
            yield each["kind"].capitalize(), [Fact(f"since {day(each['from_at'], zone)}"), *because]


def waiver(each: dict[str, Any], zone: tzinfo) -> str:
    """`notice of experimentation until 2026-07-10 (erik: the reason)`."""
    until = day(each["until"], zone)
    state = f"until {until}" if each["in_force"] else f"lapsed {until}"
    gate = each["milestone"] or "backlog"
    return f"{each['requirement']} of {gate} {state} ({each['by']}: {each['reason']})"


def broken_glass(each: dict[str, Any]) -> Fact:
    """`#40 by erin at training: not reviewed yet`."""
    reviewed = {None: "not reviewed yet", True: "upheld", False: "not upheld"}[each["upheld"]]
    return Fact(f"#{each['move']} by {each['by']} at {each['milestone']}: {reviewed}", "bad")


def iteration_began(visit: dict[str, Any]) -> str:
    """`↩ rework`, where a visit began by a backward move."""
    return f"↩ {visit['loop'] or 'back'}" if visit["began"] == "backward" else ""


def stay(visit: dict[str, Any]) -> str:
    """`35.0 d`, or `70.2 d so far`."""
    return f"{days(visit['seconds'])}{'' if visit['left_at'] else ' so far'}"


def lessons(visit: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What was learned, and what will be different."""
    for name, text in (("learned", visit["learned"]), ("will change", visit["change"])):
        if text:
            yield name, text


def vote(each: dict[str, Any], milestone: str | None) -> Iterator[Fact]:
    """`✓ approved`, its conditions and its words; whether the gate of the present milestone rests on it."""
    here = each["milestone"] == milestone
    yield Fact(f"{SIGNS[each['decision']]} {each['decision']}", _vote_tone(each["decision"], here=here))
    for condition in each["conditions"]:
        due = f" by {condition['due']}" if condition["due"] else ""
        met = ", met" if condition["met_by"] is not None else ""
        yield Fact(f"on {condition['id']}: {condition['text']}{due}{met}")
    if each["reason"] or each["statement"]:
        yield Fact(f"“{each['reason'] or each['statement']}”")
    if here and each["why_not"]:
        yield Fact(f"does not count: {each['why_not']}", "odd")
    elif not here and each["decision"] == "approved" and not each["counted"]:
        yield Fact(each["why_not"], "odd")


def _vote_tone(decision: str, *, here: bool) -> Any:
    return {"approved": "good", "rejected": "bad", "abstained": "dim"}[decision] if here else "plain"


def risk_state(risk: dict[str, Any], zone: tzinfo) -> Fact:
    """`accepted to 2027-03-05`, `mitigated`, `untreated`, `closed`"""
    accepted = risk["accepted"]
    if not risk["open"]:
        return Fact("closed", "dim")
    if accepted and accepted["lapsed"]:
        return Fact(f"lapsed {day(accepted['until'], zone)}", "bad")
    if accepted:
        return Fact(f"accepted to {day(accepted['until'], zone)}", "odd")
    return Fact("mitigated", "good") if risk["treatment"] else Fact("untreated", "bad")


def risk_score(risk: dict[str, Any]) -> str:
    """`4 × 3 = 12`."""
    return f"{risk['likelihood']} × {risk['impact']} = {risk['score']}"


def threshold(criterion: dict[str, Any]) -> str:
    """`exact match >= 0.8`."""
    return f"{criterion['metric']} {criterion['operator']} {number(criterion['threshold'])}"


def criterion_result(criterion: dict[str, Any]) -> Iterator[Fact]:
    """For which segment; `✓ 0.85 [0.8–0.9], n = 240`; whether its threshold moved after a result."""
    result = criterion["result"]
    if criterion["segment"]:
        yield Fact(f"for {criterion['segment']}: ")
    if criterion["retired_by"] is not None:
        yield Fact("retired", "dim")
        return
    if result is None:
        yield Fact("none that counts yet", "odd")
        return
    met = result["verdict"] == "met"
    sample = f", n = {number(result['sample'])}" if result["sample"] is not None else ""
    span = f" [{number(result['low'])}–{number(result['high'])}]" if result["low"] is not None else ""
    yield Fact("✓" if met else "✗", "good" if met else "bad")
    yield Fact(f" {number(result['value'])}{span}{sample}")
    if criterion["moved"]:
        yield Fact("; threshold moved after a result", "odd")


def fallback(each: dict[str, Any], zone: tzinfo) -> Iterator[Fact]:
    """What the user gets when the AI fails, when, and how its last test went."""
    yield Fact(f"{each['description']} ({each['kind']})")
    yield Fact(f"when {each['trigger']}")
    if each["tests"]:
        last = each["tests"][-1]
        when = day(last["at"], zone)
        yield Fact(f"✓ test of {when}", "good") if last["passed"] else Fact(f"✗ test of {when}", "bad")
    else:
        yield Fact("not tested yet", "odd")
    if each["active_since"]:
        yield Fact(f"! active since {day(each['active_since'], zone)}", "bad")


def notice(each: dict[str, Any]) -> str:
    """The words that tell the user, and where they stand."""
    return f"“{each['text']}” in {each['placement']}"


def monitor(each: dict[str, Any]) -> str:
    """What is watched, where, by whom."""
    return f"{each['signal']} in {each['where']}, by {each['owner']}"


def incident_state(each: dict[str, Any], zone: tzinfo) -> Fact:
    """`open`, or when it was closed."""
    return Fact("open", "bad") if each["open"] else Fact(f"closed {day(each['closed_at'], zone)}", "dim")


def reported(incident: dict[str, Any], zone: tzinfo) -> str:
    """`reported to the regulator on 2026-03-01`; nothing where nobody was told."""
    told = [f"{each['to']} on {day(each['at'], zone)}" for each in incident["reported"]]
    return f"reported to {words.several(told)}" if told else ""


def review(each: dict[str, Any]) -> str:
    """`3 found in 200 of tickets`."""
    return f"{each['found']} found in {each['sample']} of {each['source']}"
