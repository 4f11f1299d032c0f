"""What each event does to an initiative's state, one file a subject; `evolve.py` chooses among them."""
