"""What an answer says, in words that a terminal and a page share, in a zone that is given."""
