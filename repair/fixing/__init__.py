"""What `fix` writes: repaired files, first beside their places, and the output folder."""
