"""The author's desk: what only whoever writes a case is shown."""
