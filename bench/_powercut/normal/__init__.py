"""Our SQLite backend with the habit taken away that matters: only to show what it is worth."""
