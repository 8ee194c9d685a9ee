"""Records, names and chance: the state of a world."""
