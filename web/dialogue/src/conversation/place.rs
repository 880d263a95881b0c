//! A place on the map: the sub-division it probably belongs to is proposed, never taken for granted.

use super::asking::{Question, next};
use super::{At, Talk};
use mohar_schemas::form::FormField;
use mohar_schemas::place::sub_division;
use mohar_schemas::tables::{self, Row};
use mohar_schemas::words::Words;
use serde_json::{Value, json};

/// Whether a place on the map can answer a question.
pub(super) fn is_place(field: &FormField) -> bool {
    field.table.as_deref() == Some("sub-divisions")
}

/// The sub-division that is proposed as the answer to a question.
pub(super) fn proposed(partial: &Value) -> Option<&'static Row> {
    tables::table("sub-divisions")?.by_id(partial["place"].as_str()?)
}

impl Talk {
    pub(super) fn location(&mut self, latitude: f64, longitude: f64) {
        let Some(row) = sub_division(latitude, longitude) else {
            self.say(self.t("outside_delhi", &[]));
            return self.ask_again();
        };
        // Only the sub-division is kept, for the question that asks for it.
        self.state.place = Some(row.id.clone());
        let (place, district) = self.place(row);
        let gaps = [("place", place.as_str()), ("district", &district)];
        if self.state.at != At::Form {
            self.say(self.t("place_is", &gaps));
        } else if !self.asks_for_place() {
            self.say(self.t("place_kept", &gaps));
        }
        self.ask_again();
    }

    fn asks_for_place(&self) -> bool {
        let Some((draft, service)) = self.filling() else { return false };
        matches!(next(&draft, service), Question::Field(field) if is_place(field))
    }

    /// A place that is known and not yet proposed is proposed.
    pub(super) fn propose(&mut self, field: &FormField) {
        if !is_place(field) {
            return;
        }
        if let (Some(place), Some(draft)) = (self.state.place.take(), &mut self.state.draft) {
            draft.partial = Some((field.id.clone(), json!({ "place": place })));
        }
    }

    /// "This looks like Narela. Right?"
    pub(super) fn ask_place(&mut self, body: &str, row: &Row) {
        let (place, district) = self.place(row);
        let question = self.t("place_question", &[("place", &place), ("district", &district)]);
        let buttons = vec![self.answer_button("yes", "a:yes"), self.answer_button("choose_place", "a:no")];
        self.buttons(format!("{body}\n{question}"), buttons);
    }

    /// The names of a sub-division and of its district.
    fn place(&self, row: &Row) -> (String, String) {
        let name = |row: &Row| self.w(&Words::new(&row.en, &row.hi));
        let district = row.parent.as_deref().and_then(|id| tables::table("districts")?.by_id(id));
        (name(row), district.map(name).unwrap_or_default())
    }
}
