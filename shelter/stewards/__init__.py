"""Who belongs: founding the agency, binding colleagues, rosters, and handing keys to those on them."""
