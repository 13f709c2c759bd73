"""Changes text: decides what should stand where damage was noticed, and owns reading and writing.

A defect family has a module here only where the replacement takes work of its own:

`mend(view, findings, settings) -> list of Finding`
    the same findings (some dropped, split or added) with their `replacement` decided.

Where the validator's finding carries its replacement already, nothing is needed here.

What is here, from the text outwards:

`decode`, `mojibake`, `lines`
    the families that take work.
`pipeline`, `edits`, `once`
    the stages run over a text, and its edits as one patch.
`repairer`, `parts`, `cutting`
    the public way in, and long texts in parts.
`files`, `memory`, `location`
    which files there are and how they are read and written; how much at once; places in them.
`run`, `silences`, `corpus`
    files and records through the repairer, and what they ask to be left alone.
`checking`, `fixing`, `audit`, `undo`
    what `check` finds, what `fix` writes and keeps on record, and the way back.
`command`, `configuration`, `formats`, `report`, `messages`
    what people type and read.
"""
