"""What a stranger can check: signed notes, checkpoints and what vouches for them outside of the store."""
