"""Pictures of results: one style, safe for colour-blind readers, titles that state the finding."""
