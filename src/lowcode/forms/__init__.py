"""The forms engine: what a record has, how it is shown, who may do what with it.

One form, one document. `definition` is what may be written; `declare` makes a record type of it, which the kernel
stores and finds for all engines; `compile` understands its expressions, permissions and views (`companions`: fields
that name another beside them; `overlapping`: ranges that may not overlap; `behaviour`: what fields do by condition;
`stages`: what states ask for; `reaching`: where records are reached at; `viewing`: what views are drawn by;
`colors`: what pages draw; `public/`: the form as anybody may fill it in;
`privacy/`: whom its records are about; `cards/`: what a photo of a business card fills in); `plan` is what was
understood; `operations` what can be asked; `tables` what has to be remembered; `words` what the designer calls it all.

`chinese` has the messages of `diagnostics` in Chinese, for who designs on the page.
"""
