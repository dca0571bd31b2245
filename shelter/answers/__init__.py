"""The HMIS answers of a stay: one skippable interview a stage, what is due, and where an export would be doubted."""
