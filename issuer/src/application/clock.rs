//! The clock: working days used and left, and what is owed when they are used up.

use jiff::civil::Date;
use mohar_schemas::catalogue::is_working_day;
use mohar_schemas::charges::charges;

/// How much time an application has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The last day in time.
    pub due: Date,
    /// Working days used so far.
    pub used: u32,
    /// Working days left; none when the due day has passed.
    pub left: u32,
    /// Working days over the limit.
    pub over: u32,
}

impl Clock {
    /// The clock of an application submitted on a day with a limit in working days. The day of
    /// submission does not count.
    #[must_use]
    pub fn of(submitted: Date, limit_days: u32, today: Date) -> Self {
        let used = working_days(submitted, today);
        let due = after(submitted, limit_days);
        Self { due, used, left: limit_days.saturating_sub(used), over: used.saturating_sub(limit_days) }
    }

    /// What the department owes the citizen, in rupees.
    #[must_use]
    pub fn compensation(&self) -> u32 {
        let charges = charges();
        self.over.saturating_mul(charges.compensation_a_day).min(charges.compensation_most)
    }
}

/// The day that lies a number of working days after another.
#[must_use]
pub fn after(day: Date, working_days: u32) -> Date {
    let (mut day, mut left) = (day, working_days);
    while left > 0 {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        left -= u32::from(is_working_day(day));
    }
    day
}

/// The working days after one day up to and including another.
fn working_days(from: Date, to: Date) -> u32 {
    // Whatever has run longer than this is overdue in any case.
    const DAYS_MAX: usize = 3_660;
    let days = std::iter::successors(from.tomorrow().ok(), |d| d.tomorrow().ok());
    let days = days.take(DAYS_MAX).take_while(|d| *d <= to).filter(|d| is_working_day(*d));
    u32::try_from(days.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_and_weekends_do_not_count() {
        // Friday; Saturday and Sunday are closed, Tuesday 24-11-2026 is Guru Nanak Jayanti.
        let friday = date(2026, 11, 20);
        assert_eq!(after(friday, 1), date(2026, 11, 23));
        assert_eq!(after(friday, 2), date(2026, 11, 25));
        let clock = Clock::of(friday, 2, date(2026, 11, 24));
        assert_eq!((clock.used, clock.left, clock.over, clock.compensation()), (1, 1, 0, 0));
        let late = Clock::of(friday, 2, date(2026, 11, 30));
        assert_eq!((late.due, late.over, late.compensation()), (date(2026, 11, 25), 3, 30));
        assert_eq!(Clock::of(friday, 2, date(2028, 1, 1)).compensation(), 200);
    }
}
