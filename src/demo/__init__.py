"""The demo: a roadmap's history of eight months as data, and the player that types it with real commands."""
