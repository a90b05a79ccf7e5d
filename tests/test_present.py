"""Facts about readable text: what is made safe, and how values are worded."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.findings.findings import finding
from repoview.core.formats import syntax
from repoview.core.verify.report import Counts, Report, Verdict
from repoview.present import (
    cells,
    completeness_text,
    count_text,
    finding_details,
    finding_headline,
    finding_lines,
    fit,
    json_text,
    message_text,
    place_text,
    range_text,
    safe,
    safe_lines,
    short_cid,
    size_text,
    summary,
    tid_date,
    value_lines,
    verdict_sentence,
)

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding

CID = Cid.for_block(b"\xa0")
FAMILY = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{HEAVY BLACK HEART}\ufe0f\u200d\N{MAN}"
ESCAPES = "\x1b]0;title\x07\x9b31m\x1b[2J"

HOSTILE_CODES = [
    *range(0x20),
    0x7F,
    *range(0x80, 0xA0),
    0x061C,
    *range(0x200B, 0x2010),
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    0xD800,
    0xDFFF,
    *range(0xE0000, 0xE0080),
]


class TestSafe:
    """`safe`, the one door to a screen."""

    def test_ordinary_text_is_left_alone(self) -> None:
        """Letters of any script, accents and emoji stay as they are."""
        text = "Hé, 世界 — 'quoted' \\n [bold] 👍🏽 שלום"
        assert safe(text) == text

    @pytest.mark.parametrize("code", HOSTILE_CODES)
    def test_a_hostile_character_becomes_a_picture(self, code: int) -> None:
        """What a terminal would obey or hide is shown, and what surrounds it kept."""
        shown = safe(f"a{chr(code)}b")
        assert shown.startswith("a")
        assert shown.endswith("b")
        assert chr(code) not in shown
        assert len(shown) > 2

    def test_controls_have_their_own_pictures(self) -> None:
        """Each C0 control has its symbol, others their number."""
        assert safe("\x1b\0\n\t\x7f\x9b\u202e") == "␛␀␊␉␡\\u{9b}\\u{202e}"

    def test_a_joiner_is_kept_inside_emoji_only(self) -> None:
        """A family stays one picture; a joiner between letters is shown."""
        assert safe(FAMILY) == FAMILY
        assert safe("a\u200db") == "a\\u{200d}b"
        assert safe("\u200d👍") == "\\u{200d}👍"

    def test_length_is_capped(self) -> None:
        """A long text ends in an ellipsis, within the limit."""
        assert safe("x" * 100, 10) == "x" * 9 + "…"
        assert safe("é" * 100, 10) == "é" * 9 + "…"
        assert safe("x" * 10, 10) == "x" * 10
        assert len(safe("\u202e" * 100, 10)) == 10

    def test_no_limit_keeps_everything(self) -> None:
        """None keeps all characters, however many."""
        assert safe("x" * 10_000, None) == "x" * 10_000
        assert safe("é" * 10_000, None) == "é" * 10_000

    def test_combining_marks_are_capped(self) -> None:
        """A letter keeps four marks; the rest are one ellipsis."""
        shown = safe("a" + "\u0301" * 1000 + "b", None)
        assert shown == "a" + "\u0301" * 4 + "…b"

    def test_a_mark_at_the_beginning_gets_something_to_stand_on(self) -> None:
        """Otherwise it would settle on what stands before the text."""
        assert safe("\u0301x") == "◌\u0301x"

    @given(st.text(st.characters(codec=None)), st.integers(1, 50))
    def test_nothing_a_terminal_obeys_comes_through(
        self, text: str, limit: int
    ) -> None:
        """No text whatever gives control, format or surrogate characters."""
        shown = safe(text, limit)
        assert len(shown) <= limit
        bad = {unicodedata.category(c) for c in shown if c != "\u200d"}
        assert not bad & {"Cc", "Cs", "Zl", "Zp"}
        assert not any(chr(code) in shown for code in HOSTILE_CODES if code != 0x200D)
        shown.encode()

    def test_lines_are_split_and_tabs_spread(self) -> None:
        """Line feeds end lines, a lone carriage return does not."""
        assert safe_lines("a\tb\r\nc\rd\n") == ["a   b", "c␍d", ""]

    def test_many_lines_are_cut(self) -> None:
        """The last line says how many more there are."""
        assert safe_lines("\n" * 9, most=3) == ["", "", "", "… 7 more lines"]


class TestWords:
    """Sizes, counts, dates, CIDs."""

    @pytest.mark.parametrize(
        ("size", "text"),
        [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (1_234_567, "1.2 MB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (5_000_000_000_000_000, "5,000.0 TB"),
        ],
    )
    def test_sizes(self, size: int, text: str) -> None:
        """Bytes up to a thousand, then one decimal."""
        assert size_text(size) == text

    def test_counts(self) -> None:
        """One has no s, thousands have commas."""
        assert count_text(1, "record") == "1 record"
        assert count_text(0, "record") == "0 records"
        assert count_text(1_673_021, "entry", "entries") == "1,673,021 entries"

    def test_a_tid_has_a_date(self) -> None:
        """A record key that is a TID tells when it was made."""
        assert tid_date("3lscuqc52or2x") == "2025-06-24 00:47:33"

    @pytest.mark.parametrize("rkey", ["self", "", "3lscuqc52or2x!", "2222222222222"])
    def test_other_record_keys_have_none(self, rkey: str) -> None:
        """Nor has a TID that is only a small number."""
        assert tid_date(rkey) is None

    @given(st.integers(2**49, 2**53 - 1), st.integers(0, 1023))
    def test_every_tid_has_a_date_or_none(self, when: int, clock: int) -> None:
        """No TID is too great for a date."""
        date = tid_date(syntax.make_tid(when, clock))
        assert date is None or len(date) >= 19

    def test_a_cid_is_known_by_its_ends(self) -> None:
        """Seven characters, and the last four."""
        text = str(CID)
        assert short_cid(CID) == f"{text[:7]}…{text[-4:]}"
        assert short_cid("bafy") == "bafy"

    @pytest.mark.parametrize(
        ("lo", "hi", "text"),
        [
            (None, None, "all keys"),
            (None, b"b", "keys before b"),
            (b"a", None, "keys after a"),
            (b"a", b"\x1b\xff", "keys between a and ␛\\xff"),
        ],
    )
    def test_ranges(self, lo: bytes | None, hi: bytes | None, text: str) -> None:
        """An end that is None is open."""
        assert range_text(lo, hi) == text

    def test_columns(self) -> None:
        """Wide characters take two, marks none."""
        assert cells("abc") == 3
        assert cells("世界") == 4
        assert cells("e\u0301") == 1
        assert fit("世界世界", 5) == "世界…"
        assert fit("ab", 4) == "ab  "
        assert fit("abcdef", 4) == "abc…"


class TestValues:
    """Records as JSON and as one line."""

    def test_links_and_bytes_have_their_json(self) -> None:
        """As the atproto data model has it."""
        text = json_text({"a": CID, "b": b"\x00\xff"})
        assert json.loads(text) == {"a": {"$link": str(CID)}, "b": {"$bytes": "AP8"}}

    def test_hostile_text_is_escaped_and_means_the_same(self) -> None:
        """JSON on a terminal moves no cursor, and reads back equal."""
        value = {"text": f"{ESCAPES}\u202e\U000e0041\u2028{FAMILY}é\x7f\ud800"}
        for indent in (2, None):
            text = json_text(value, indent)
            assert json.loads(text) == value
            assert not any(chr(c) in text for c in HOSTILE_CODES if c not in {10, 8205})
            assert FAMILY in text

    def test_del_alone_is_escaped(self) -> None:
        """The one control of ASCII that JSON leaves alone."""
        assert json_text("\x7f") == '"\\u007f"'

    def test_one_line_is_compact(self) -> None:
        """Without spaces, for JSON lines."""
        assert json_text({"a": [1, None]}, None) == '{"a":[1,null]}'

    def test_nesting_to_the_limit_is_shown(self) -> None:
        """A record as deep as decoding goes is no trouble."""
        value: object = 1
        for _ in range(128):
            value = [value]
        assert json_text(value, None) == "[" * 128 + "1" + "]" * 128

    def test_value_lines_are_cut(self) -> None:
        """A long text is cut within its line, many lines at the end."""
        lines = value_lines({"a": "x" * 500, "b": [1, 2, 3]}, limit=20, most=3)
        assert lines == ["{", '  "a": "xxxxxxxxxxx…', '  "b": [', "… 5 more lines"]

    @pytest.mark.parametrize(
        ("value", "line"),
        [
            ({"$type": "app.bsky.feed.post", "text": "one\n two"}, "one two"),
            (
                {"$type": "app.bsky.feed.post", "text": "no", "reply": {"parent": {}}},
                "↳ no",
            ),
            (
                {
                    "$type": "app.bsky.feed.post",
                    "text": "look",
                    "embed": {"$type": "app.bsky.embed.images", "images": [{}, {}]},
                },
                "look [2 images]",
            ),
            (
                {
                    "$type": "app.bsky.feed.post",
                    "text": "",
                    "embed": {
                        "$type": "app.bsky.embed.recordWithMedia",
                        "record": {"record": {"uri": "at://x"}},
                        "media": {"$type": "app.bsky.embed.video"},
                    },
                },
                "[video] [quotes at://x]",
            ),
            (
                {
                    "$type": "app.bsky.feed.post",
                    "text": "",
                    "embed": {
                        "$type": "app.bsky.embed.external",
                        "external": {"uri": "https://example.com"},
                    },
                },
                "[https://example.com]",
            ),
            (
                {"$type": "app.bsky.feed.like", "subject": {"uri": "at://x/a.y/z"}},
                "♥ y z of x",
            ),
            (
                {"$type": "app.bsky.graph.follow", "subject": "did:web:example.com"},
                "→ did:web:example.com",
            ),
            (
                {
                    "$type": "app.bsky.actor.profile",
                    "displayName": "Ada",
                    "description": "counts",
                },
                "Ada — counts",
            ),
            (
                {"$type": "app.bsky.graph.listitem", "subject": "did:a", "list": "l"},
                "did:a in l",
            ),
            (
                {
                    "$type": "app.bsky.feed.threadgate",
                    "post": "at://p",
                    "allow": [{"$type": "app.bsky.feed.threadgate#mentionRule"}],
                },
                "answers by mention to at://p",
            ),
            ({"$type": "app.bsky.feed.like", "subject": 7}, "subject: 7"),
            ({"$type": "a.b.c", "title": "T", "text": "t"}, "T"),
            (
                {"$type": "a.b.c", "n": 1, "l": [1], "m": {}},
                "n: 1, l: a list of 1, m: a map of 0",
            ),
            ({"$type": "a.b.c", "n": 1, "other": "t"}, "other: t, n: 1"),
            (
                {
                    "$type": "app.bsky.feed.post",
                    "text": "see",
                    "embed": {
                        "$type": "app.bsky.embed.images",
                        "images": [{"alt": ""}, {"alt": "a cat"}],
                    },
                },
                "see [2 images: a cat]",
            ),
            ({"$type": ["odd"]}, "an empty record"),
            ({}, "an empty record"),
            ([1, 2], "a list of 2"),
            ("text\x1b", "text␛"),
            (b"1234", "4 B of bytes"),
            (CID, str(CID)),
            (None, "null"),
            (True, "true"),
            (-5, "-5"),
        ],
    )
    def test_a_record_in_one_line(self, value: object, line: str) -> None:
        """What a record is about, by its `$type` if that is known."""
        assert summary(value) == line  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("kind", "fields", "line"),
        [
            ("feed.like", {"subject": {"uri": "U"}}, "♥ post 3l: It rains ↳"),
            ("feed.repost", {"subject": {"uri": "U"}}, "↻ post 3l: It rains ↳"),
            ("feed.repost", {"subject": {"uri": "V"}}, "↻ feed x of did:web:b"),
            ("graph.listblock", {"subject": "U"}, "⊘ post 3l: It rains ↳"),
            ("graph.block", {"subject": "did:web:b"}, "⊘ did:web:b"),
            ("graph.listitem", {"subject": "me", "list": "U"}, "me in post 3l: It"),
            ("feed.threadgate", {"post": "U", "allow": []}, "answers by nobody to "),
            (
                "feed.post",
                {
                    "text": "so",
                    "reply": {"parent": {"uri": "U"}},
                    "embed": {
                        "$type": "app.bsky.embed.record",
                        "record": {"uri": "U"},
                    },
                },
                "↳ so [quotes post 3l: It rains ↳",
            ),
        ],
    )
    def test_what_a_record_speaks_of_is_told(
        self, kind: str, fields: dict[str, Any], line: str
    ) -> None:
        """If it is in the repository; and no further than that."""
        post = "at://did:web:a/app.bsky.feed.post/3l"
        feed = "at://did:web:b/app.bsky.feed.generator/x"
        embed = {"$type": "app.bsky.embed.record", "record": {"uri": post}}
        known = {"$type": "app.bsky.feed.post", "text": "It rains ↳", "embed": embed}
        text = json.dumps({"$type": f"app.bsky.{kind}", **fields})
        value = json.loads(text.replace('"U"', f'"{post}"').replace('"V"', f'"{feed}"'))
        shown = summary(value, look_up=lambda uri: known if uri == post else None)  # type: ignore[arg-type,return-value]
        assert shown.startswith(line)
        assert shown.count("rains") <= 1

    def test_a_summary_is_safe_and_short(self) -> None:
        """Whatever a record's text holds."""
        line = summary({"$type": "app.bsky.feed.post", "text": ESCAPES * 1000}, 50)
        assert len(line) == 50
        assert "\x1b" not in line

    @given(
        st.dictionaries(
            st.sampled_from(["$type", "subject", "text", "embed", "reply", "allow"]),
            st.recursive(
                st.one_of(
                    st.none(),
                    st.integers(),
                    st.text(),
                    st.binary(),
                    st.just("app.bsky.feed.post"),
                    st.just("app.bsky.feed.threadgate"),
                ),
                lambda inner: st.one_of(
                    st.lists(inner, max_size=3),
                    st.dictionaries(st.sampled_from(["$type", "uri", "record"]), inner),
                ),
                max_leaves=8,
            ),
        )
    )
    def test_any_record_has_a_summary(self, value: dict[str, object]) -> None:
        """A record may claim any `$type` and hold anything."""
        assert "\x1b" not in summary(value)  # type: ignore[arg-type]


def made_report(
    verdict: Verdict,
    *,
    complete: bool | None,
    findings: list[Finding] | None = None,
    **counts: int,
) -> Report:
    """Return a report that says only what is given."""
    return Report(
        "x.car", verdict, 0, complete, None, None, Counts(**counts), findings or []
    )


class TestFindings:
    """Findings and verdicts in words."""

    def test_a_finding_says_all_it_knows(self) -> None:
        """Code, message, place, expected, found, and the rule."""
        found = finding(
            "MST014",
            "a key is out of range",
            offset=1234,
            block_offset=5,
            cid=CID,
            path="a.b.c/\x1b",
            expected="less",
            found="more\u202e",
        )
        text = "\n".join(finding_lines(found))
        assert text.startswith("MST014 error: a key is out of range")
        place = f"byte 1,234 · byte 5 of the block · a.b.c/␛ · {short_cid(CID)}"
        assert place_text(found) == place
        for part in ("less", "more\\u{202e}", "byte 1,234", "a.b.c/␛"):
            assert part in text
        assert " ".join(text.split()).count(CATALOGUE["MST014"].rule[:30])

    def test_the_rule_can_be_left_out(self) -> None:
        """A list of many says it once."""
        found = finding("MST014", "a key is out of range")
        assert finding_details(found, rule=False) == []
        assert finding_lines(found, rule=False) == [finding_headline(found)]

    def test_lines_keep_to_their_width(self) -> None:
        """Long messages are wrapped."""
        found = finding("MST014", "word " * 100, expected="word " * 100)
        assert max(map(len, finding_lines(found, 60))) <= 60

    def test_a_count_is_told_unless_the_message_does(self) -> None:
        """Three of something are said to be three, once."""
        assert message_text(finding("CAR014", "twice", count=3)) == "twice (3 in all)"
        assert message_text(finding("CAR013", "3 roots", count=3)) == "3 roots"

    def test_a_message_is_safe(self) -> None:
        """It may quote what the file holds."""
        assert "\x1b" not in finding_headline(finding("CAR017", ESCAPES))

    @pytest.mark.parametrize("verdict", Verdict)
    def test_every_verdict_has_a_sentence(self, verdict: Verdict) -> None:
        """In capitals, so that it cannot be missed."""
        sentence = verdict_sentence(made_report(verdict, complete=True))
        word = verdict.value.upper().replace("-", " ")
        assert sentence.startswith(f"{word}: ")
        assert "Complete: every block" in sentence

    def test_what_is_missing_is_counted(self) -> None:
        """Nodes and records, with their numbers."""
        report = made_report(
            Verdict.INCOMPLETE, complete=False, missing_nodes=1, missing_records=4
        )
        text = completeness_text(report)
        assert text == "Not complete: 1 node and 4 records are missing"
        one = made_report(Verdict.INCOMPLETE, complete=False, missing_records=1)
        assert completeness_text(one) == "Not complete: 1 record is missing"

    def test_damage_is_not_called_missing(self) -> None:
        """A block that does not hash is there, and of no use."""
        report = made_report(Verdict.INVALID, complete=False)
        assert "damaged" in completeness_text(report)

    def test_unknown_completeness_says_why(self) -> None:
        """No tree, or a limit."""
        none = made_report(Verdict.UNREADABLE, complete=None)
        assert "no tree could be reached" in completeness_text(none)
        limit = made_report(
            Verdict.INCOMPLETE, complete=None, findings=[finding("LIM001", "budget")]
        )
        assert "a limit ended the reading" in completeness_text(limit)
        assert "a limit ended the reading" in verdict_sentence(limit)
