"""A client with compartments of her own: named people alone hold their keys, whoever has a copy of the database."""
