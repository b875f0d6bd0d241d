"""What all doors share: reading a request, knowing who asks, answering, and saying what is wrong."""

import gc

# A cold start makes some two hundred thousand things that stay, and a request leaves hardly any
# garbage in cycles: to look for it as often as Python does costs a cold start a sixth of its time.
gc.set_threshold(200_000, 10, 10)
