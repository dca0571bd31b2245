"""Sites as places to sleep: rooms and beds, how many stand on which day, and what the house settles about them."""
