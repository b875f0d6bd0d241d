"""Messages that say the same, found in a file of them."""
