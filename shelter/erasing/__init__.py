"""How long what is kept: rules and their dry run, legal hold, and erasing a file by two people with a certificate."""
