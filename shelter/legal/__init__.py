"""Legal matters: what was filed, what came back, and every date of it, for the legal staff alone."""
