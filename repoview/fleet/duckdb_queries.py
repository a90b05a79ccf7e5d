"""The questions that a summary answers, as queries for DuckDB.

Each is one statement. Other engines take them with another name for the function that
reads Parquet.
"""

from __future__ import annotations

import os


def queries(out: str | os.PathLike[str]) -> dict[str, str]:
    """Return queries by what they answer.

    Args:
        out: Where the data set is.
    """
    root = os.fspath(out).rstrip("/").replace("'", "''")
    repos = f"""\
SELECT * FROM read_parquet('{root}/repos/*.parquet')
QUALIFY row_number() OVER (PARTITION BY source ORDER BY judged_at DESC) = 1"""
    below = repos.replace("\n", "\n  ")
    newest = f"WITH newest AS (\n  {below}\n)\n"
    records = f"read_parquet('{root}/records/*/*.parquet', hive_partitioning = true)"
    hashes = "(SELECT sha256 FROM newest)"
    return {
        "repositories": f"{repos}\nORDER BY source",
        "totals": f"""\
{newest}SELECT count(*) AS files, count(DISTINCT did) AS dids,
  sum(file_bytes) AS file_bytes, sum(bytes) AS bytes, sum(records) AS records,
  sum(left_out) AS left_out
FROM newest""",
        "verdicts": f"""\
{newest}SELECT coalesce(verdict, 'not-read') AS verdict, count(*) AS files
FROM newest GROUP BY ALL ORDER BY verdict""",
        "findings": f"""\
{newest}SELECT code, severity, count(*) AS files, sum(of_file) AS findings
FROM (
  SELECT sha256, code, severity, max(of_source) AS of_file
  FROM (
    SELECT sha256, source, code, severity, sum(count) AS of_source
    FROM read_parquet('{root}/findings/*.parquet') GROUP BY ALL
  ) GROUP BY ALL
)
JOIN newest USING (sha256)
GROUP BY ALL ORDER BY files DESC, code""",
        "collections": f"""\
{newest}SELECT collection, count(*) AS records, count(DISTINCT sha256) AS files,
  sum(size) AS bytes
FROM {records}
WHERE sha256 IN {hashes}
GROUP BY ALL ORDER BY records DESC, collection""",
        "sound records": f"""\
{newest}SELECT did, collection, rkey, cid, value
FROM {records}
WHERE sha256 IN (SELECT sha256 FROM newest WHERE verdict = 'sound')""",
    }
