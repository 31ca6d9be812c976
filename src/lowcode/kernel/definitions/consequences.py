"""Findings that only follow from others are not told: a form that cannot be read is not also missing everywhere."""

from __future__ import annotations

from lowcode.kernel.definitions.load import APP, Documents
from lowcode.kernel.diagnostics import Diagnostic, Report


def drop_consequences(documents: Documents, report: Report) -> None:
    """Take out what will be right by itself once the documents that could not be read are mended."""
    broken = {finding.place.document for finding in report.errors if finding.code.startswith("definitions.")}
    lost = {document.name for document in documents if document.path in broken} | documents.unread
    lost_app = APP in broken
    unknown = any(finding.code == "names.unknown" for finding in report.errors)

    def follows(finding: Diagnostic) -> bool:
        if finding.code == "names.unknown":
            return finding.values["seen"] in lost or (lost_app and finding.values["what"] == "role")
        # a path into a record type that is not there: the link or relation that leads to it has its own finding
        return finding.code == "expressions.unknown-record" and (bool(lost) or unknown)

    report.drop(follows)
