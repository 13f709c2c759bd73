"""Changes text: decides what should stand where damage was noticed, and owns reading and writing.

A defect family has a module here only where the replacement takes work of its own:

`mend(view, findings, settings) -> list of Finding`
    the same findings (some dropped, split or added) with their `replacement` decided.

Where the validator's finding carries its replacement already, nothing is needed here.
"""
