"""Facts about the sample repository: right to the last byte, and worth reading."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from multiformats import multibase

from repoview.core.cid import RAW, Cid
from repoview.core.formats import syntax
from repoview.core.formats.car import sections
from repoview.core.repo.repo import Repo
from repoview.core.verify.report import Verdict
from repoview.core.verify.verify import Checks
from repoview.sample import Sample, write_sample
from repoview.sample.account import DID
from repoview.sample.activity import DAY, DAYS
from repoview.sample.plan import ACTIVITIES, plan
from repoview.sample.posts import facets

if TYPE_CHECKING:
    from collections.abc import Iterator

POST = "app.bsky.feed.post"
K256_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def sample_bytes(records: int, **how: Any) -> tuple[bytes, Sample]:
    """Return a sample as bytes, and what was said of it."""
    out = bytearray()
    sample = write_sample(out.extend, records, **how)
    return bytes(out), sample


@pytest.fixture(scope="module")
def sample() -> tuple[bytes, Sample]:
    """The sample that the demo shows."""
    return sample_bytes(3_000)


@pytest.fixture(scope="module")
def repo(sample: tuple[bytes, Sample]) -> Iterator[Repo]:
    """The same, loaded."""
    with Repo.load(sample[0], checks=Checks(rebuild=True)) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def values(repo: Repo) -> dict[str, Any]:
    """Each of its records by AT URI."""
    return {record.at_uri: record.value for record in repo.records()}


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every map in *value*, however deep."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from parts(item)


@pytest.mark.parametrize("records", [0, 1, 2, 60, 99, 100, 477])
def test_a_sample_of_any_size_is_sound(records: int) -> None:
    """It has as many records as were asked for, in the order of a walk."""
    data, _ = sample_bytes(records)
    with Repo.load(data, checks=Checks(rebuild=True)) as repo:
        report = repo.report
    assert (report.verdict, report.order) == (Verdict.SOUND, "preorder")
    assert report.counts.records == records
    assert sum(plan(records).values()) == records


def test_the_demo_has_no_finding_above_info(repo: Repo) -> None:
    """Complete, each block once, none unlinked."""
    report = repo.report
    assert {found.severity.value for found in report.findings} <= {"info"}
    assert report.complete
    assert report.order == "preorder"
    assert report.counts.records == 3_000
    assert report.counts.collections == 16
    assert report.counts.duplicate_blocks == report.counts.unlinked_blocks == 0


def test_two_runs_give_the_same_bytes(sample: tuple[bytes, Sample]) -> None:
    """Nothing is drawn from a clock or from chance."""
    assert sample_bytes(3_000) == sample


def test_the_commit_is_known() -> None:
    """On every system and version of Python the sample is the same."""
    _, small = sample_bytes(477)
    known = "bafyreicvkeeufu35lqomlcmhvpcrzg5v7r3jektkbiau25ylld2v542vl4"
    assert str(small.commit) == known


def test_the_other_order_has_the_same_blocks(sample: tuple[bytes, Sample]) -> None:
    """By CID, from the greatest down, as servers export."""
    data, _ = sample_bytes(3_000, order="cid-descending")
    with Repo.load(data) as repo:
        report = repo.report
    assert (report.verdict, report.order) == (Verdict.SOUND, "cid-descending")
    start = data[0] + 1
    cids = [section.cid for section in sections(data[start:])]
    assert cids == sorted(cids, reverse=True)
    assert sorted(cids) == sorted(s.cid for s in sections(sample[0][start:]))


def test_the_signature_is_right(repo: Repo, sample: tuple[bytes, Sample]) -> None:
    """Of the key that the sample names, and with s in its low form."""
    commit, said = repo.commit, sample[1]
    assert commit is not None
    assert commit.sig is not None
    assert (commit.did, commit.rev, commit.cid) == (said.did, said.rev, said.commit)
    multikey = multibase.decode(said.signing_key.removeprefix("did:key:"))
    assert multikey[:2] == b"\xe7\x01"
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), multikey[2:])
    r = int.from_bytes(commit.sig[:32], "big")
    s = int.from_bytes(commit.sig[32:], "big")
    assert s <= K256_ORDER // 2
    signature = utils.encode_dss_signature(r, s)
    key.verify(signature, commit.unsigned_bytes(), ec.ECDSA(SHA256()))


def test_the_did_is_of_an_atproto_method() -> None:
    """A did:plc has 24 characters of base32."""
    assert syntax.is_atproto_did_method(DID)


def test_references_to_own_records_are_right(
    repo: Repo, values: dict[str, Any]
) -> None:
    """Replies, quotes and pins name records that are here, by their CIDs."""
    seen = 0
    for value in values.values():
        for part in parts(value):
            uri = part.get("uri", "")
            if uri.startswith(f"at://{DID}/") and "cid" in part:
                record = repo.get(uri.removeprefix(f"at://{DID}/"))
                assert record is not None
                assert str(record.cid) == part["cid"]
                seen += 1
    assert seen > 200


def test_every_uri_of_the_account_leads_to_a_record(values: dict[str, Any]) -> None:
    """Lists, gates, plants and feeds too."""
    for value in values.values():
        for part in parts(value):
            for item in part.values():
                if isinstance(item, str) and item.startswith(f"at://{DID}/"):
                    assert item in values


def test_a_reply_names_the_beginning_of_its_thread(values: dict[str, Any]) -> None:
    """The root of a reply to an own reply is the root of that one."""
    for uri, value in values.items():
        if f"/{POST}/" not in uri or "reply" not in value:
            continue
        root, parent = value["reply"]["root"], value["reply"]["parent"]
        answered = values.get(parent["uri"], {}).get("reply")
        if parent["uri"] in values:
            assert root == (answered["root"] if answered else parent)


def test_facets_cover_what_they_are_about(values: dict[str, Any]) -> None:
    """By bytes of UTF-8, also behind letters of several bytes."""
    behind_wide_letters = 0
    for value in values.values():
        text = value.get("text", "").encode()
        for facet in value.get("facets", ()):
            covered = text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]]
            (feature,) = facet["features"]
            if "tag" in feature:
                assert covered.decode() == "#" + feature["tag"]
            elif "uri" in feature:
                assert "https://" + covered.decode() == feature["uri"]
            else:
                assert covered[:1] == b"@"
                assert syntax.is_did(feature["did"])
            before = text[: facet["index"]["byteStart"]]
            behind_wide_letters += len(before) != len(before.decode())
    assert behind_wide_letters > 10


def test_a_mention_is_of_the_named_account() -> None:
    """The handle in the text and the DID in the facet are one account."""
    (facet,) = facets("schön, @ada.example.com!")
    assert facet == {
        "$type": "app.bsky.richtext.facet",
        "index": {"byteStart": 8, "byteEnd": 24},
        "features": [
            {
                "$type": "app.bsky.richtext.facet#mention",
                "did": "did:plc:rkathi2ktxtxngsd7se3h5pq",
            }
        ],
    }


def test_record_keys_tell_when_records_were_made(repo: Repo) -> None:
    """A TID and `createdAt` say the same; all within two years, none after rev."""
    assert repo.commit is not None
    assert repo.commit.rev is not None
    years: set[int] = set()
    for record in repo.records():
        if not syntax.is_tid(record.rkey):
            continue
        when = syntax.tid_time(record.rkey)
        value: Any = record.value
        assert when.isoformat(timespec="milliseconds")[:-6] + "Z" == value["createdAt"]
        assert record.rkey < repo.commit.rev
        years.add(when.year)
    assert years == {2023, 2024, 2025}


def test_months_differ(repo: Repo) -> None:
    """There are bursts, and a summer away in which only a sensor went on."""
    months = Counter[str]()
    away = Counter[str]()
    for record in repo.records():
        if syntax.is_tid(record.rkey):
            when = syntax.tid_time(record.rkey)
            months[f"{when:%Y-%m}"] += 1
            if "2024-07-01" <= f"{when:%Y-%m-%d}" <= "2024-07-24":
                away[record.collection] += 1
    usual = sorted(months.values())[len(months) // 2]
    assert len(months) == 24
    assert months["2024-07"] * 5 < usual
    busy = {month for month, count in months.items() if count > 2 * usual}
    assert busy == {"2023-07", "2024-05", "2024-11"}
    assert away.keys() == {"com.example.garden.watering"}


def test_interests_move_from_the_garden_to_the_sky(values: dict[str, Any]) -> None:
    """Tags of the night sky are rare in the first year, and frequent at the end."""
    skies: dict[bool, list[bool]] = {False: [], True: []}
    sky = {"astronomy", "telescope", "astronomie", "天体"}
    for uri, value in values.items():
        made = value.get("createdAt", "")
        if f"/{POST}/" in uri and (made < "2024-03" or made > "2024-09"):
            tags = {part["tag"] for part in parts(value) if "tag" in part}
            if tags:
                skies[made > "2024-09"].append(bool(tags & sky))
    first, last = (sum(found) / len(found) for found in skies.values())
    assert first < 0.3
    assert last > 0.5


@given(st.sampled_from(sorted(ACTIVITIES)), st.integers(1, 1_500_000), st.data())
def test_times_ascend_and_differ(
    collection: str, count: int, data: st.DataObject
) -> None:
    """Record keys are made of them: each is greater than the one before."""
    number = data.draw(st.integers(0, count - 1))
    activity, seed = ACTIVITIES[collection], len(collection)
    moment = activity.moment(number, count, seed)
    assert 0 <= moment < DAYS * DAY
    if number + 1 < count:
        assert moment < activity.moment(number + 1, count, seed)


def test_blobs_are_raw_and_of_a_size(values: dict[str, Any]) -> None:
    """As the data model wants them: four fields, a raw link."""
    blobs = [
        part
        for value in values.values()
        for part in parts(value)
        if part.get("$type") == "blob"
    ]
    assert len(blobs) > 200
    for blob in blobs:
        assert blob.keys() == {"$type", "ref", "mimeType", "size"}
        assert isinstance(blob["ref"], Cid)
        assert blob["ref"].codec == RAW
        assert blob["size"] > 0


def test_there_is_something_to_read(values: dict[str, Any]) -> None:
    """Many languages, many texts, pictures, quotes, cards and threads."""
    posts = [value for uri, value in values.items() if f"/{POST}/" in uri]
    embeds = {post["embed"]["$type"] for post in posts if "embed" in post}
    assert len({language for post in posts for language in post["langs"]}) >= 12
    assert len({post["text"] for post in posts}) > len(posts) // 2
    assert len(embeds) == 5
    assert any("reply" in post for post in posts)
    assert not any("{" in post["text"] for post in posts)
