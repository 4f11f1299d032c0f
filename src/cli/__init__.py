"""The command line: parse, call, print. Nothing else."""

import gc

# What starting allocates is there until the end: a collector that looks through it for every 700 objects, as
# it does by default, costs a tenth of a command's time.
gc.set_threshold(100_000)
