"""What all doors share: reading a request, knowing who asks, answering, and saying what is wrong."""
