"""The night desk: who is here, who comes in the night, what the next shift must know, and whom there was no bed for.

Nothing here is a score: rules of the house are safety information.
"""
