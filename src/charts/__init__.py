"""The flow metrics as pictures: an answer of `roadlog metrics` becomes a table, and the table an SVG."""
