"""Thin adapters: the Arrow kernel inside the engines that people already run.

Each gives the same text and the same edits as `jiaokan.repair_batch`. Tables are loaded once in
each worker process; workers need the wheel and nothing else.
"""
