"""The rule book of how an initiative comes onto the roadmap: problem first (rule 1), adoption, reframing."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from roadlog.domain.commands import (
    AdoptInitiative,
    DefineProblem,
    ReframeProblem,
)
from roadlog.domain.events import (
    InitiativeAdopted,
    InitiativeStopped,
    Outcome,
    ProblemDefined,
    ProblemReframed,
)
from roadlog.domain.problem_first import EXAMPLE
from tests.domain.history import FILMS, adopted, problem
from tests.domain.spec import NOW, START, given, with_policy

HURTS = "Customers wait 9 hours for an answer and one in five leaves."


def define(text: str = HURTS, *, allow_solution: bool = False) -> DefineProblem:
    return DefineProblem(title="Support load", problem=text, allow_solution=allow_solution)


def defined(text: str = HURTS, *, owner: str | None = None, words: tuple[str, ...] = ()) -> ProblemDefined:
    return ProblemDefined(
        key="SUP-1",
        title="Support load",
        problem=text,
        outcome=None,
        segments=(),
        approach=None,
        owner=owner,
        solution_words=words,
    )


# Rule 1: problem first


def test_rule_1_a_problem_in_words_that_name_no_technology_is_defined() -> None:
    given().when(define()).then(defined())


@pytest.mark.parametrize("text", ["", "  \n "])
def test_rule_1_define_needs_a_problem(text: str) -> None:
    given().when(define(text)).then_refused("malformed-problem")


def test_rule_1_define_needs_a_title_of_one_line() -> None:
    given().when(DefineProblem(title=" ", problem=HURTS)).then_refused("malformed-title")
    given().when(DefineProblem(title="Support\nload", problem=HURTS)).then_refused("malformed-title")


def test_rule_1_a_problem_that_proposes_a_technology_is_refused_with_words_example_and_way_out() -> None:
    refused = (
        given()
        .when(define("We want to use GPT-4 for support."))
        .then_refused("problem-first", saying=EXAMPLE)
    )
    assert refused.missing == ("--approach",)
    assert "“use GPT-4” proposes a technology" in refused.message
    assert refused.try_ == ("roadlog define TITLE --problem TEXT --approach 'use GPT-4'",)


def test_rule_1_a_title_that_proposes_a_technology_is_refused() -> None:
    given().when(DefineProblem(title="Build an LLM chatbot", problem=HURTS)).then_refused("problem-first")


def test_rule_1_a_mere_mention_passes() -> None:
    text = "Our bot's wrong answers cause refunds."
    given().when(define(text)).then(defined(text))


def test_rule_1_technology_belongs_in_the_approach() -> None:
    given().when(replace(define(), approach="Use GPT-4 to draft answers")).then(
        replace(defined(), approach="Use GPT-4 to draft answers")
    )


def test_rule_1_allow_solution_with_a_reason_records_the_words() -> None:
    text = "We want to use GPT-4 for support."
    (event,) = given().when(define(text, allow_solution=True), because="the board asks for it").events()
    assert isinstance(event, ProblemDefined)
    assert event == defined(text, words=event.solution_words)
    assert len(event.solution_words) == 1
    assert "GPT-4" in event.solution_words[0]


@pytest.mark.parametrize("reason", [None, "ok"])
def test_rule_1_allow_solution_needs_a_reason(reason: str | None) -> None:
    command = define("We want to use GPT-4 for support.", allow_solution=True)
    refused = given().when(command, because=reason).then_refused("reason")
    assert refused.try_ == ("roadlog define TITLE --problem TEXT --allow-solution --because WHY",)


def test_rule_1_allow_solution_with_nothing_to_allow_needs_no_reason() -> None:
    given().when(define(allow_solution=True)).then(defined())


def test_rule_1_the_policy_may_switch_it_off() -> None:
    text = "We want to use GPT-4 for support."
    given(workflow=with_policy(problem_first=False)).when(define(text)).then(defined(text))


def test_rule_1_metric_and_target_may_come_later_or_at_once() -> None:
    command = replace(
        define(),
        metric="tickets",
        unit="a week",
        target=-30,
        relative=True,
        by=date(2026, 12, 1),
        segments=("new", "old", "new"),
        owner="paula",
    )
    outcome = Outcome(
        metric="tickets", unit="a week", baseline=None, target=-30, relative=True, by=date(2026, 12, 1)
    )
    given().when(command).then(replace(defined(owner="paula"), outcome=outcome, segments=("new", "old")))


@pytest.mark.parametrize(
    "command",
    [
        replace(define(), target=600),
        replace(define(), baseline=0),
        replace(define(), unit="a week"),
        replace(define(), by=date(2026, 12, 1)),
    ],
)
def test_a_target_without_a_metric_cannot_be(command: DefineProblem) -> None:
    given().when(command).then_refused("metric")


def test_a_relative_target_without_its_number_cannot_be() -> None:
    given().when(replace(define(), metric="tickets", relative=True)).then_refused("target")


def test_a_problem_is_defined_once_then_reframed() -> None:
    refused = given(problem()).when(define()).then_refused("defined")
    assert refused.try_ == ("roadlog reframe SUP-1 --problem TEXT --because WHY",)


def test_an_adopted_initiative_gets_its_problem_and_keeps_its_owner() -> None:
    given(replace(adopted("training"), owner="dan")).when(define()).then(defined(owner="dan"))
    given(replace(adopted("training"), owner="dan")).when(replace(define(), owner="erin")).then(
        defined(owner="erin")
    )


def test_an_adopted_initiative_s_problem_comes_first_too() -> None:
    refused = (
        given(adopted("training"))
        .when(define("We want to use GPT-4 for support."))
        .then_refused("problem-first")
    )
    assert refused.try_[0].startswith("roadlog define TITLE --problem TEXT --for SUP-1 --approach ")


def test_the_owner_of_a_problem_is_an_enrolled_stakeholder() -> None:
    given().when(replace(define(), owner="paula")).then(defined(owner="paula"))
    given().when(replace(define(), owner="pauls")).then_refused("unknown-stakeholder")


# Adoption


def adopt(milestone: str, since: datetime = START) -> AdoptInitiative:
    return AdoptInitiative(title="Support load", milestone=milestone, since=since)


def test_work_under_way_is_adopted_in_its_milestone_and_first_cycle() -> None:
    given().when(adopt("training")).then(adopted("training"))


def test_work_adopted_before_the_start_is_in_no_cycle_yet() -> None:
    given(workflow=FILMS).when(adopt("idea")).then(adopted("idea", cycle=0))


def test_an_adoption_names_a_milestone_of_the_workflow() -> None:
    given().when(adopt("trainig")).then_refused("unknown-milestone", saying="Did you mean training?")


def test_an_adoption_is_since_the_past_or_now() -> None:
    given().when(adopt("training", NOW)).then(replace(adopted("training"), since=NOW))
    given().when(adopt("training", NOW + timedelta(seconds=1))).then_refused("future")


def test_an_adoption_names_an_enrolled_owner() -> None:
    given().when(replace(adopt("training"), owner="dan")).then(replace(adopted("training"), owner="dan"))
    given().when(replace(adopt("training"), owner="nobody")).then_refused("unknown-stakeholder")


def test_what_is_on_the_roadmap_is_not_adopted_again() -> None:
    given(problem()).when(adopt("training")).then_refused("exists")


def test_adopted_work_may_name_its_technology() -> None:
    command = replace(adopt("training"), title="Build an LLM chatbot")
    (event,) = given().when(command).events()
    assert isinstance(event, InitiativeAdopted)
    assert event.title == "Build an LLM chatbot"


# Reframing


def reframed(
    *,
    title: str | None = None,
    problem: str | None = None,
    segments: tuple[str, ...] | None = None,
    approach: str | None = None,
) -> ProblemReframed:
    return ProblemReframed(
        title=title, problem=problem, segments=segments, approach=approach, solution_words=()
    )


def test_a_reframing_records_only_what_changes() -> None:
    given(defined()).when(
        ReframeProblem(title="Support load", problem="Customers wait.", segments=()), because="learned more"
    ).then(reframed(problem="Customers wait."))
    given(defined()).when(
        ReframeProblem(title="Waiting", segments=("new", "new"), approach="Draft answers"),
        because="learned more",
    ).then(reframed(title="Waiting", segments=("new",), approach="Draft answers"))


def test_a_reframing_that_changes_nothing_records_nothing() -> None:
    given(defined()).when(ReframeProblem(problem=HURTS)).then()
    given(defined()).when(ReframeProblem()).then()


def test_a_reframing_needs_a_reason() -> None:
    refused = given(defined()).when(ReframeProblem(title="Waiting")).then_refused("reason")
    assert refused.missing == ("reason",)


def test_rule_1_a_reframing_is_read_for_technology_too() -> None:
    command = ReframeProblem(problem="We want to use GPT-4 for support.")
    refused = given(defined()).when(command, because="learned more").then_refused("problem-first")
    assert refused.try_[0].startswith("roadlog reframe SUP-1 --problem TEXT --approach ")
    allowed = replace(command, allow_solution=True)
    (event,) = given(defined()).when(allowed, because="the board asks for it").events()
    assert isinstance(event, ProblemReframed)
    assert event.solution_words == ("use GPT-4",)


def test_rule_1_what_a_reframing_leaves_alone_is_not_read_again() -> None:
    allowed = defined("We want to use GPT-4 for support.", words=("use GPT-4",))
    given(allowed).when(ReframeProblem(title="Waiting"), because="learned more").then(
        reframed(title="Waiting")
    )


def test_without_a_problem_there_is_nothing_to_reframe() -> None:
    refused = given(adopted("training")).when(ReframeProblem(title="Waiting"), because="learned more")
    assert refused.then_refused("problem").try_ == (
        "roadlog define 'Support load' --problem TEXT --for SUP-1",
    )


def test_rule_4_what_is_learned_of_stopped_work_is_recorded() -> None:
    given(defined(), InitiativeStopped()).when(ReframeProblem(title="Waiting"), because="learned more").then(
        reframed(title="Waiting")
    )
