//! The platform's own rates: eighty a second for the number, and for each citizen forty-five at once,
//! then one in six seconds.

use std::collections::HashMap;
use std::time::Instant;

const PER_SECOND: f64 = 80.0;
const PAIR_BURST: f64 = 45.0;
const PAIR_EVERY_S: f64 = 6.0;

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn take(&mut self, now: Instant, per_second: f64, most: f64) -> bool {
        self.left = (self.left + now.duration_since(self.at).as_secs_f64() * per_second).min(most);
        self.at = now;
        let there = self.left >= 1.0;
        if there {
            self.left -= 1.0;
        }
        there
    }
}

/// What has been sent lately.
#[derive(Debug, Default)]
pub struct Rates {
    number: Option<Bucket>,
    pairs: HashMap<String, Bucket>,
}

impl Rates {
    /// Counts a message; the code of the refusal where it comes too early.
    pub fn count(&mut self, to: &str, now: Instant) -> Result<(), i64> {
        let full = |left| Bucket { left, at: now };
        if !self.number.get_or_insert_with(|| full(PER_SECOND)).take(now, PER_SECOND, PER_SECOND) {
            return Err(130_429);
        }
        let pair = self.pairs.entry(to.to_owned()).or_insert_with(|| full(PAIR_BURST));
        if pair.take(now, 1.0 / PAIR_EVERY_S, PAIR_BURST) { Ok(()) } else { Err(131_056) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_pair_bursts_and_then_waits_and_the_number_has_its_own_limit() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        for n in 0..45 {
            assert_eq!(rates.count("a", start), Ok(()), "{n}");
        }
        assert_eq!(rates.count("a", start), Err(131_056));
        assert_eq!(rates.count("a", start + Duration::from_secs(7)), Ok(()));
        let later = start + Duration::from_secs(20);
        for n in 0..80 {
            assert_eq!(rates.count(&n.to_string(), later), Ok(()), "{n}");
        }
        assert_eq!(rates.count("z", later), Err(130_429));
    }
}
