"""How fast it is, side by side: `make bench` runs ours and another in the same process, in turn, and prints ratios.

A ratio says how many times as fast ours is; absolute numbers say more about the machine than about the code.
`harness` measures and prints; every other module offers `comparisons()`, a generator that prepares, yields each
`Comparison`, and tidies up when it is resumed. `__main__` lists the modules.
"""
