"""Business cards: a photo of one fills a new record in.

`definition` is what may be written in a form's `business_card`; `compile` holds it against the form; `parts` tells from
the lines of a card what each is, and does no more; `reading` has a process of its own (`reader`) read the lines of a
photo; `operations` is how it is asked. The reader needs the extra `cards`.
"""
