"""The plan: goals in her own words, the steps towards them, and how each came to be as it is."""
