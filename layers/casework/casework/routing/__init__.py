"""From a citizen's words to a category, a unit and a kind, with the reasons. Pure."""
