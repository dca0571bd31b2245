"""Reports in which nobody can be recognised: the ledger of facts, protected tables, and what was released."""
