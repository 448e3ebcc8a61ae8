"""The part of the probe that lives in the user's process.

It needs Python 3.9, torch 2.0 and the standard library, and imports nothing else of trainlint: the user's interpreter need not
have it. It watches through torch's own global hooks and modes, edits nothing, and writes what it saw as the fields of
`trainlint.observations`.
"""
