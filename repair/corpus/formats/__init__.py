"""Formats of records, recognised by content first and by name where content does not tell."""
