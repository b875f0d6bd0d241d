"""The rules of the city's desk, and the one place that speaks to AWS (`casework.store`)."""
