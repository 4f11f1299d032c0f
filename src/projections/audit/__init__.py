"""The audit: what each check finds in a history, and how each control stands by that."""
