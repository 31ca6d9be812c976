"""Findings that only follow from others are not told: a form that cannot be read is not also missing everywhere."""

from __future__ import annotations

import re
from collections.abc import Collection

from lowcode.kernel.definitions.load import APP, Documents
from lowcode.kernel.diagnostics import Diagnostic, Report

WORDS = re.compile(r"\w+")


def unreadable(documents: Documents, report: Report) -> set[str]:
    """The names of the documents that could not be read."""
    broken = {finding.place.document for finding in report.errors if finding.code.startswith("definitions.")}
    return {document.name for document in documents if document.path in broken} | documents.unread


def drop_consequences(documents: Documents, report: Report, leading: Collection[str] = ()) -> None:
    """Take out what will be right by itself once the documents that could not be read are mended. `leading`: names that
    lead an expression to records of forms that are not there (links, relations)."""
    lost = unreadable(documents, report)
    lost_app = any(
        finding.place.document == APP and finding.code.startswith("definitions.") for finding in report.errors
    )
    unknown = any(finding.code == "names.unknown" for finding in report.errors)

    def follows(finding: Diagnostic) -> bool:
        if finding.code == "names.unknown":
            return finding.values["seen"] in lost or (lost_app and finding.values["what"] == "role")
        if not finding.code.startswith("expressions."):
            return False
        # a path into a record type that is not there: the link or relation that leads to it has its own finding
        if finding.code == "expressions.unknown-record" and (lost or unknown):
            return True
        return not set(leading).isdisjoint(WORDS.findall(str(finding.values.get("expression", ""))))

    report.drop(follows)
