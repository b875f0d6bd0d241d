"""The city's clock: working calendars, limits with their due times, ladders of reminders.

Pure: no environment, no AWS, the time is an argument. The one file access is `Calendar.seeded`,
which reads the calendars packaged in `years/`.
"""
