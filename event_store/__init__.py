"""The event store: records, their bytes, SQL and hashes. It knows nothing about what the records mean."""
