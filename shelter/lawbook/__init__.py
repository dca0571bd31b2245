"""The rules of law that this agency counts by: the shipped ones, and its own, tried before they held."""
