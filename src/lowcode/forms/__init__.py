"""The forms engine: what a record has, how it is shown, who may do what with it.

One form, one document. `definition` is what may be written; `declare` makes a record type of it, which the kernel
stores and finds for all engines; `compile` understands its expressions, permissions and views; `plan` is what was
understood; `run` what a form shows and says while somebody fills it in; `operations` what can be asked.
"""
