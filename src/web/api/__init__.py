"""The API: what the command line answers and records, as JSON for programs. No logic of its own."""
