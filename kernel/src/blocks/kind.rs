//! What a block looks like from its bytes alone, as a number of two bytes.

use crate::formats::node::Shape;

/// What a sound block looks like: a record of some `$type`, a node, or else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(u16);

impl Kind {
    /// Neither; or not looked at.
    #[allow(non_upper_case_globals)]
    pub const None: Kind = Kind(0);
    /// A record whose `$type` is not kept.
    pub const MANY: Kind = Kind(u16::MAX);
    /// Type numbers are below this.
    pub const FIRST_NODE: u16 = 0xff00;
    const KEYLESS_NODE: u16 = 0xfff0;
    const EMPTY_NODE: u16 = 0xfff1;

    /// Return what a canonical node is, unless its keys are wrong.
    #[must_use]
    pub fn shape(self) -> Option<Shape> {
        match self.0 {
            Self::KEYLESS_NODE => Some(Shape::WithoutKeys),
            Self::EMPTY_NODE => Some(Shape::Empty),
            number @ Self::FIRST_NODE..Self::KEYLESS_NODE => {
                let depth = u8::try_from(number - Self::FIRST_NODE).unwrap_or(u8::MAX);
                Some(Shape::AtDepth(depth))
            }
            _ => None,
        }
    }

    /// Return the kind that has this number.
    #[must_use]
    pub fn numbered(number: u16) -> Self {
        Kind(number)
    }

    /// Return the number of this kind.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// Return the number of the `$type`; 0 for none.
    #[must_use]
    pub fn type_number(self) -> u16 {
        if self.shape().is_some() { 0 } else { self.0 }
    }
}

impl From<Option<Shape>> for Kind {
    fn from(shape: Option<Shape>) -> Kind {
        match shape {
            None => Kind::None,
            Some(Shape::WithoutKeys) => Kind(Kind::KEYLESS_NODE),
            Some(Shape::Empty) => Kind(Kind::EMPTY_NODE),
            Some(Shape::AtDepth(depth)) => Kind(Kind::FIRST_NODE + u16::from(depth)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_kinds_are_no_types() {
        for depth in 0..=128 {
            let kind = Kind::from(Some(Shape::AtDepth(depth)));
            assert_eq!(kind.shape(), Some(Shape::AtDepth(depth)));
            assert_eq!(kind.type_number(), 0);
        }
        for shape in [Shape::WithoutKeys, Shape::Empty] {
            assert_eq!(Kind::from(Some(shape)).shape(), Some(shape));
        }
        assert_eq!(Kind::MANY.shape(), None);
    }
}
