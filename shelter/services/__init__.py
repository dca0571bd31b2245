"""What was done for people, entered once for every funder; counts that belong to nobody; money for one person."""
