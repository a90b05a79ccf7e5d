"""Decide what to do with a file by what was found in it."""

import sys

import repoview


def advice(path: str) -> str:
    """Return what one would do next with a file."""
    with repoview.Repo.load(path) as repo:
        report = repo.report
        grave = [f for f in report.findings if f.severity >= repoview.Severity.ERROR]
        if not grave:
            return "keep it: it is sound"
        if any(found.code == "CAR023" for found in grave):
            return f"fetch it again: it was cut off at byte {report.counts.bytes:,}"
        if report.complete is False:
            missing = report.counts.missing_nodes + report.counts.missing_records
            return f"fetch it again: {missing:,} blocks are missing"
        if report.verdict is repoview.Verdict.BAD_RECORDS:
            paths = sorted({found.path for found in grave if found.path})
            return f"keep it, and tell who wrote {', '.join(paths[:3])}"
        return f"look at it: {grave[0].code} {grave[0].message}"


if __name__ == "__main__":
    print(advice(sys.argv[1]))
