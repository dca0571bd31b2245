"""A calendar feed for a telephone: days and client codes under a secret address that is itself the only key to them."""
