//! `mohar understand`.

use super::Error;
use crate::edge::now_s;
use clap::Args;
use mohar_dialogue::understand::{LIMIT, Understanding, understand};
use serde::Serialize;
use std::io::{BufRead, ErrorKind, Read, Write};
use std::process::ExitCode;

/// Options of `mohar understand`.
#[derive(Debug, Args)]
#[command(
    long_about = "Tells what messages to the assistant want. Reads one message a line from standard input, in \
Hindi, English or Hindi in Latin letters, and prints one JSON a line, as soon as it is read. Needs no network, \
no key and no database.

  text          the message; of a longer one its first 4,096 characters, bytes that are no UTF-8 as \u{fffd}
  intent        apply:<service>, scheme:<scheme>, or one of back cancel correct documents download
                eligibility fees greeting grievance help language menu no out-of-scope person schemes
                status thanks timeline verify yes
  confidence    how often such a guess is right, 0 to 1
  alternatives  up to three others; after a search, what it found
  slots         service, scheme, application, certificate, date, amount (rupees), district: what was certain
  writing       hi, en, hi-Latn or mixed
  action        open (confident), offer (buttons for up to three), search (show what was found), menu",
    after_help = "Try: echo 'income certificate kaise banega' | mohar understand"
)]
pub struct Understand {
    /// The day that tells the century of "15/8/90"; left out: today.
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<jiff::civil::Date>,
}

#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    #[serde(flatten)]
    understanding: Understanding,
}

/// Understands standard input, line by line, until it ends or nobody reads on.
pub fn run(options: &Understand) -> Result<ExitCode, Error> {
    // In India the day begins five and a half hours before UTC's.
    let india = || jiff::Timestamp::from_second(now_s() + 19_800);
    let today = match options.today {
        Some(day) => day,
        None => jiff::tz::Offset::UTC.to_datetime(india()?).date(),
    };
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    while let Some(text) = line(&mut input)? {
        let answer = Line { text: &text, understanding: understand(&text, today) };
        let written = writeln!(output, "{}", serde_json::to_string(&answer)?).and_then(|()| output.flush());
        match written {
            Err(e) if e.kind() == ErrorKind::BrokenPipe => break,
            written => written?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The next line, its first [`LIMIT`] characters; what comes after them is read past, not kept.
fn line(input: &mut impl BufRead) -> std::io::Result<Option<String>> {
    // A character is at most four bytes.
    let most = u64::try_from(LIMIT * 4).unwrap_or(u64::MAX);
    let mut bytes = vec![];
    if input.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.trim_end_matches(['\n', '\r']).chars().take(LIMIT).collect()))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn long_and_broken_lines_are_lines() {
        let mut input = "é".repeat(20_000).into_bytes();
        input.extend(b"\nnext\r\n\xff\xfe\n\nlast");
        let mut input = &input[..];
        let mut next = || line(&mut input).unwrap();
        assert_eq!(next().map(|l| l.chars().count()), Some(4_096));
        for expected in ["next", "\u{fffd}\u{fffd}", "", "last"] {
            assert_eq!(next().as_deref(), Some(expected));
        }
        assert_eq!(next(), None);
    }
}
