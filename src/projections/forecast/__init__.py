"""Forecasts, definition `forecast/1`: what history says of what comes, by drawing from it again and again."""
