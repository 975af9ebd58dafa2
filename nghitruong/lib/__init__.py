"""Pure Python without models: text, dates, numbers, hashing. Imports nothing of this project."""
