"""The codes FRM, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation

EXPLAINED: Final = {
    "FRM001": Explanation(
        why=(
            "The header says what the payload is, so that a reader can skip what it "
            "does not know without decoding it. Without both, neither can be done."
        ),
        cause="The file is no frame, or only a part of the message was saved.",
        fix="Save each message of the WebSocket as it came.",
    ),
    "FRM002": Explanation(
        why=(
            "A message of the socket is one frame. Bytes behind it were meant for "
            "nobody, or are half of another, and readers would differ in what they "
            "make of them."
        ),
        cause="A message that was saved in part, or a connection that broke.",
        fix="Save a message when all of it is there.",
    ),
    "FRM003": Explanation(
        why=(
            "Who follows the stream keeps a state for each account, and each of these "
            "fields is compared with it. Without one, the event cannot be put in its "
            "place."
        ),
        cause="A host that leaves out fields that are null or empty.",
        fix=(
            "Write all fields that the schema requires, even those that are of no use "
            "any more."
        ),
    ),
    "FRM004": Explanation(
        why=(
            "`cid` and `prev` say what a path was and what it is. If they do not fit "
            "the action, undoing the operation leads to another tree, and the event "
            "cannot be checked."
        ),
        cause="A host that mixes up the fields of operations, or writes a CID as text.",
        fix="Check what you send against the schema.",
    ),
    "FRM005": Explanation(
        why=(
            "The stream gets new fields while old readers go on. Who refuses them is "
            "cut off by each addition."
        ),
        cause="A newer version of the protocol, or a host that adds fields of its own.",
        fix="Ignore such fields.",
    ),
    "FRM006": Explanation(
        why=(
            "Relays pass every event to many readers, and hold it in memory for each. "
            "A bound on one event bounds them all; larger changes are sent in pieces, "
            "or fetched."
        ),
        cause="A host that puts too many or too large changes into one commit.",
        fix="Split large changes into several commits.",
    ),
    "FRM007": Explanation(
        why=(
            "So that kinds of events can be added without a second stream. Those who "
            "need a kind will know it."
        ),
        cause="A newer version of the protocol, or another event stream.",
        fix="Ignore such messages.",
    ),
    "FRM008": Explanation(
        why=(
            "Frames have no length in front, so the end of one is the only way to the "
            "next. What stands between is taken for the beginning of a frame."
        ),
        cause=(
            "A program that writes lengths, line ends or the like between messages, or "
            "a message that was saved in part."
        ),
        fix="Write the messages one behind the other, and nothing in between.",
    ),
    "FRM009": Explanation(
        why=(
            "Frames are not hashed, but decoders for DAG-CBOR are strict. A host that "
            "writes a longer form is understood by some readers only."
        ),
        cause=(
            "A general CBOR encoder, which does not sort keys or writes longer forms."
        ),
        fix="Encode frames with a DAG-CBOR encoder.",
    ),
    "FRM010": Explanation(
        why=(
            "The commit is signed, and the frame around it is not. Only if they agree "
            "is what the frame says the account's own word."
        ),
        cause=(
            "A host that mixes up two commits or accounts, or an event made up on the "
            "way."
        ),
        fix="Take what the commit says, which is signed.",
    ),
    "FRM011": Explanation(
        why=(
            "The list of operations is not signed, but the tree is. A reader that "
            "applies the list without comparing shows records that the account does "
            "not have."
        ),
        cause=(
            "A host that lists other operations than it made, or an event made up on "
            "the way."
        ),
        fix="Derive the list of operations from the two trees, before and after.",
    ),
    "FRM012": Explanation(
        why=(
            "With them each reader can check the event by itself, without asking the "
            "host, which may be slow, gone or lying."
        ),
        cause="A host that sends too few blocks.",
        fix="Send all nodes on the way from the commit to each path.",
    ),
    "FRM013": Explanation(
        why=(
            "The list may be right in all that it says and still leave something out. "
            "Only going back to the tree before shows that nothing else was changed."
        ),
        cause=(
            "A host that leaves operations out of the list, or an event made up on the "
            "way."
        ),
        fix="Undo the operations before you send an event, and compare.",
    ),
    "FRM014": Explanation(
        why=(
            "Without them a receiver has to believe the list, or to keep the whole "
            "tree of each account. With them a few blocks are enough."
        ),
        cause=(
            "A host from before this form of the event stream, or one that sends too "
            "few blocks."
        ),
        fix=(
            "Send the neighboring nodes that a deletion joins, and `prev` of each "
            "record."
        ),
    ),
    "FRM015": Explanation(
        why=(
            "With it a receiver that keeps one CID for each account knows whether it "
            "has missed a commit, and can check the operations."
        ),
        cause="An event from before 2025, or a host that was not updated since.",
        fix="Send `prevData`.",
    ),
    "FRM016": Explanation(
        why=(
            "Of two operations on one path the order decides, and undoing goes the "
            "other way: receivers that apply them as a set get different states."
        ),
        cause="A host that lists each step of a change, and not what changed in all.",
        fix="List what changed between the two trees.",
    ),
    "FRM017": Explanation(
        why=(
            "A file of one event can be judged as one repository. Of several, each has "
            "its own blocks and its own tree before."
        ),
        cause="Several messages were saved one behind the other.",
        fix="There is nothing to do.",
    ),
}
