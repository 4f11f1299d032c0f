"""Cycle, iteration and visit numbers keep their promises on any walk; the cases are in `test_moves`."""

from hypothesis import given as for_all
from hypothesis import strategies as st

from roadlog.domain.decisions.numbering import numbers_after
from roadlog.domain.events import Event
from roadlog.domain.evolve import fold
from roadlog.domain.initiative import InitiativeState
from tests.domain.history import FILMS, advanced, returned
from tests.domain.spec import initiative_records


@for_all(st.lists(st.sampled_from(FILMS.order), min_size=1, max_size=30))
def test_numbers_of_any_walk_keep_their_promises(walk: list[str]) -> None:
    """As the CSV import uses them: forward or backward by the workflow's order."""
    state, steps = InitiativeState(), list[Event]()
    for to in walk:
        backward = state.milestone is not None and FILMS.index(to) <= FILMS.index(state.milestone)
        numbers = numbers_after(state, FILMS, to, backward=backward)
        move = (
            returned(state.milestone or "", to, *numbers)
            if backward
            else advanced(state.milestone, to, *numbers)
        )
        before, state = state, fold(initiative_records([*steps, move]))
        steps.append(move)
        cycle, iteration, visit = numbers
        assert iteration == max(before.iteration, 1) + backward
        assert cycle - before.cycle in {0, 1}
        same = [each for each in before.visits if (each.milestone, each.cycle) == (to, cycle)]
        assert visit == len(same) + 1
    reached = [each.cycle for each in state.visits if FILMS.index(each.milestone) >= FILMS.index(FILMS.start)]
    assert 0 not in reached
    finishes = [each.cycle for each in state.visits if each.milestone in FILMS.finishing]
    finished_before = set(finishes) - {state.cycle}
    assert finished_before == set(range(1, state.cycle))
