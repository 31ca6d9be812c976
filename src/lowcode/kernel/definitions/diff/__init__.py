"""What changed between two versions of an app, in the words of the person who changed it, Chinese and English.

`diff(before, after)` compares documents by meaning: members of lists are known by id or name, so a field that moved
has moved, and one with `was` was renamed. It knows no kind of document in particular; `words` holds the vocabulary.
"""

from lowcode.kernel.definitions.diff.compare import Change, diff

__all__ = ["Change", "diff"]
