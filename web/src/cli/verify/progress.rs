//! How far a run of many has come: a bar on a terminal, nothing where nobody is looking.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// Cells of the bar.
const WIDTH: usize = 30;
/// It is drawn anew at most so often.
const EVERY: Duration = Duration::from_millis(100);

/// The bar, on the standard error.
pub struct Progress {
    shown: bool,
    drawn: Instant,
}

impl Progress {
    /// Begins; a report that is piped away still has its bar, if the standard error is a terminal.
    pub fn start() -> Self {
        Self { shown: std::io::stderr().is_terminal(), drawn: Instant::now() }
    }

    /// So many are done, of so many, once it is known how many there are.
    pub fn tell(&mut self, done: usize, all: Option<usize>) {
        if !self.shown || self.drawn.elapsed() < EVERY {
            return;
        }
        self.drawn = Instant::now();
        eprint!("\r{}", bar(done, all));
        let _ = std::io::stderr().flush();
    }

    /// Says how many there were.
    pub fn end(&self, done: usize) {
        let clear = if self.shown { "\r\x1b[K" } else { "" };
        eprintln!("{clear}{done} checked");
    }
}

fn bar(done: usize, all: Option<usize>) -> String {
    match all {
        Some(all) if all > 0 => {
            let full = done.min(all) * WIDTH / all;
            format!("{}{} {done} of {all}", "█".repeat(full), "░".repeat(WIDTH - full))
        }
        _ => format!("{done} checked …"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_it_should_be() {
        assert_eq!(bar(7, None), "7 checked …");
        let full = |text: String| text.chars().filter(|c| *c == '█').count();
        assert_eq!(full(bar(0, Some(400))), 0);
        assert_eq!(full(bar(200, Some(400))), WIDTH / 2);
        assert_eq!(full(bar(400, Some(400))), WIDTH);
        assert!(bar(3, Some(400)).ends_with("3 of 400"));
    }
}
