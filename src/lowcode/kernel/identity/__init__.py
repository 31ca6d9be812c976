"""Who acts, what they belong to, and what they may do.

`actor` is the one who asks; `directory` everybody there is; `org` the questions flows and rules ask about people;
`rates` counts how often; `second_factor` and `totp` ask for more than a password, `factors` is one's own part of it;
`refusals` is what was refused, `words` what people are told then;
`permissions` turns the permission lines of forms into row filters and field masks; `operations` sign in and out,
`keeping` keeps people and departments, `absences` who is away and who stands in.
"""

from lowcode.kernel.identity.actor import ADMINISTRATOR, APP, Actor

__all__ = ["ADMINISTRATOR", "APP", "Actor"]
