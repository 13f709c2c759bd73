"""What `check` finds, what it remembers, and what of it is known or did not change."""
