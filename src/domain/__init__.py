"""What may happen on a roadmap: pure Python, no I/O, no clock, no ids."""
