"""Any commands in any order: a store in a file, one in memory and a plain model say the same throughout."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from msgspec.structs import replace

from roadlog.domain.commands import EnrolKey, RetireKey
from roadlog.domain.evolve import Fold
from roadlog.domain.initiative import InitiativeState
from roadlog.domain.ssh_keys import ED25519, PublicKey
from roadlog.projections import walk
from tests.conftest import Figure, Times
from tests.faults.counts import STEPS
from tests.faults.team import COUNTED, Team
from tests.faults.wishes import Wanted

LENGTH = 50
"""Steps of one story."""


def story(examples: int, *phases: Phase) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=LENGTH,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )


SHARDS = 2
pytestmark = pytest.mark.fuzz


@pytest.mark.parametrize("shard", range(SHARDS))
def test_two_stores_and_a_model_say_the_same(times: Times, figure: Figure, shard: int) -> None:
    COUNTED.clear()
    number = 0
    while COUNTED["steps"] < times(STEPS) // SHARDS:
        number += 1
        told = seed(1000 * shard + number)(Team)
        run_state_machine_as_test(told, settings=story(20, Phase.generate, Phase.shrink))
    figure(
        f"{COUNTED['steps']:,} steps: {COUNTED['done']:,} wishes done with {COUNTED['recorded']:,} records, "
        f"{COUNTED['refused']:,} refused, {COUNTED['repeated']:,} repeated, {COUNTED['read']:,} compared"
    )


def test_a_key_that_is_retired_is_kept_as_any_other_state() -> None:
    """A state that has the time of a record in it; few stories get so far by chance."""
    public = PublicKey(kind=ED25519, point=bytes([3]) * 32)
    team = Team()
    team.begin(workflow="open")
    for command in (
        EnrolKey(stakeholder="paula", public_key=public.text),
        RetireKey(stakeholder="paula", fingerprint=public.fingerprint),
    ):
        team.about_people(
            Wanted(commands=(command,), by="paula", because="because", hours_after=1, hours_ago=0)
        )
    assert [each.type for each in team.records[-2:]] == ["KeyEnrolled", "KeyRetired"]
    team.teardown()


def test_a_fold_that_forgets_is_found() -> None:
    """The control: projections without notes, also when built from zero, are not what the model says."""

    class Forgetful(Fold):
        def state(self) -> InitiativeState:
            return replace(super().state(), notes=())

    with patch.object(walk, "Fold", Forgetful), pytest.raises(AssertionError):
        run_state_machine_as_test(seed(1)(Team), settings=story(50, Phase.generate))
