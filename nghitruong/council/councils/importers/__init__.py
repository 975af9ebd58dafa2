"""Bringing in what others keep: the country's units, a council's list of delegates."""
