"""HTTP plumbing: headers, forms, errors, languages, assets and printing; no record is read or decided about here."""
