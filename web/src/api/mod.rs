//! The HTTP API. One file an endpoint group; every error is a problem document (RFC 9457).

mod applications;
mod batch;
mod certificates;
mod lists;
mod number;
pub mod pdf;
pub mod problem;
mod status;
mod subscriptions;
pub mod verify;
mod webhooks;

use crate::app::App;
use crate::{limits, metrics, pages, portal, simulator, whatsapp};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

/// One certificate's request is at most this long.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// A document of an application is at most this long.
const DOCUMENT_BYTES_MAX: usize = 6 << 20;
/// The platform sends up to 3 MB at once.
const WEBHOOK_BYTES_MAX: usize = 4 << 20;
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
const ANYBODY: HeaderValue = HeaderValue::from_static("*");

/// Everything that is served.
pub fn router(app: Arc<App>) -> Router {
    let batch = Router::new()
        .route("/v1/certificates/batch", post(certificates::batch))
        .route("/v1/verify/batch", post(batch::verify));
    let small = Router::new()
        .route("/v1/certificates", post(certificates::issue))
        .route("/v1/certificates/{id}", get(certificates::show))
        .route("/v1/certificates/{id}/pdf", get(pdf::pdf))
        .route("/v1/certificates/{id}/status", post(status::change))
        .route("/v1/verify/number", post(number::verify))
        .route("/v1/purposes", get(verify::purposes))
        .route("/metrics", get(metrics::show))
        .route("/openapi.json", get(lists::openapi))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(lists::ready))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN));
    // Other sites' pages check certificates with these, too; nothing in them is secret.
    let public = Router::new()
        .route("/v1/root", get(lists::root))
        .route("/v1/trust-list", get(lists::trust_list))
        .route("/v1/status-lists/{number}", get(lists::status_list))
        .route("/v1/status-snapshot", get(lists::snapshot))
        .route("/v1/status-deltas/{from}", get(lists::delta))
        .layer(SetResponseHeaderLayer::if_not_present(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN));
    let departments = Router::new()
        .route("/v1/applications", post(applications::start))
        .route("/v1/applications/{number}", get(applications::show))
        .route("/v1/applications/{number}/documents", post(applications::attach))
        .route("/v1/applications/{number}/actions", post(applications::act))
        .route("/v1/webhooks", get(webhooks::list).post(webhooks::add))
        .route("/v1/webhooks/{id}", axum::routing::delete(webhooks::remove))
        .route("/v1/webhooks/{id}/replay", post(webhooks::replay))
        .route("/v1/subscriptions", get(subscriptions::list).post(subscriptions::ask))
        .route("/v1/subscriptions/{id}", get(subscriptions::show).delete(subscriptions::end))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(DOCUMENT_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN));
    // They need the folder of attached files.
    let departments = if app.pages.is_some() { departments } else { Router::new() };
    let pictures = Router::new()
        .route("/v1/verify", post(verify::verify))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(mohar_picture::PICTURE_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN));
    let channel = Router::new()
        .route("/whatsapp/webhook", get(whatsapp::verify).post(whatsapp::keep))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(WEBHOOK_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWER_WITHIN));
    let channel = if app.whatsapp.is_some() { channel } else { Router::new() };
    let simulator = app.simulator.as_ref().map(simulator::Simulator::router).unwrap_or_default();
    let files = portal::router(app.pages.is_some())
        .route("/schemas.json", get(lists::schemas))
        .route("/bulk.json", get(lists::bulk));
    let set = |name: HeaderName, value| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    Router::new()
        .merge(small)
        .merge(public)
        .merge(pictures)
        .merge(departments)
        .merge(batch)
        .merge(channel)
        .merge(simulator)
        .merge(pages::router(&app))
        // Only public files: compressing secrets beside what a caller sends would leak them.
        .merge(files.layer(CompressionLayer::new()))
        .fallback(|| async { problem::Problem::not_found() })
        .route_layer(from_fn_with_state(Arc::clone(&app), metrics::count))
        .layer(from_fn_with_state(Arc::clone(&app), limits::by_address))
        .with_state(app)
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::map_response(problem::in_our_form))
        .layer(set(header::CONTENT_SECURITY_POLICY, portal::CONTENT_SECURITY_POLICY))
        .layer(set(header::REFERRER_POLICY, "no-referrer"))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(set(header::CACHE_CONTROL, "no-store"))
}
