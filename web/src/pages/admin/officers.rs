//! Officers: who they are and what they hold. New passwords and authenticator secrets are shown once.

use super::super::door::password_hash;
use super::super::{Failure, Page, html, view};
use super::administrator;
use crate::app::App;
use crate::edge::random;
use axum::extract::{Form, State};
use axum::response::Response;
use mohar_issuer::application::Officer;
use mohar_issuer::application::port::Applications;
use mohar_keys::file::hex;
use mohar_schemas::tables;
use mohar_schemas::words::Words;
use std::sync::Arc;
use totp_rs::Secret;

/// Id, password and authenticator secret of a new officer.
pub type Fresh = (String, String, String);

pub async fn show(State(app): State<Arc<App>>, p: Page) -> Result<Response, Failure> {
    page(&app, p, None, None).await
}

pub async fn change(
    State(app): State<Arc<App>>,
    p: Page,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let me = administrator(&app, &p).await?;
    let get = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
    if let Some(gone) = get("do").strip_prefix("remove:") {
        let theirs = app.store.officer(gone).await?.is_some_and(|(o, ..)| within(&me, &o));
        let done = theirs && gone != me.id && app.store.remove_officer(gone).await?;
        tracing::info!(officer = gone, by = %me.id, done, "an officer is removed");
        return page(&app, p, Some(if done { "officer_gone" } else { "officer_not_yours" }), None).await;
    }
    let (id, name, role, office) = (get("id"), get("name"), get("role"), get("office"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    let good =
        (3..=40).contains(&id.len()) && id.chars().all(plain) && (2..=80).contains(&name.chars().count());
    let known = tables::table("roles").and_then(|t| t.by_id(role)).is_some();
    if !good || !known || tables::offices().by_id(office).is_none() {
        return page(&app, p, Some("officer_wrong"), None).await;
    }
    let mut officer = Officer { id: id.to_owned(), name: name.to_owned(), posts: vec![] };
    officer.posts.push((role.to_owned(), office.to_owned()));
    let taken = app.store.officer(id).await?.is_some();
    if taken || !within(&me, &officer) {
        return page(&app, p, Some("officer_not_yours"), None).await;
    }
    let mut secrets = [0; 32];
    random(&mut secrets);
    let password = hex(&secrets[..12]);
    let stored = password.clone();
    let hashed = tokio::task::spawn_blocking(move || password_hash(&stored)).await;
    let hashed =
        hashed.map_err(|e| Failure::Away(e.to_string()))?.map_err(|e| Failure::Away(e.to_string()))?;
    app.store.set_officer(&officer, &hashed, &secrets[12..]).await?;
    tracing::info!(officer = %officer.id, by = %me.id, "an officer is added");
    let secret = Secret::Raw(secrets[12..].to_vec()).to_encoded().to_string();
    page(&app, p, Some("officer_added"), Some((officer.id, password, secret))).await
}

/// Whether all of somebody's posts are at offices that the administrator administers.
fn within(administrator: &Officer, officer: &Officer) -> bool {
    officer.posts.iter().all(|(_, office)| administrator.is(super::ADMINISTRATOR, office))
}

async fn page(
    app: &App,
    p: Page,
    message: Option<&'static str>,
    fresh: Option<Fresh>,
) -> Result<Response, Failure> {
    let me = administrator(app, &p).await?;
    let word = |table: &str, id: &str| {
        let row = tables::table(table).and_then(|t| t.by_id(id));
        row.map_or_else(String::new, |r| p.w(&Words::new(&r.en, &r.hi)).to_owned())
    };
    let officers = app.store.officers().await?;
    let officers = officers.iter().filter(|o| within(&me, o)).map(|o| {
        let mut posts: Vec<_> = o
            .posts
            .iter()
            .take(3)
            .map(|(role, office)| format!("{}, {}", word("roles", role), word("offices", office)))
            .collect();
        if o.posts.len() > posts.len() {
            posts.push(format!("+ {}", o.posts.len() - posts.len()));
        }
        (o.id.clone(), o.name.clone(), posts.join("; "))
    });
    let officers = officers.collect();
    let rows = |table: &str| {
        let rows = tables::table(table).map_or(&[][..], |t| t.rows.as_slice()).iter();
        rows.filter(|r| r.until.is_none()).map(|r| (r.id.clone(), p.w(&Words::new(&r.en, &r.hi)).to_owned()))
    };
    let roles = rows("roles").collect();
    let places = rows("offices").filter(|(id, _)| me.is(super::ADMINISTRATOR, id)).collect();
    Ok(html(&view::AdminOfficers { p, message, fresh, officers, roles, offices: places }))
}
