"""Metrics: the key figures in the words of `roadlog metrics`, every chart, and what to know before."""

from typing import Any

from roadlog.charts.registry import METRICS
from roadlog.projections.zones import zone_of
from roadlog.told import cycles
from roadlog.told.metrics import doubts, figures
from roadlog.web.asked import Asked
from roadlog.web.blocks import parts
from roadlog.web.figures import FORECAST, figure
from roadlog.web.measuring import forecast, measured

CHOSEN = ("from", "to", "milestone", "role", "segment", "zone")


def metrics(asked: Asked) -> dict[str, Any]:
    """Of all initiatives that the address chooses, or of the one in it. Raises as `measured` does."""
    roadmap, states = asked.reading.states(asked.moment)
    key = asked.parts.get("key")
    if roadmap.workflow is None and key is None:
        return {"roadmap": asked.roadmap, "key": None, "answer": None}
    answer = measured(asked, key)
    chosen = {name: asked.query.get(name, "") for name in CHOSEN}
    told = {name: value for name, value in {**chosen, "key": key}.items() if value}
    drawn = [figure(asked, name, answer, told) for name in METRICS]
    if key is None:
        window = {name: value for name, value in told.items() if name in ("from", "to", "zone")}
        drawn.append(figure(asked, FORECAST, forecast(asked), window))
    return {
        "roadmap": asked.roadmap,
        "key": key,
        "title": states[key].title if key else None,
        "answer": answer,
        "chosen": chosen,
        "is_chosen": any(chosen.values()),
        "milestones": roadmap.workflow.order if roadmap.workflow else (),
        "roles": roadmap.workflow.roles if roadmap.workflow else (),
        "segments": list(dict.fromkeys(name for state in states.values() for name in state.segments)),
        "figures": parts(figures(answer)),
        "doubts": parts(doubts(answer)),
        "cycles": parts(cycles.told(answer, zone_of(answer["zone"]))),
        "charts": drawn,
    }
