"""Risks: what may go wrong, its scores, what was done about it."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from roadlog.cli.arguments import HANDLE, KEY, RISK, ROLE, SCORE, NameType
from roadlog.cli.times import LATER
from roadlog.cli.writing import Commands, writing
from roadlog.domain.commands import AcceptRisk, AssessRisk, CloseRisk, LogRisk, MitigateRisk, ReopenRisk
from roadlog.domain.refusals import Unknown
from roadlog.domain.workflow import RISK_CATEGORIES

if TYPE_CHECKING:
    from roadlog.catalogues.ai_risks import RiskEntry

CATEGORY = NameType("category", lambda _, __: RISK_CATEGORIES)
LIKELIHOOD = click.option(
    "--likelihood", type=SCORE, required=True, metavar="1-5", help="From 1, rare, to 5, almost certain."
)
IMPACT = click.option(
    "--impact", type=SCORE, required=True, metavar="1-5", help="From 1, slight, to 5, severe."
)


@writing
@click.argument("key", type=KEY)
@click.argument("description", required=False)
@click.option("--category", type=CATEGORY, help=f"One of {', '.join(RISK_CATEGORIES)}.")
@LIKELIHOOD
@IMPACT
@click.option("--owner", type=HANDLE, help="Who looks after it.")
@click.option(
    "--from", "catalogue", metavar="ID", help="Take description and category from `risk catalogue`."
)
def risk_log(
    key: str,
    description: str | None,
    category: str | None,
    likelihood: int,
    impact: int,
    owner: str | None,
    catalogue: str | None,
) -> Commands:
    """What --from fills in can be said otherwise. Training is not left before a hallucination and a bias risk
    are logged.

    roadlog risk log SUP-1 "Invents refund rules" --category hallucination \\
      --likelihood 4 --impact 4
    roadlog risk log SUP-1 --from output-bias --likelihood 3 --impact 4
    """
    if catalogue is not None:
        entry = _entry(catalogue)
        description, category = description or _first_sentence(entry.description), category or entry.category
    for name, value in (("DESCRIPTION", description), ("--category", category)):
        if value is None:
            raise click.MissingParameter(
                ctx=click.get_current_context(),
                param_hint=f"{name} (or --from)",
                param_type="argument" if name == "DESCRIPTION" else "option",
            )
    return LogRisk(
        stream=key,
        description=str(description),
        category=str(category),
        likelihood=likelihood,
        impact=impact,
        owner=owner,
        catalogue=catalogue,
    )


@writing
@click.argument("key", type=KEY)
@click.argument("risk", type=RISK)
@LIKELIHOOD
@IMPACT
def risk_assess(key: str, risk: str, likelihood: int, impact: int) -> Commands:
    """The score is likelihood times impact.

    roadlog risk assess SUP-1 R1 --likelihood 3 --impact 4
    """
    return AssessRisk(stream=key, risk=risk, likelihood=likelihood, impact=impact)


@writing
@click.argument("key", type=KEY)
@click.argument("risk", type=RISK)
@click.option("--treatment", required=True, metavar="TEXT", help="What was done.")
@LIKELIHOOD
@IMPACT
def risk_mitigate(key: str, risk: str, treatment: str, likelihood: int, impact: int) -> Commands:
    """The scores are those that remain.

    roadlog risk mitigate SUP-1 R1 \\
      --treatment "Answers cite the help page or hand over" --likelihood 2 \\
      --impact 3
    """
    return MitigateRisk(stream=key, risk=risk, treatment=treatment, likelihood=likelihood, impact=impact)


@writing
@click.argument("key", type=KEY)
@click.argument("risk", type=RISK)
@click.option("--until", type=LATER, required=True, metavar="DATE", help="When the acceptance lapses.")
@click.option("--role", type=ROLE, help="Accepted as; the first role you hold that may, unless given.")
def risk_accept(key: str, risk: str, until: datetime, role: str | None) -> Commands:
    """A reason is mandatory; so is the authority to accept risks.

    roadlog risk accept SUP-1 R2 --until 2026-09-01 \\
      --because "Pilot with 40 trained agents only"
    """
    return AcceptRisk(stream=key, risk=risk, until=until, role=role)


@writing
@click.argument("key", type=KEY)
@click.argument("risk", type=RISK)
def risk_close(key: str, risk: str) -> Commands:
    """A reason is mandatory.

    roadlog risk close SUP-1 R3 \\
      --because "The feature no longer reads attachments"
    """
    return CloseRisk(stream=key, risk=risk)


@writing
@click.argument("key", type=KEY)
@click.argument("risk", type=RISK)
def risk_reopen(key: str, risk: str) -> Commands:
    """A reason is mandatory.

    roadlog risk reopen SUP-1 R3 --because "Attachments are back"
    """
    return ReopenRisk(stream=key, risk=risk)


def _first_sentence(text: str) -> str:
    """What a risk says in short; the record keeps the catalogue's id, under which the rest stands."""
    return text.partition(". ")[0].rstrip(".") + "."


def _entry(given: str) -> "RiskEntry":
    """The catalogue's entry of that id. Raises Unknown with the nearest."""
    from roadlog.catalogues import ai_risks

    try:
        return ai_risks.get(given)
    except KeyError:
        near = ai_risks.nearest(given)
        raise Unknown(
            "unknown-catalogue-risk",
            f"The catalogue has no risk {given!r}.{f' Did you mean {near[0]}?' if near else ''}",
            missing=(given,),
            try_=("roadlog risk catalogue TEXT",),
        ) from None
