"""The controls that an audit goes through, as data: what frameworks ask for, and what in a log shows it."""
