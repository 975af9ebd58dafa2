"""Files by content: stored once under their SHA-256, never changed, verified on demand."""
