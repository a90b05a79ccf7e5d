//! Faults of records and keys that are counted instead of handed over.
//!
//! The engine lists the first hundred findings of a code; a hostile file may have a
//! million more, which only count.

/// A broken rule, by its number in `seam.CountedFault`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// A head is not in its shortest form.
    LongHead,
    /// A tag does not mark a link.
    Tag,
    /// A link holds no CID.
    Link,
    /// A link holds a CID that is not of atproto's form.
    OddLink,
    /// A float.
    Float,
    /// A float that is short, or no number.
    OddFloat,
    /// A simple value that there is not in DAG-CBOR.
    Simple,
    /// An integer over 53 bits.
    LargeInt,
    /// An integer over 64 bits with a sign.
    HugeInt,
    /// A text is not UTF-8.
    NotUtf8,
    /// A text holds control or bidi characters.
    Control,
    /// A map key is empty.
    EmptyKey,
    /// A map key begins with `$`.
    ReservedKey,
    /// A map key stands behind one that it should come before.
    KeyOrder,
    /// A map key is there twice.
    SameKey,
    /// Something stands behind the item.
    Tail,
    /// The record has no `$type`.
    NoType,
    /// The `$type` is not the collection.
    OtherType,
    /// A record key holds a character that none may.
    KeyCharacter,
    /// A key is longer than older readers take.
    LongKey,
    /// A text, bytes, an array or a map goes on up to a break.
    NoLength,
    /// The block of a record does not hash to its CID.
    Damaged,
    /// A blob reference has other fields than it should, or of other types.
    BlobShape,
    /// It links to what is no blob.
    BlobCid,
    /// Its size is zero or less.
    BlobSize,
    /// It is of the older form.
    BlobLegacy,
    /// Its media type is empty, or has no slash.
    BlobMediaType,
}

/// How many there are.
pub const FAULTS: usize = Fault::BlobMediaType as usize + 1;

/// How often each fault was met.
pub type Counts = [u64; FAULTS];
