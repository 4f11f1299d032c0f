"""Faults of machines and people, in campaigns: each counts what it tried, and has a known-bad control."""
