//! The status snapshot: all status lists at once, for verifiers without a network, and the deltas
//! that keep it fresh (credential.md §10.1, §10.2).

pub mod gaps;

use crate::cbor::{CborError, Item};
use crate::status::{LIST_SIZE, Status, StatusList};
use std::collections::BTreeMap;

/// A snapshot longer than this is refused unread: 100 million certificates of which 10 % are marked.
pub const SNAPSHOT_BYTES_MAX: usize = 8 << 20;
/// A delta longer than this is refused unread.
pub const DELTA_BYTES_MAX: usize = 64 << 10;
/// Indices and counts of changes are below this.
const LIMIT: u64 = 1 << 40;
/// Sets of a block: revoked, suspended, superseded. Those of a delta have valid again before them.
const MARKS: [Status; 3] = [Status::Revoked, Status::Suspended, Status::Superseded];
const ALL: [Status; 4] = [Status::Valid, Status::Revoked, Status::Suspended, Status::Superseded];

/// Up to where a snapshot or a delta knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// How many changes of status there had been: counts up, and names the state.
    pub changes: u64,
    /// How many certificates were issued.
    pub issued: u64,
    /// When it was signed, in seconds since 1970-01-01 UTC.
    pub issued_at_s: i64,
    /// Until when it counts as fresh.
    pub expires_at_s: i64,
}

/// Every certificate that is not valid, before it is signed or after the signature has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Up to where it knows.
    pub reach: Reach,
    /// By index; none is valid.
    marks: BTreeMap<u64, Status>,
}

/// What changed after a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// The count of changes of the snapshot it continues.
    pub from: u64,
    /// Up to where it knows.
    pub reach: Reach,
    /// By index, as it is now; valid again is among them.
    pub marks: BTreeMap<u64, Status>,
}

/// Why bytes are not a snapshot or a delta, or do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// CBOR of another shape.
    #[error("not a status snapshot of version 1: {0}")]
    Shape(&'static str),
    /// A delta from another state.
    #[error("the delta continues the state after {from} changes, not this one after {at}")]
    Elsewhere {
        /// What it continues.
        from: u64,
        /// What is at hand.
        at: u64,
    },
    /// Going back.
    #[error("this was signed earlier, or knows less, than what is at hand")]
    Older,
}

impl Reach {
    fn items(self) -> [Item; 4] {
        let count = |n: u64| Item::Int(n.cast_signed());
        let times = (Item::Int(self.issued_at_s), Item::Int(self.expires_at_s));
        [count(self.changes), count(self.issued), times.0, times.1]
    }

    fn read([changes, issued, from, until]: [&Item; 4]) -> Result<Self, SnapshotError> {
        let time = |item: &Item| item.as_int().ok_or(SnapshotError::Shape("a time"));
        Ok(Self {
            changes: count(changes)?,
            issued: count(issued)?,
            issued_at_s: time(from)?,
            expires_at_s: time(until)?,
        })
    }

    /// Refuses to go from here back to an earlier state.
    pub fn advance(self, to: Self) -> Result<(), SnapshotError> {
        let back = to.issued_at_s < self.issued_at_s || to.changes < self.changes || to.issued < self.issued;
        if back { Err(SnapshotError::Older) } else { Ok(()) }
    }
}

fn count(item: &Item) -> Result<u64, SnapshotError> {
    let count = item.as_int().and_then(|n| u64::try_from(n).ok()).filter(|n| *n < LIMIT);
    count.ok_or(SnapshotError::Shape("a count"))
}

impl Snapshot {
    /// A snapshot of what is not valid among the certificates issued.
    #[must_use]
    pub fn new(reach: Reach, marks: impl IntoIterator<Item = (u64, Status)>) -> Self {
        let known = |(index, status): &(u64, Status)| *index < reach.issued && *status != Status::Valid;
        Self { reach, marks: marks.into_iter().filter(known).collect() }
    }

    /// How many certificates are not valid.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether every certificate is valid.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// What the status list of a number says, without the reasons; none beyond what was issued.
    #[must_use]
    pub fn list(&self, number: u64) -> Option<StatusList> {
        let first = number.checked_mul(LIST_SIZE).filter(|first| *first < self.reach.issued)?;
        let issued = (self.reach.issued - first).min(LIST_SIZE);
        let marks = self.marks.range(first..first + issued).map(|(index, status)| (*index, *status));
        let times = (self.reach.issued_at_s, self.reach.expires_at_s);
        Some(StatusList::bare(number, times, issued, marks))
    }

    /// The state that a delta leads to.
    pub fn apply(&self, delta: &Delta) -> Result<Self, SnapshotError> {
        if delta.from != self.reach.changes {
            return Err(SnapshotError::Elsewhere { from: delta.from, at: self.reach.changes });
        }
        self.reach.advance(delta.reach)?;
        let mut marks = self.marks.clone();
        marks.extend(&delta.marks);
        Ok(Self::new(delta.reach, marks))
    }

    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let blocks = (0..self.reach.issued.div_ceil(LIST_SIZE)).map(|number| {
            let first = number * LIST_SIZE;
            let marks = self.marks.range(first..first + LIST_SIZE).map(|(i, s)| (i - first, *s));
            Item::Bytes(pack(&MARKS, marks, LIST_SIZE))
        });
        let mut items = vec![Item::Int(1)];
        items.extend(self.reach.items());
        items.push(Item::Array(blocks.collect()));
        Item::Array(items).encode()
    }

    /// Reads a payload whose signature has been checked.
    pub fn decode(payload: &[u8]) -> Result<Self, SnapshotError> {
        let item = Item::decode(payload)?;
        let Some([Item::Int(1), a, b, c, d, Item::Array(blocks)]) = item.as_array() else {
            return Err(SnapshotError::Shape("the head"));
        };
        let reach = Reach::read([a, b, c, d])?;
        if blocks.len() as u64 != reach.issued.div_ceil(LIST_SIZE) {
            return Err(SnapshotError::Shape("the number of blocks"));
        }
        let mut marks = BTreeMap::new();
        for (number, block) in (0u64..).zip(blocks) {
            let bytes = block.as_bytes().ok_or(SnapshotError::Shape("a block"))?;
            let first = number * LIST_SIZE;
            marks.extend(unpack(&MARKS, bytes, LIST_SIZE)?.into_iter().map(|(i, s)| (first + i, s)));
        }
        known(&marks, reach)?;
        Ok(Self { reach, marks })
    }
}

impl Delta {
    /// The payload that is signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut items = vec![Item::Int(1), Item::Int(self.from.cast_signed())];
        items.extend(self.reach.items());
        let marks = self.marks.iter().map(|(index, status)| (*index, *status));
        items.push(Item::Bytes(pack(&ALL, marks, self.reach.issued)));
        Item::Array(items).encode()
    }

    /// Reads a payload whose signature has been checked.
    pub fn decode(payload: &[u8]) -> Result<Self, SnapshotError> {
        let item = Item::decode(payload)?;
        let Some([Item::Int(1), from, a, b, c, d, Item::Bytes(bytes)]) = item.as_array() else {
            return Err(SnapshotError::Shape("the head"));
        };
        let reach = Reach::read([a, b, c, d])?;
        let marks = unpack(&ALL, bytes, reach.issued)?;
        Ok(Self { from: count(from)?, reach, marks })
    }
}

fn known(marks: &BTreeMap<u64, Status>, reach: Reach) -> Result<(), SnapshotError> {
    let beyond = marks.last_key_value().is_some_and(|(index, _)| *index >= reach.issued);
    if beyond { Err(SnapshotError::Shape("a mark beyond what was issued")) } else { Ok(()) }
}

/// One set for each status; nothing at all where none is marked.
fn pack(statuses: &[Status], marks: impl Iterator<Item = (u64, Status)>, universe: u64) -> Vec<u8> {
    let mut sets = vec![vec![]; statuses.len()];
    for (index, status) in marks {
        if let Some(at) = statuses.iter().position(|s| *s == status) {
            sets[at].push(index);
        }
    }
    if sets.iter().all(Vec::is_empty) { vec![] } else { gaps::write(&sets, universe) }
}

fn unpack(statuses: &[Status], bytes: &[u8], universe: u64) -> Result<BTreeMap<u64, Status>, SnapshotError> {
    if bytes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sets = gaps::read(bytes, statuses.len(), universe).ok_or(SnapshotError::Shape("a block"))?;
    let count: usize = sets.iter().map(Vec::len).sum();
    let marked = sets.into_iter().zip(statuses).flat_map(|(set, s)| set.into_iter().map(|i| (i, *s)));
    let marks: BTreeMap<u64, Status> = marked.collect();
    // Nothing marked is written as nothing, and no index stands in two sets.
    if count == 0 || marks.len() != count { Err(SnapshotError::Shape("a block")) } else { Ok(marks) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(changes: u64, issued: u64, issued_at_s: i64) -> Reach {
        Reach { changes, issued, issued_at_s, expires_at_s: issued_at_s + 86_400 }
    }

    fn snapshot() -> Snapshot {
        let marks = [(3, Status::Revoked), (LIST_SIZE + 9, Status::Suspended), (4, Status::Superseded)];
        Snapshot::new(reach(3, LIST_SIZE * 2 + 1, 1_000), marks)
    }

    #[test]
    fn a_snapshot_comes_back_and_says_what_the_lists_say() {
        let made = snapshot();
        assert_eq!(Snapshot::decode(&made.encode()).unwrap(), made);
        let list = made.list(1).unwrap();
        assert_eq!(list.status(LIST_SIZE + 9), Some(Status::Suspended));
        assert_eq!(list.status(LIST_SIZE + 10), Some(Status::Valid));
        assert_eq!(made.list(2).unwrap().status(LIST_SIZE * 2), Some(Status::Valid));
        assert_eq!(made.list(2).unwrap().status(LIST_SIZE * 2 + 1), None, "not issued yet");
        assert_eq!(made.list(3), None);
    }

    #[test]
    fn a_delta_leads_on_from_its_own_state_only() {
        let made = snapshot();
        let marks = BTreeMap::from([(LIST_SIZE + 9, Status::Valid), (7, Status::Revoked)]);
        let delta = Delta { from: 3, reach: reach(5, LIST_SIZE * 3, 2_000), marks };
        assert_eq!(Delta::decode(&delta.encode()).unwrap(), delta);
        let next = made.apply(&delta).unwrap();
        assert_eq!((next.len(), next.reach), (3, delta.reach));
        assert_eq!(next.list(1).unwrap().status(LIST_SIZE + 9), Some(Status::Valid));
        assert_eq!(next.list(0).unwrap().status(7), Some(Status::Revoked));
        assert_eq!(next.apply(&delta), Err(SnapshotError::Elsewhere { from: 3, at: 5 }));
        for older in [reach(5, LIST_SIZE * 3, 999), reach(2, LIST_SIZE * 3, 2_000), reach(5, 10, 2_000)] {
            assert_eq!(made.apply(&Delta { reach: older, ..delta.clone() }), Err(SnapshotError::Older));
        }
    }

    #[test]
    fn marks_beyond_what_was_issued_are_refused() {
        let mut made = snapshot();
        made.reach.issued = LIST_SIZE * 2;
        made.marks.insert(LIST_SIZE * 2 - 1, Status::Revoked);
        let payload = made.encode();
        assert!(Snapshot::decode(&payload).is_ok());
        made.reach.issued -= 1;
        assert!(Snapshot::decode(&made.encode()).is_err());
        made.reach.issued = LIST_SIZE;
        assert!(Snapshot::decode(&made.encode()).is_ok(), "the block is not written at all");
    }
}
