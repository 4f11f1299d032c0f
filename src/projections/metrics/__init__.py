"""Flow metrics, definition `metrics/1`: each initiative is measured by itself, then all come to a report."""
