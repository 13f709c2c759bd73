"""What `fix` writes: repaired files beside their places, and the folder of a run."""
