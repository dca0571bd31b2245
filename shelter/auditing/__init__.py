"""The auditor's room: who looked at whom and why, what is odd about it, and the proof that nothing was taken away."""
