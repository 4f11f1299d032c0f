"""The tables of an export: what CSV and Parquet hold."""

import orjson

from roadlog.domain.records import Record
from roadlog.interop.flow_tables import CYCLES, INITIATIVES, ITERATIONS, VISITS
from roadlog.interop.register_tables import APPROVALS, MEASUREMENTS, RISKS
from roadlog.interop.table_shapes import Table, Values, columns_of
from roadlog.projections.records import record_json
from roadlog.projections.sentences import sentence
from roadlog.visible import safe_json


def record_values(record: Record, voided: dict[int, int]) -> Values:
    """A row of the table of records."""
    told = record_json(record)
    actor, source = told["actor"], told["source"]
    return {
        **told,
        "actor": actor["id"],
        "actor_kind": actor["kind"],
        "assurance": actor["assurance"],
        "roles": actor["roles"],
        "client": source["client"],
        "typed_by": source["os_user"],
        "sentence": sentence(record.event),
        "data": safe_json(orjson.dumps(told["data"]).decode()),
        "voided_by": voided.get(record.position),
    }


RECORDS = Table(
    "records",
    "Every record, in the order of recording",
    columns_of("""
        position integer the record's place in the log, from 1
        stream text the roadmap's key, or the initiative's
        version integer its place in its stream, from 1
        type text the event's type
        schema integer the number of the type's shape
        recorded_at time when roadlog stored it
        effective_at time when it happened
        actor text the handle of who acted
        actor_kind text human, agent or system
        assurance text how sure it is who acted: asserted, signed or hardware
        roles list the roles that the actor held then
        sentence text what happened, in words
        reason text why, in the actor's words
        client text by which program: cli, web, import or api
        typed_by text the account of the operating system that typed it
        command_id text the id of the command that recorded it
        workflow text the digest of the workflow in force, in hex
        data text the event's own fields, as JSON
        voided_by integer the position of the record that voids it; empty of all others
        leaf text the record's leaf in the Merkle log, in hex
    """),
)


TABLES: dict[str, Table] = {
    each.name: each
    for each in (RECORDS, INITIATIVES, VISITS, CYCLES, ITERATIONS, APPROVALS, RISKS, MEASUREMENTS)
}
