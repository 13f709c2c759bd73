"""Notices damage: says what is wrong, where and how sure, and never changes text.

Each defect family is one module (or package) of this folder with these names:

`RULES`
    a tuple of `Rule`.
`screen(view, settings) -> array of bool`
    one flag a document of the view: False only where `find` would surely find nothing. Cheap:
    whole-array operations, since it runs on every text.
`find(view, settings) -> list of Finding`
    what is wrong with the one document of the view, in any order. Called where `screen` said so.
`gather(views, settings)`, where it pays
    does for many documents at once what `find` needs of each, and keeps it in their views.
"""
