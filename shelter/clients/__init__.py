"""The person served: her record, household, safe contact, who endangers her, who works with her."""
