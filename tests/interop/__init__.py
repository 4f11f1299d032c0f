"""Import and export, against what files really hold."""
