"""Whole corpora: records of any format, in batches, on one machine or many (extra `corpus`)."""
