"""The course of a stay around its nights: who is expected, how long she may stay, and how she is after it."""
