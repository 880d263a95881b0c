//! Writes made-up certificates and what the Rust verifier says of each: `cases COUNT [SEED]`.

use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).map(|a| a.parse::<u64>());
    let (count, seed) = (numbers.next(), numbers.next().unwrap_or(Ok(1)));
    let (Some(Ok(count)), Ok(seed)) = (count, seed) else {
        return Err(io::Error::other("usage: cases COUNT [SEED]"));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    mohar_tests::cases::write(usize::try_from(count).map_err(io::Error::other)?, seed, &mut out)?;
    out.flush()
}
