//! What people type into a field: amounts, days, yes and no, phone numbers, PIN codes, districts.
//! Every function reads all three writings and gives nothing rather than a guess.

mod amount;
mod contact;
mod day;
mod place;
pub(crate) mod spoken;

pub use amount::{amount, amount_spoken};
pub use contact::{phone, pin, yes_no};
pub use day::{day, day_spoken};
pub use place::{district, district_spoken};
