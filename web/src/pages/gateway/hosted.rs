//! A hosted checkout that speaks the API of Razorpay's payment links
//! (<https://razorpay.com/docs/api/payments/payment-links/>): create a link, send the citizen there,
//! take the signed callback, ask what became of it.

use super::Away;
use crate::post::agent;
use hmac::{Hmac, KeyInit, Mac};
use mohar_issuer::application::money::PAISE;
use mohar_keys::file::unhex;
use mohar_store::money::Order;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;

/// Where the gateway is, and who we are to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hosted {
    /// Such as `https://api.razorpay.com/v1`.
    url: String,
    /// `Basic …`: key id and secret.
    authorization: String,
    /// Signs callbacks.
    secret: String,
}

impl Hosted {
    /// Where the citizen pays, and the gateway's name for the order.
    pub fn checkout(&self, order: &Order, back: &str) -> Result<(String, String), Away> {
        let link = match &order.reference {
            Some(reference) => self.get(&format!("payment_links/{reference}"))?,
            None => self.post(
                "payment_links",
                &json!({
                    "amount": order.rupees * PAISE, "currency": "INR", "reference_id": order.order_id,
                    "description": order.application, "callback_url": back, "callback_method": "get",
                }),
            )?,
        };
        let text =
            |key: &str| link[key].as_str().map(str::to_owned).ok_or(format!("the gateway named no {key}"));
        Ok((text("short_url")?, text("id")?))
    }

    /// The order of a callback that the gateway signed.
    pub fn signed(&self, callback: &HashMap<String, String>) -> Option<String> {
        let get = |key: &str| callback.get(&format!("razorpay_{key}")).map(String::as_str);
        let order = get("payment_link_reference_id")?;
        let said =
            [get("payment_link_id")?, order, get("payment_link_status")?, get("payment_id")?].join("|");
        // Unwrap safety: a key of any length is taken.
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).expect("a key of any length");
        mac.update(said.as_bytes());
        mac.verify_slice(&unhex(get("signature")?)?).is_ok().then(|| order.to_owned())
    }

    /// Whether an order has been paid in full.
    pub fn has_been_paid(&self, order: &Order) -> Result<bool, Away> {
        let Some(reference) = &order.reference else { return Ok(false) };
        let link = self.get(&format!("payment_links/{reference}"))?;
        let ours = link["reference_id"] == order.order_id.as_str();
        Ok(ours && link["status"] == "paid" && link["amount_paid"] == order.rupees * PAISE)
    }

    /// Gives the money back, unless it has been given back already.
    pub fn refund(&self, order: &Order) -> Result<(), Away> {
        let reference = order.reference.as_deref().ok_or("the order was never at the gateway")?;
        let link = self.get(&format!("payment_links/{reference}"))?;
        let payments = link["payments"].as_array().map_or(&[][..], Vec::as_slice);
        let id = payments.iter().find_map(|p| p["payment_id"].as_str()).ok_or("there is no payment")?;
        let payment = self.get(&format!("payments/{id}"))?;
        if payment["amount_refunded"] == order.rupees * PAISE {
            return Ok(());
        }
        let amount = json!({ "amount": order.rupees * PAISE, "receipt": order.order_id });
        self.post(&format!("payments/{id}/refund"), &amount).map(drop)
    }

    fn get(&self, path: &str) -> Result<Value, Away> {
        let request =
            agent().get(format!("{}/{path}", self.url)).header("Authorization", &self.authorization);
        request.call().and_then(|mut a| a.body_mut().read_json()).map_err(|e| e.to_string())
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, Away> {
        let request =
            agent().post(format!("{}/{path}", self.url)).header("Authorization", &self.authorization);
        request.send_json(body).and_then(|mut a| a.body_mut().read_json()).map_err(|e| e.to_string())
    }
}
