"""Boards beyond the page that shows them.

`own` (a person's own boards) → `sheets` (a board as one picture, a PDF or a workbook) → `sharing` (links that end) →
`summaries` (a board in words) → `letters` (boards on a schedule, by mail and chat).
"""
