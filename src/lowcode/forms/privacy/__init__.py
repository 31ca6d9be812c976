"""Privacy by definition: what a form says of the people its records are about.

`definition` is what may be written in a form's `privacy` (fields say theirs themselves); `compile` understands it into
`plan`. The operations are in `forms/operations`: `subjects` find and export what is known of a person, `erasing` takes
it away, `consents` say what they agreed to, `disclosure` where it is shown, `retaining` what has been kept long enough.
"""
