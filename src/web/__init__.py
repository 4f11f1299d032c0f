"""The page: what the command line answers, where people would rather look than type. No logic of its own."""
