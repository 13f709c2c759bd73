"""What `check` finds, its cache, and what it leaves out: a baseline, and lines that did not change."""
