"""The catalogue of events, for those who read the log with other tools."""

from typing import Any

import click

from roadlog.cli.asking import answering


def _render(answer: Any) -> None:
    from roadlog.cli.views import event_types

    event_types.render(answer)


@answering(_render)
@click.option("--schema", is_flag=True, help="The stored bytes as JSON Schema (2020-12).")
def catalogue(schema: bool) -> Any:
    """Everything that happens to a roadmap is one of these. No other type is ever read.

    roadlog catalogue
    roadlog catalogue --schema > events.schema.json
    """
    from roadlog.projections.catalogue import catalogue as types
    from roadlog.projections.catalogue import json_schema

    return json_schema() if schema else types()
