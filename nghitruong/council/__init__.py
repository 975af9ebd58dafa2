"""Who and by which rules: councils, people, procedure, papers."""
