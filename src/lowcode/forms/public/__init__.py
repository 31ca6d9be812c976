"""A form as anybody may fill it in, without an account: which fields, which words, what becomes of what was sent.

`definition` is what may be written in a form's `public`; `compile` understands it into `plan`; `opening` knows when it
is open; `signing` makes and reads the tokens of pages, letters and tickets; `labour` is the work a browser does so that
sending a thousand is dear; `words` is what visitors are told. The operations are in `forms/operations` (`receiving`,
`submitting`, `tickets`), the page is in `web` (`public`, `visiting`). `telling` says in sentences
what a face is.
"""
