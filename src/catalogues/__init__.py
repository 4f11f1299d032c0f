"""Catalogues: what others know about AI, as data with its licence and source. Imports nothing of roadlog."""
