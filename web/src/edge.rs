//! The only place that reads the clock and asks for randomness.

/// Now, in seconds since 1970-01-01 UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge: everything below takes the time as a parameter"
)]
pub fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Fills a buffer from the operating system's generator.
pub fn random(buffer: &mut [u8]) {
    // Without randomness no key may be made; there is nothing sensible to go on with.
    getrandom::fill(buffer).expect("the operating system gives randomness");
}
