"""The fictional agency: invented people, fixed passphrases, three years behind it. Nobody in it exists."""
