"""What a caseworker sees first: what is due, by day, each line leading to the thing itself."""
