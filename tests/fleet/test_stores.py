"""Facts about object stores, on a server that speaks S3 on this machine."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from repoview import fleet
from repoview.fleet.store import store_at
from tests.fleet.datasets import everything, make_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What the server and its libraries warn of is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def bucket() -> Iterator[Any]:
    """A bucket that is empty, as a file system; processes find it as this one does."""
    s3fs = import_module("s3fs")
    server = import_module("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        s3fs.S3FileSystem.clear_instance_cache()
        system = s3fs.S3FileSystem()
        system.mkdir("bucket")
        yield system
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_bucket_is_read_and_written_as_a_folder_is(
    bucket: Any, tmp_path: Path
) -> None:
    """The rows are the same but for the names of the files; a second run adds none."""
    paths = make_files(tmp_path / "in", 12)
    paths[5].write_bytes(b"no CAR")
    bucket.put(f"{tmp_path}/in/", "bucket/in/", recursive=True)
    run = fleet.write(["s3://bucket/in"], "s3://bucket/out", processes=1)
    assert (run.done.files, run.exit_code, run.not_listed) == (12, 12, [])
    again = fleet.write(["s3://bucket/in/*.car"], "s3://bucket/out", processes=1)
    assert (again.done.files, again.skipped) == (0, 12)
    fleet.write([tmp_path / "in"], tmp_path / "out", processes=1)
    bucket.get("bucket/out/", f"{tmp_path}/there/", recursive=True)
    here, there = everything(tmp_path / "out"), everything(tmp_path / "there")
    assert there["records"] == here["records"]
    for folder in ("repos", "findings"):
        for row in (*here[folder], *there[folder]):
            row["source"] = row["source"].rpartition("/")[2]
        assert sorted(there[folder], key=repr) == sorted(here[folder], key=repr)


def test_a_summary_is_read_from_a_bucket(bucket: Any, tmp_path: Path) -> None:
    """By its URL."""
    (path,) = make_files(tmp_path / "in", 1)
    fleet.write([path], "s3://bucket/summed", processes=1)
    summary = fleet.summary("s3://bucket/summed")
    assert [row.source for row in summary.rows()] == [str(path)]
    assert summary.totals().records == sum(c.records for c in summary.collections())
    assert len(bucket.find("bucket/summed/repos")) == 1


def test_what_a_killed_run_left_in_a_bucket_is_removed(
    bucket: Any, tmp_path: Path
) -> None:
    """Parts whose chunk was not written to its end."""
    (path,) = make_files(tmp_path / "in", 1)
    fleet.write([path], "s3://bucket/left", processes=1)
    whole = sorted(bucket.find("bucket/left"))
    (part,) = [p for p in whole if "kind0" in p]
    left = part.replace("part-", "part-0000")
    bucket.copy(part, left)
    bucket.invalidate_cache()
    fleet.write([path], "s3://bucket/left", processes=1)
    bucket.invalidate_cache()
    assert sorted(bucket.find("bucket/left")) == whole
    assert store_at("s3://bucket/left").read("none") is None


def test_one_object_is_tabulated(bucket: Any, tmp_path: Path) -> None:
    """As its bytes are."""
    (path,) = make_files(tmp_path / "in", 1)
    bucket.put_file(str(path), "bucket/one.car")
    table = fleet.tabulate("s3://bucket/one.car")
    assert table.records.equals(fleet.tabulate(path).records)
    gone = fleet.verify_one("s3://bucket/none.car")
    assert gone.verdict is None
    assert "s3://bucket/none.car" in (gone.error or "")
