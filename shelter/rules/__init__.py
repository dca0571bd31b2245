"""The shelter's pure rules: names, nights, deadlines, consent and counts.

Nothing in this room knows of a request, a database or a key. A rule takes plain values and gives plain
values back, or raises `Broken` with the key of a sentence that the web room says in the reader's language.
"""
