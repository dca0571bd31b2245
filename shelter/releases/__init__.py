"""Releases of information: what a person lets whom know, until when, and everything that left under it.

A release is never a condition of service: nothing in the house asks for one except what would tell somebody
outside, and that refuses without.
"""
