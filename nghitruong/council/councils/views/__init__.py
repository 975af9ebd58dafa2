"""Pages of the council: who is in it, what it consists of, what it sends and receives."""
