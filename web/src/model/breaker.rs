//! A circuit breaker: a server that keeps failing is left alone for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many failures in a row open it …
const FAILURES_MAX: u32 = 5;
/// … for so long; then one call shows whether it may close.
const OPEN_FOR: Duration = Duration::from_mins(1);

/// Closed: every call goes through. Open: none does. Half open: one does.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    /// Whether a call may be made now.
    pub fn lets_through(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.open_until {
            Some(until) if now < until => false,
            Some(_) => {
                // The others wait for what the one finds.
                state.open_until = Some(now + OPEN_FOR);
                true
            }
            None => true,
        }
    }

    /// What came of a call that was let through.
    pub fn report(&self, worked: bool, now: Instant) {
        let mut state = self.state();
        if worked {
            *state = State::default();
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES_MAX {
            state.open_until = Some(now + OPEN_FOR);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Two numbers are in order whatever happened to the thread that held them.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_through_after_a_while() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 1..FAILURES_MAX {
            breaker.report(false, start);
        }
        breaker.report(true, start);
        for _ in 1..FAILURES_MAX {
            breaker.report(false, start);
        }
        assert!(breaker.lets_through(start), "a success in between counts");
        breaker.report(false, start);
        assert!(!breaker.lets_through(start));
        assert!(!breaker.lets_through(start + OPEN_FOR / 2));
        let later = start + OPEN_FOR;
        assert!(breaker.lets_through(later), "one shows whether it works");
        assert!(!breaker.lets_through(later), "the others wait");
        breaker.report(false, later);
        assert!(!breaker.lets_through(later + OPEN_FOR / 2));
        let again = later + OPEN_FOR;
        assert!(breaker.lets_through(again));
        breaker.report(true, again);
        assert!(breaker.lets_through(again) && breaker.lets_through(again));
    }
}
