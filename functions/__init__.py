"""The doors: one folder for one deployed function. A door parses, calls one thing, answers."""
