"""Colleagues: invitation, keys of their own, signing in, second factors, sessions, cover for each other."""
