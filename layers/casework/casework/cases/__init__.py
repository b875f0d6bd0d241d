"""The case: its state, what may be asked of it, what follows. Pure: the time is an argument."""
