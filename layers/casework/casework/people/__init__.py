"""Who a citizen is over several channels. Pure: the time is an argument."""
