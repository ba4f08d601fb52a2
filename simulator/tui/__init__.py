"""The Textual front end: one file per screen, its styles beside it."""
