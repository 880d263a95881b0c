//! Signing in to DigiLocker: OAuth 2.0 with an authorization code and PKCE (RFC 6749, 7636). Of what the
//! account says, only what a proof keeps is read: name and date of birth, where the account was opened
//! with an Aadhaar.

use crate::edge::random;
use crate::post::agent;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use mohar_schemas::identity::Person;
use mohar_schemas::sha256;
use serde::Deserialize;
use serde_json::Value;
use std::fmt::Write;

/// Longer answers are nobody's account.
const ANSWER_BYTES_MAX: u64 = 64 << 10;
/// As on an Aadhaar.
const NAME_MAX: usize = 100;

/// `[identity.digilocker]` of the configuration. It has a secret: it is never printed.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    client_id: String,
    client_secret: String,
    /// Where the citizen signs in.
    authorize_url: String,
    /// Where a code becomes a token.
    token_url: String,
    /// What a token shows.
    user_url: String,
}

/// A sign-in that begins.
pub struct SignIn {
    /// Comes back with the code; whoever began it has it, too.
    pub state: String,
    /// Shown with the code, so that nobody else can use it.
    pub verifier: String,
    /// Where the citizen goes.
    pub url: String,
}

/// Why nothing was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The code has expired, was used, or is not ours.
    #[error("the code was refused")]
    Code,
    /// The account was opened without an Aadhaar: anybody may be in it.
    #[error("the account is not verified with an Aadhaar")]
    Unverified,
    /// No answer, or none that makes sense.
    #[error("no answer that makes sense")]
    Away,
}

/// Letters that nobody guesses.
pub fn secret() -> String {
    let mut bytes = [0; 32];
    random(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Config {
    /// Begins a sign-in that ends at an address of ours.
    pub fn begin(&self, back: &str) -> SignIn {
        let (state, verifier) = (secret(), secret());
        let challenge = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", back),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let mut url = self.authorize_url.clone();
        for (n, (name, value)) in parameters.into_iter().enumerate() {
            let sign = if n == 0 && !url.contains('?') { '?' } else { '&' };
            url = format!("{url}{sign}{name}={}", escaped(value));
        }
        SignIn { state, verifier, url }
    }

    /// Whose account a code came from. Blocks.
    pub fn person(&self, back: &str, code: &str, verifier: &str) -> Result<Person, Refused> {
        let token = agent().post(&self.token_url).send_form([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ]);
        let token = read(token)?;
        let token = token["access_token"].as_str().filter(|t| !t.is_empty()).ok_or(Refused::Away)?;
        // What is no header is no token.
        let right = token.bytes().all(|b| b.is_ascii_graphic());
        let bearer = right.then(|| format!("Bearer {token}")).ok_or(Refused::Away)?;
        let user = read(agent().get(&self.user_url).header("Authorization", bearer).call())?;
        person(&user)
    }
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Refused> {
    let mut answer = answer.map_err(|e| match e {
        ureq::Error::StatusCode(400 | 401 | 403) => Refused::Code,
        _ => Refused::Away,
    })?;
    let text = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
    serde_json::from_str(&text.map_err(|_| Refused::Away)?).map_err(|_| Refused::Away)
}

/// Account details: `{"name", "dob": "DDMMYYYY", "eaadhaar": "Y" | "N", …}`.
fn person(user: &Value) -> Result<Person, Refused> {
    if user["eaadhaar"] != "Y" {
        return Err(if user["eaadhaar"] == "N" { Refused::Unverified } else { Refused::Away });
    }
    let name = user["name"].as_str().unwrap_or_default();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let right = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    let born = user["dob"].as_str().and_then(born);
    if right && born.is_some() { Ok(Person { name, born, last_four: None }) } else { Err(Refused::Away) }
}

fn born(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to).filter(|_| digits)?.parse().ok();
    Date::new(part(4, 8)?, i8::try_from(part(2, 4)?).ok()?, i8::try_from(part(0, 2)?).ok()?).ok()
}

/// A value in an address (RFC 3986, 2.3).
fn escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use serde_json::json;

    #[test]
    fn an_account_with_an_aadhaar_says_who_somebody_is() {
        let user = json!({ "digilockerid": "x", "name": " Sunita  Devi", "dob": "15081990", "gender": "F", "eaadhaar": "Y" });
        let expected = Person { name: "Sunita Devi".into(), born: Some(date(1990, 8, 15)), last_four: None };
        assert_eq!(person(&user), Ok(expected));
        let with = |key: &str, value: Value| {
            let mut user = user.clone();
            user[key] = value;
            person(&user)
        };
        assert_eq!(with("eaadhaar", json!("N")), Err(Refused::Unverified));
        for (key, value) in [
            ("eaadhaar", json!(true)),
            ("name", json!("")),
            ("name", json!("Sunita\u{7}")),
            ("name", json!("x".repeat(101))),
            ("dob", json!("31021990")),
            ("dob", json!("1990-8-1")),
            ("dob", json!("१५०८१९९०")),
            ("dob", Value::Null),
        ] {
            assert_eq!(with(key, value.clone()), Err(Refused::Away), "{key}: {value}");
        }
        assert_eq!(person(&json!([])), Err(Refused::Away));
    }

    #[test]
    fn addresses_are_escaped() {
        assert_eq!(escaped("https://a.b/c?d=e f&é"), "https%3A%2F%2Fa.b%2Fc%3Fd%3De%20f%26%C3%A9");
    }
}
