"""Opening a record that one is not assigned to, for an hour and with a reason, and what others find about it."""
