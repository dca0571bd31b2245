"""What this agency goes by: rules of law, ways back to papers, pages on countries; the shipped ones and its own."""
