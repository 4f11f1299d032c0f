"""Verifying a store: what was stored, what the rules allowed, and who vouches for it besides the store."""
