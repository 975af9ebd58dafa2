"""What happens in session: meetings, the floor, votes, minutes."""
