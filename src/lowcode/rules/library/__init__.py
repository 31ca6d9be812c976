"""Ready-made rules: what firms of many kinds want, written once and parameterised.

`scenarios/*.json` hold them, a file per group; `scenario` reads them and fills one in for an app; `operations` is what
can be asked. A scenario is a rule with `$parameters`; its words name the forms and fields of a usual CRM, and are
replaced by those of the app where they differ.
"""
