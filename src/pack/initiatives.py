"""The report's part on each initiative: its problem, its intended purpose, and what guards its users."""

from typing import Any

from roadlog.domain.moments import rfc3339
from roadlog.markup import Content, Html, element, together
from roadlog.pack.parts import definitions, time
from roadlog.pack.told import Told


def initiatives(told: Told) -> Html:
    """Each initiative of the scope, as it stood."""
    return together([_initiative(page, told) for page in told.pages.values()])


def _initiative(page: dict[str, Any], told: Told) -> Html:
    said = page["classification"] or {}
    expected = page["expectation"]
    return element(
        "section",
        element("h3", f"{page['key']}: {page['title']}"),
        definitions(
            (
                ("Problem", page["problem"]),
                ("For whom", _each(page["segments"])),
                ("Approach", page["approach"]),
                ("Outcomes", _each([_outcome(each) for each in page["outcomes"]])),
                ("Intended purpose", said.get("purpose")),
                ("Who is affected", said.get("affected")),
                ("Risk class", said.get("risk_class")),
                ("Our role", said.get("our_role")),
                ("Basis", said.get("basis")),
                ("Expected", expected and _expected(expected)),
                ("Stands", _stands(page)),
                ("Owner", page["owner"]),
                ("Fallback", _fallback(page["fallback"])),
                ("Notice to users", _notice(page["notice"])),
                ("Monitor", _monitor(page["monitor"])),
                (
                    "Not evidenced here",
                    _each(page["not_evidenced"]) or "nothing: all gates were passed on record",
                ),
                ("Began", time(began) if (began := page["defined_at"] or page["adopted_since"]) else None),
                ("Judged as of", time(rfc3339(told.scope.moment.as_of))),
            )
        ),
    )


def _each(texts: list[str]) -> str:
    return "\n".join(texts)


def _outcome(each: dict[str, Any]) -> str:
    target = f"{each['target']}{' %' if each['relative'] else ''}" if each["target"] is not None else "none"
    latest = "not measured" if each["latest"] is None else f"last measured {each['latest']:,}"
    by = f" by {each['by']}" if each["by"] else ""
    metric = f"{each['metric']} ({each['unit'] or 'no unit'})"
    return f"{metric}: baseline {each['baseline']}, target {target}{by}; {latest}"


def _expected(each: dict[str, Any]) -> str:
    told = ", ".join(each["told"]) or "nobody"
    outcome = (
        f", outcome {each['outcome_from']} to {each['outcome_to']}"
        if each["outcome_from"] is not None
        else ""
    )
    return f"{each['iterations_from']} to {each['iterations_to']} iterations{outcome}; told: {told}"


def _stands(page: dict[str, Any]) -> str:
    where = page["milestone"] or "the backlog"
    rollout = "" if page["rollout"] is None else f", rolled out to {page['rollout']} % of users"
    return f"{page['status']}, in {where}, cycle {page['cycle']}, iteration {page['iteration']}{rollout}"


def _fallback(each: dict[str, Any] | None) -> Content:
    if each is None:
        return None
    tests = [f"{'passed' if test['passed'] else 'failed'} {time(test['at'])}" for test in each["tests"]]
    tried = f"Tested: {', '.join(tests)}" if tests else "Never tested"
    return f"{each['description']} ({each['kind']})\nWhen: {each['trigger']}\n{tried}"


def _notice(each: dict[str, Any] | None) -> Content:
    return each and f"“{each['text']}”\nWhere: {each['placement']}"


def _monitor(each: dict[str, Any] | None) -> Content:
    return each and f"{each['signal']}\nWhere: {each['where']}\nBy: {each['owner']}"
