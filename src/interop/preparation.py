"""Before the first move: what the log's names mean, under which workflow, and who must be enrolled for it."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from roadlog.application import Application, Wish
from roadlog.domain.commands import AddStakeholder, AdoptWorkflow
from roadlog.domain.events import (
    InitiativeAdopted,
    MilestoneAdvanced,
    MilestoneReturned,
    StakeholderJoined,
    WorkflowAdopted,
)
from roadlog.domain.records import Actor, Record
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.roadmap import RoadmapState
from roadlog.domain.workflow import Workflow
from roadlog.domain.workflow_file import definition, digest_of
from roadlog.interop.gathering import Gathered
from roadlog.interop.inference import ends_moved, inferred
from roadlog.interop.mapping import Mapping, Person, handle_of, read_map


class Choices(Struct, frozen=True, kw_only=True):
    """What the person at the keyboard chose."""

    map_file: Path | None = None
    infer_workflow: bool = False
    start: str | None = None
    finish: str | None = None
    skip_bad: bool = False


class Prepared(Struct, frozen=True, kw_only=True):
    """What an import needs to know before it tells any move.

    meanings: the milestone of each activity; None for one that means none
    actors: who each name of the log is; `importer` stands for nobody named
    adopted: the workflow's record as it will be, None where it is in force already
    joining: by handle, the records of those who must be enrolled before they act
    unmeant: why each activity that means none does not
    warnings: what the workflow means for moves that are recorded already, and what the map names in vain
    """

    workflow: Workflow
    meanings: dict[str, str | None]
    actors: dict[str, Actor]
    importer: Actor
    adopted: Record | None
    joining: dict[str, Record]
    unmeant: dict[str, str]
    warnings: tuple[str, ...]


def check_actor(roadmap: RoadmapState, handle: str) -> None:
    """Every actor is a stakeholder (rule 10), also one who imports. Raises Refused."""
    if not any(each.handle == handle for each in roadmap.present()):
        raise Refused(
            "actor",
            f"{handle!r} is no stakeholder of {roadmap.key}. Act as somebody else, or be enrolled.",
            missing=(handle,),
            try_=("roadlog stakeholder list", f"roadlog stakeholder add {handle} --role ROLE --as OTHER"),
        )


def prepare(
    application: Application, roadmap: RoadmapState, gathered: Gathered, choices: Choices, wish: Wish
) -> Prepared:
    """Settles the workflow and the people. Raises Malformed; Refused for an actor who may not bring them."""
    workflow, mapping = _settled(roadmap, gathered, choices)
    meanings = {name: mapping.milestone(name, workflow) for name in gathered.activities}
    doers = gathered.doers(name for name, milestone in meanings.items() if milestone)
    names = mapping.people_of(doers, _earlier(application, gathered))
    people = _by_handle(names.values())
    adopted, joining = _rehearsed(application, roadmap, workflow, people, wish)
    actors = {name: _actor(people[person.handle], roadmap) for name, person in names.items()}
    moved = ends_moved(roadmap.workflow, workflow) if roadmap.workflow else None
    warnings = (moved, mapping.idle(gathered.activities, {name for name in gathered.actors if name}))
    return Prepared(
        workflow=workflow,
        meanings=meanings,
        actors=actors,
        importer=_actor(Person(handle=wish.actor), roadmap),
        adopted=adopted,
        joining=joining,
        unmeant=mapping.unmeant(gathered.activities, workflow),
        warnings=tuple(filter(None, warnings)),
    )


def _settled(roadmap: RoadmapState, gathered: Gathered, choices: Choices) -> tuple[Workflow, Mapping]:
    """The workflow that the moves are told in, and what the log's names mean."""
    if roadmap.workflow is None:
        raise Malformed("no-roadmap", "This store holds no roadmap yet.", try_=("roadlog init",))
    if (choices.start or choices.finish) and not choices.infer_workflow:
        raise Malformed("import", "--start and --finish belong to --infer-workflow.")
    mapping, systems = Mapping(systems=gathered.systems), gathered.systems
    if choices.map_file is not None:
        mapping = read_map(
            choices.map_file, roadmap.workflow, people_only=choices.infer_workflow, systems=systems
        )
    if not choices.infer_workflow or not gathered.activities:
        return roadmap.workflow, mapping
    order = gathered.by_appearance()
    called = gathered.form.activity
    made = inferred(order, roadmap.workflow, start=choices.start, finish=choices.finish, called=called)
    return made, mapping


def _earlier(application: Application, gathered: Gathered) -> dict[str, str]:
    """The handles under which names acted at earlier imports: who did what is recorded there did it still.

    Only a keyed format says so. Where a beginning named nobody then, its record is the importer's: it counts
    only where the handle begins as the name does.
    """
    form, found = gathered.form, dict[str, str]()
    if not form.keyed:
        return found
    done: dict[str, str] = {}
    for record in application.imported(form.name, InitiativeAdopted, MilestoneAdvanced, MilestoneReturned):
        done = done or _done(gathered)
        imported = record.body.source.imported
        name = done.get(imported.line) if imported else None
        if imported and name:
            begins = record.actor.id.startswith(handle_of(name.partition(" (")[0]))
            if begins or "/" in imported.line:
                found[name] = record.actor.id
    return found


def _done(gathered: Gathered) -> dict[str, str]:
    """Who did what, by its reference."""
    return {
        gathered.form.reference(gathered.cases[case], line): name
        for case, line, actor in gathered.sorter.doers()
        if (name := gathered.actors[actor])
    }


def _rehearsed(
    application: Application, roadmap: RoadmapState, workflow: Workflow, people: dict[str, Person], wish: Wish
) -> tuple[Record | None, dict[str, Record]]:
    """What adopting the workflow and enrolling the people would record: every rule is asked, nothing kept."""
    content = definition(workflow)
    commands: list[AdoptWorkflow | AddStakeholder] = [
        AddStakeholder(stakeholder=each.handle, roles=each.roles, kind=each.kind)
        for each in people.values()
        if each.handle not in roadmap.stakeholders
    ]
    if digest_of(content) != roadmap.workflow_digest:
        commands.insert(0, AdoptWorkflow(definition=content))
    rehearsal = Wish(actor=wish.actor, dry_run=True)
    records = application.execute(rehearsal, *commands).records if commands else ()
    adopted = next((each for each in records if isinstance(each.event, WorkflowAdopted)), None)
    joining = {each.event.stakeholder: each for each in records if isinstance(each.event, StakeholderJoined)}
    return adopted, joining


def _by_handle(people: Iterable[Person]) -> dict[str, Person]:
    """Each person once, with the roles of all their names."""
    found: dict[str, Person] = {}
    for person in people:
        there = found.setdefault(person.handle, person)
        roles = tuple(dict.fromkeys((*there.roles, *person.roles)))
        found[person.handle] = replace(there, roles=roles)
    return found


def _actor(person: Person, roadmap: RoadmapState) -> Actor:
    """Who acts: as the roadmap knows them, else as they are being enrolled."""
    there = roadmap.stakeholders.get(person.handle)
    known = person if there is None else there
    return Actor(id=person.handle, kind=known.kind, assurance="asserted", roles=known.roles)
