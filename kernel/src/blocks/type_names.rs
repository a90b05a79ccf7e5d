//! The `$type`s met, by number.

use std::collections::HashMap;

use crate::limits;

/// The `$type`s met, by number; 0 is none.
pub struct TypeNames {
    names: Vec<Box<[u8]>>,
    numbers: HashMap<Box<[u8]>, u16>,
    last: u16,
}

impl Default for TypeNames {
    fn default() -> Self {
        Self {
            names: vec![Box::default()],
            numbers: HashMap::new(),
            last: 0,
        }
    }
}

impl TypeNames {
    /// Return the number of a type that was met.
    #[must_use]
    pub fn number(&self, name: &[u8]) -> Option<u16> {
        if name.is_empty() {
            return Some(0);
        }
        self.numbers.get(name).copied()
    }

    /// The same, memoized for repeated types.
    pub fn again(&mut self, name: &[u8]) -> Option<u16> {
        if &*self.names[self.last as usize] != name {
            self.last = self.number(name)?;
        }
        Some(self.last)
    }

    /// Give a new type a number; None when there are too many.
    pub fn add(&mut self, name: &[u8]) -> Option<u16> {
        let number = u16::try_from(self.names.len()).ok()?;
        let characters = std::str::from_utf8(name).ok()?.chars().count();
        if number > limits::KEPT_TYPES || characters > limits::MAX_NSID {
            return None;
        }
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        Some(number)
    }

    /// Return the type of this number.
    #[must_use]
    pub fn name(&self, number: u16) -> Option<&str> {
        let name = self.names.get(number as usize)?;
        std::str::from_utf8(name).ok()
    }
}
