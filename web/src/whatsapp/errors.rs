//! What a refusal of the Cloud API means for the message, by its code: titles and HTTP statuses vary.

/// What to do with a message that was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Try again soon: something on the way was away.
    Again,
    /// We were too fast: try again, each time after a longer pause.
    BackOff,
    /// The citizen has not written for 24 hours: invite by template, hold the message until they do.
    Invite,
    /// No repetition helps: give up and show it to the administrators.
    GiveUp,
}

/// The remedy of an error code.
pub fn remedy(code: i64) -> Remedy {
    match code {
        // Rates: of the app, the account, the number, the pair; flows.
        4 | 80_007 | 130_429 | 131_056 | 132_069 | 133_016 => Remedy::BackOff,
        // Unknown, unavailable, being upgraded, media not fetched; a token that is being exchanged.
        0 | 1 | 2 | 190 | 131_000 | 131_016 | 131_052 | 131_053 | 131_057 | 135_000 => Remedy::Again,
        131_047 => Remedy::Invite,
        // Permissions, parameters, undeliverable, spam, billing, templates, anything new.
        _ => Remedy::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_codes_have_their_remedies() {
        for (remedy_, codes) in [
            (Remedy::BackOff, &[4, 80_007, 130_429, 131_056][..]),
            (Remedy::Again, &[131_000, 131_016, 131_057]),
            (Remedy::Invite, &[131_047]),
            (
                Remedy::GiveUp,
                &[
                    3, 10, 100, 131_008, 131_009, 131_021, 131_026, 131_031, 131_042, 131_050, 131_051,
                    131_062, 132_001, 368,
                ],
            ),
        ] {
            for code in codes {
                assert_eq!(remedy(*code), remedy_, "{code}");
            }
        }
    }
}
