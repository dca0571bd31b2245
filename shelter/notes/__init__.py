"""Notes about one client: signed once and never overwritten; what comes later is added beside them."""
