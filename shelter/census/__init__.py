"""Nights and beds of a period: by each funder's rule, how full the houses were, and how long stays lasted."""
