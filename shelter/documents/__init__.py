"""Identity papers: where each is and who holds it, and the way back to it, step by step.

What a client tells of how a paper was taken lives with her legal advocate, never here.
"""
