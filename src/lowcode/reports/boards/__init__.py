"""Boards beyond the page that shows them.

`own` (a person's own boards) → `sheets` (a board as one picture, a PDF or a workbook) → `sharing` (links that end) →
`letters` (boards by mail on a schedule).
"""
