"""What all doors share: reading a request, knowing who asks, answering, and saying what is wrong."""

import gc

# A cold start makes thousands of things that stay, and a request leaves hardly any garbage: looking
# for it as often as Python does by default costs a cold start a sixth of its time.
gc.set_threshold(20_000, 10, 10)
