"""Which workflow comes into force: without faults, keeping what is in use, leaving somebody to enrol."""

from roadlog.domain.commands import AdoptWorkflow
from roadlog.domain.decisions.authority import must_stay_governable, require_role
from roadlog.domain.events import WorkflowAdopted
from roadlog.domain.refusals import Malformed, Refused
from roadlog.domain.situation import Events, Situation
from roadlog.domain.wording import listed
from roadlog.domain.workflow import Workflow


def adopt(situation: Situation, command: AdoptWorkflow) -> Events:
    """Another workflow comes into force; one that says the same is in force already."""
    require_role(situation, situation.policy.may_adopt_workflow, "adopt a workflow")
    workflow = sound(command.definition)
    if workflow == situation.workflow:
        return ()
    _must_be_told_apart(situation.workflow, workflow)
    _must_keep_milestones(situation, workflow)
    _must_be_held(situation, workflow)
    people = {each.handle: each for each in situation.roadmap.present()}
    must_stay_governable(situation, workflow.policy, people, f"Adopting {workflow.name} {workflow.version}")
    return (adopted(workflow),)


def _must_be_told_apart(present: Workflow, workflow: Workflow) -> None:
    """Refuse other content under the name and version in force: the trail could not tell them apart."""
    if (workflow.name, workflow.version) == (present.name, present.version):
        raise Refused(
            "workflow-version",
            f"{present.name} {present.version} is in force, and this file says something else under the same "
            f"name and version. Give it a name of its own, or version = {present.version + 1}.",
            missing=("version",),
            try_=("roadlog workflow show",),
        )


def _must_keep_milestones(situation: Situation, workflow: Workflow) -> None:
    """Refuse a workflow without a milestone that is in use; what is retired stands nowhere any more."""
    dropped: dict[str, list[str]] = {}
    for key, initiative in sorted(situation.others.items()):
        here = None if initiative.retired else initiative.milestone
        if here is not None and here not in workflow.order:
            dropped.setdefault(here, []).append(key)
    if dropped:
        uses = "; ".join(f"{milestone} (in use by {', '.join(keys)})" for milestone, keys in dropped.items())
        raise Refused(
            "milestone-in-use",
            f"{workflow.name} {workflow.version} drops {uses}. Keep it in the file, or move them first.",
            missing=tuple(dropped),
            try_=tuple(f"roadlog show {keys[0]}" for keys in dropped.values()),
        )


def _must_be_held(situation: Situation, workflow: Workflow) -> None:
    """Refuse to let only roles enrol that nobody can hold before the workflow is in force."""
    enrolling = workflow.policy.may_enrol
    new = [role for role in enrolling if role not in situation.workflow.roles]
    if new == list(enrolling) and not situation.roadmap.alone:
        raise Refused(
            "governance",
            f"{listed(enrolling)} may enrol in {workflow.name} {workflow.version}, and nobody can hold a "
            "role before it is in force. It takes two adoptions: adopt the file with may_enrol as it is now, "
            f"grant the role, then adopt it with may_enrol = {list(enrolling)}.",
            missing=tuple(f"role:{role}" for role in new),
            try_=("roadlog workflow show --toml",),
        )


def sound(content: dict[str, object]) -> Workflow:
    """A workflow without faults. Raises Malformed with all of them."""
    from roadlog.domain.workflow_file import from_definition
    from roadlog.domain.workflow_rules import faults

    workflow = from_definition(content)
    found = tuple(f"{fault.key}: {fault.message}" for fault in faults(workflow))
    if found:
        raise Malformed("workflow", "This workflow cannot be adopted:\n" + "\n".join(found), missing=found)
    return workflow


def adopted(workflow: Workflow) -> WorkflowAdopted:
    """The event that holds all of it."""
    from roadlog.domain.workflow_file import definition, digest_of

    content = definition(workflow)
    return WorkflowAdopted(
        name=workflow.name, version=workflow.version, digest=digest_of(content), definition=content
    )
