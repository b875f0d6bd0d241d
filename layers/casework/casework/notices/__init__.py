"""Who is told what. So far one notice on one channel: the invitation to rate, on the case's page."""
