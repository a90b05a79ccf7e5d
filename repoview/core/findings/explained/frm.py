"""The codes FRM, explained."""

from __future__ import annotations

from typing import Final

from repoview.core.findings.explained.explanation import Explanation

EXPLAINED: Final = {
    "FRM001": Explanation(
        cause="The file is no frame, or only a part of the message was saved.",
        fix="Save each message of the WebSocket as it came.",
    ),
    "FRM002": Explanation(
        cause="A message that was saved in part, or a connection that broke.",
        fix="Save a message when all of it is there.",
    ),
    "FRM003": Explanation(
        cause="A host that leaves out fields that are null or empty.",
        fix=(
            "Write all fields that the schema requires, even those that are of no use "
            "any more."
        ),
    ),
    "FRM004": Explanation(
        cause="A host that mixes up the fields of operations, or writes a CID as text.",
        fix="Check what you send against the schema.",
    ),
    "FRM005": Explanation(
        cause="A newer version of the protocol, or a host that adds fields of its own.",
        fix="Ignore such fields.",
    ),
    "FRM006": Explanation(
        cause="A host that puts too many or too large changes into one commit.",
        fix="Split large changes into several commits.",
    ),
    "FRM007": Explanation(
        cause="A newer version of the protocol, or another event stream.",
        fix="Ignore such messages.",
    ),
    "FRM008": Explanation(
        cause=(
            "A program that writes lengths, line ends or the like between messages, or "
            "a message that was saved in part."
        ),
        fix="Write the messages one behind the other, and nothing in between.",
    ),
    "FRM009": Explanation(
        cause=(
            "A general CBOR encoder, which does not sort keys or writes longer forms."
        ),
        fix="Encode frames with a DAG-CBOR encoder.",
    ),
    "FRM010": Explanation(
        cause=(
            "A host that mixes up two commits or accounts, or an event made up on the "
            "way."
        ),
        fix="Take what the commit says, which is signed.",
    ),
    "FRM011": Explanation(
        cause=(
            "A host that lists other operations than it made, or an event made up on "
            "the way."
        ),
        fix="Derive the list of operations from the two trees, before and after.",
    ),
    "FRM012": Explanation(
        cause="A host that sends too few blocks.",
        fix="Send all nodes on the way from the commit to each path.",
    ),
    "FRM013": Explanation(
        cause=(
            "A host that leaves operations out of the list, or an event made up on the "
            "way."
        ),
        fix="Undo the operations before you send an event, and compare.",
    ),
    "FRM014": Explanation(
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
        cause="An event from before 2025, or a host that was not updated since.",
        fix="Send `prevData`.",
    ),
    "FRM016": Explanation(
        cause="A host that lists each step of a change, and not what changed in all.",
        fix="List what changed between the two trees.",
    ),
    "FRM017": Explanation(
        cause="Several messages were saved one behind the other.",
        fix="There is nothing to do.",
    ),
}
