"""A copy of one part of a record, sealed to a colleague who holds no key of it: with a reason, an end and a review."""
