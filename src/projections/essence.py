"""The essence of a state: as much of it as the board looks at, now and after any records that may follow.

A property test holds one against the other: an essence and a state, after the same records, make the same
row, at every time. What no row looks at is left out; of what is replaced, only the latest stays.
"""

from collections.abc import Iterator
from operator import attrgetter

from msgspec.structs import replace

from roadlog.domain.initiative import InitiativeState, Result, Span, Visit, Vote


def essence(state: InitiativeState) -> InitiativeState:
    """A state that makes the same rows, at a fraction of the size."""
    fallback, classification = state.fallback, state.classification
    if fallback is not None:
        latest = sorted(fallback.tests, key=lambda each: (each.at, each.position))[-1:]
        fallback = replace(fallback, tests=tuple(latest))
    if classification is not None:
        classification = replace(classification, purpose="", affected="", basis="")
    since = state.visits[-1].entered_by if state.visits else 0
    return replace(
        state,
        version=0,
        position=0,
        notes=(),
        touched={},
        numbers={},
        relied=(),
        late=0,
        dependencies=(),
        origin=None,
        fallback=fallback,
        classification=classification,
        approvals=tuple(_votes(state)),
        requests=tuple(each for each in state.requests if each.position > since),
        waivers=tuple(replace(each, reason=None) for each in state.waivers),
        visits=tuple(_visits(state)),
        moves=(),
        residuals=(),
        consulted=(),
        spans=tuple(_spans(state)),
        results=tuple(_results(state)),
        outcomes={
            metric: replace(each, measurements=each.measurements[-1:])
            for metric, each in state.outcomes.items()
        },
        criteria={name: each for name, each in state.criteria.items() if each.retired_by is None},
        evidence={
            name: replace(each, by="", title="", uri=None, media_type=None, size=None)
            for name, each in state.evidence.items()
        },
        risks={
            name: replace(each, description="", owner=None, catalogue=None)
            for name, each in state.risks.items()
        },
        experiments={
            name: replace(each, hypothesis="", variants=(), summary=None, results=())
            for name, each in state.experiments.items()
        },
        edge_cases={
            name: replace(each, description="", source=None, risk=None)
            for name, each in state.edge_cases.items()
            if each.outcome is None
        },
        edge_case_reviews=tuple(each for each in state.edge_case_reviews if each.source and each.sample > 0)[
            :1
        ],
        incidents={
            name: replace(each, description="", case=None, reported=())
            for name, each in state.incidents.items()
            if each.closed_at is None
        },
    )


def _votes(state: InitiativeState) -> Iterator[Vote]:
    """Those that stand in this cycle, at any gate: work may come back to it."""
    cycle = state.cycle
    for each in state.approvals:
        if each.superseded_by is None and each.withdrawn_by is None and each.cycle == cycle:
            yield replace(each, shown={}, reason=None, statement=None, signature=None)


def _visits(state: InitiativeState) -> Iterator[Visit]:
    """The first, the first at work, the first forward, and the last; of this cycle the first of a milestone.

    And those that were begun by break-glass.
    """
    at_work = forward = False
    milestones: set[str] = set()
    last = len(state.visits) - 1
    for place, each in enumerate(state.visits):
        keep = place in (0, last) or each.entered_by in state.break_glass
        if each.cycle > 0 and not at_work:
            keep = at_work = True
        if each.began == "forward" and not forward:
            keep = forward = True
        if each.cycle == state.cycle and each.milestone not in milestones:
            milestones.add(each.milestone)
            keep = True
        if keep:
            yield each if each.loop is None else replace(each, loop=None, learned=None, change=None)


def _spans(state: InitiativeState) -> Iterator[Span]:
    """Of each kind the last begun, and the pause or stop that ended last."""
    if not state.spans:
        return
    last = {each.kind: place for place, each in enumerate(state.spans)}
    ended = [
        (each.to_at, place)
        for place, each in enumerate(state.spans)
        if each.to_at is not None and each.kind != "blocked"
    ]
    for place in sorted({*last.values(), *(place for _, place in sorted(ended)[-1:])}):
        yield replace(state.spans[place], by=None, reason=None)


def _results(state: InitiativeState) -> Iterator[Result]:
    """Of each criterion that is not retired the one that counts."""
    found: dict[str, Result] = {}
    for each in state.results:  # in the order of their times
        criterion = state.criteria.get(each.criterion)
        if criterion and criterion.retired_by is None and each.position > criterion.position:
            before = found.get(each.criterion)
            if before is None or (before.at, before.position) < (each.at, each.position):
                found[each.criterion] = each
    return iter(sorted(found.values(), key=attrgetter("at")))
