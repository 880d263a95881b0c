//! The deterministic CBOR (RFC 8949 §4.2.1) that everything signed is written in, as a small tree.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// The outermost item and those within it: one that stands in six arrays or maps is refused.
const DEPTH_MAX: u8 = 6;
/// Maps of more entries are refused.
const ENTRIES_MAX: usize = 64;

/// One CBOR data item of the kinds the profile uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A signed integer of up to 64 bits.
    Int(i64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A text string.
    Text(String),
    /// An array.
    Array(Vec<Item>),
    /// A map with the entries in the order in which they are written.
    Map(Vec<(Item, Item)>),
    /// Nothing here.
    Null,
}

/// The bytes are not one deterministic item.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not deterministic CBOR: {0}")]
pub struct CborError(pub String);

impl Item {
    /// Reads exactly one item; what would not be written the same way is refused.
    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        let mut decoder = Decoder::new(bytes);
        let item = read(&mut decoder, DEPTH_MAX).map_err(|e| CborError(e.to_string()))?;
        if decoder.position() == bytes.len() {
            Ok(item)
        } else {
            Err(CborError("bytes are left over".into()))
        }
    }

    /// Writes the item with the shortest heads and definite lengths.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::with_capacity(256));
        // Writing to a Vec cannot fail: its error type is uninhabited.
        let _ = write(&mut encoder, self);
        encoder.into_writer()
    }

    /// The integer, if it is one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(n) = self { Some(*n) } else { None }
    }

    /// The bytes, if they are some.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(b) = self { Some(b) } else { None }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(t) = self { Some(t) } else { None }
    }

    /// The elements, if it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Item]> {
        if let Self::Array(a) = self { Some(a) } else { None }
    }

    /// The value behind an integer key, if it is a map that has it.
    #[must_use]
    pub fn get(&self, key: i64) -> Option<&Item> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(k, _)| *k == Self::Int(key)).map(|(_, v)| v)
    }

    /// The value behind a text key, if it is a map that has it.
    #[must_use]
    pub fn get_text(&self, key: &str) -> Option<&Item> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v)
    }
}

fn read(d: &mut Decoder<'_>, depth: u8) -> Result<Item, minicbor::decode::Error> {
    let refused = |why| Err(minicbor::decode::Error::message(why));
    if depth == 0 {
        return refused("nested too deeply");
    }
    let start = d.position();
    let item = match d.datatype()? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            let n = d.i64()?;
            // -1 is written as 0, -2 as 1, ….
            shortest(d.position() - start, if n < 0 { !n } else { n }.cast_unsigned())?;
            Item::Int(n)
        }
        Type::Bytes => {
            let bytes = d.bytes()?;
            shortest(d.position() - start - bytes.len(), bytes.len() as u64)?;
            Item::Bytes(bytes.to_vec())
        }
        Type::String => {
            let text = d.str()?;
            shortest(d.position() - start - text.len(), text.len() as u64)?;
            Item::Text(text.to_owned())
        }
        // The vectors grow with what is there, never with what a head claims.
        Type::Array => {
            let Some(length) = d.array()? else { return refused("indefinite array") };
            shortest(d.position() - start, length)?;
            let mut items = Vec::new();
            for _ in 0..length {
                items.push(read(d, depth - 1)?);
            }
            Item::Array(items)
        }
        Type::Map => {
            let Some(length) = d.map()? else { return refused("indefinite map") };
            shortest(d.position() - start, length)?;
            let mut entries: Vec<(Item, Item)> = Vec::new();
            for _ in 0..length {
                let key = read(d, depth - 1)?;
                if !matches!(key, Item::Int(_) | Item::Text(_)) {
                    return refused("a key that is neither a number nor a text");
                }
                if entries.iter().any(|(k, _)| *k == key) {
                    return refused("a key stands twice");
                }
                entries.push((key, read(d, depth - 1)?));
                if entries.len() > ENTRIES_MAX {
                    return refused("a map of more than 64 entries");
                }
            }
            Item::Map(entries)
        }
        Type::Null => {
            d.null()?;
            Item::Null
        }
        _ => return refused("a kind of item the profile does not use"),
    };
    Ok(item)
}

/// Refuses a head that is longer than its argument needs (RFC 8949 §4.2.1).
fn shortest(head: usize, argument: u64) -> Result<(), minicbor::decode::Error> {
    let needed = match argument {
        0..24 => 1,
        24..0x100 => 2,
        0x100..0x1_0000 => 3,
        0x1_0000..0x1_0000_0000 => 5,
        _ => 9,
    };
    if head == needed { Ok(()) } else { Err(minicbor::decode::Error::message("another encoding exists")) }
}

fn write(
    e: &mut Encoder<Vec<u8>>,
    item: &Item,
) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
    match item {
        Item::Int(n) => e.i64(*n).map(drop),
        Item::Bytes(b) => e.bytes(b).map(drop),
        Item::Text(t) => e.str(t).map(drop),
        Item::Null => e.null().map(drop),
        Item::Array(items) => {
            e.array(items.len() as u64)?;
            items.iter().try_for_each(|i| write(e, i))
        }
        Item::Map(entries) => {
            e.map(entries.len() as u64)?;
            entries.iter().try_for_each(|(k, v)| write(e, k).and_then(|()| write(e, v)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn long_forms_and_trailing_bytes_are_refused() {
        for bytes in
            [&[0x18, 0x01][..], &[0x01, 0x00], &[0x9f, 0xff], &[0x9b, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]]
        {
            assert!(Item::decode(bytes).is_err(), "{bytes:02x?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(item) = Item::decode(&bytes) {
                prop_assert_eq!(item.encode(), bytes);
            }
        }
    }
}
