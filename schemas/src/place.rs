//! Which sub-division a place on the map probably belongs to, from `places.toml`: to be proposed, never
//! to be taken for granted.

use crate::tables::{Row, table};
use serde::Deserialize;
use std::sync::LazyLock;

/// Degrees north and east.
type Point = [f64; 2];

/// A degree of longitude at Delhi is shorter than one of latitude: the cosine of 28.65°.
const NARROW: f64 = 0.8776;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    boundary: Vec<Point>,
    place: Vec<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    sub_division: String,
    points: Vec<Point>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    // Unwrap safety: the file is part of the program, and a test reads it.
    toml::from_str(crate::data::PLACES).expect("places.toml is in order")
});

/// The sub-division nearest to a place in degrees north and east; none outside Delhi.
#[must_use]
pub fn sub_division(latitude: f64, longitude: f64) -> Option<&'static Row> {
    let here = [latitude, longitude];
    if !inside(&PLACES.boundary, here) {
        return None;
    }
    let nearest = |p: &Place| p.points.iter().map(|at| apart(*at, here)).fold(f64::INFINITY, f64::min);
    let place = PLACES.place.iter().min_by(|a, b| nearest(a).total_cmp(&nearest(b)))?;
    table("sub-divisions")?.by_id(&place.sub_division)
}

/// The square of a distance, in degrees of latitude.
fn apart(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).powi(2) + ((a[1] - b[1]) * NARROW).powi(2)
}

/// Whether a point lies in a polygon: a ray to the east crosses its border an odd number of times.
fn inside(border: &[Point], [north, east]: Point) -> bool {
    let next = border.iter().cycle().skip(1);
    let crosses = |(a, b): &(&Point, &Point)| {
        (a[0] > north) != (b[0] > north) && east < (b[1] - a[1]) * (north - a[0]) / (b[0] - a[0]) + a[1]
    };
    border.iter().zip(next).filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sub_division_in_use_has_points_of_its_own_inside_delhi() {
        let today = jiff::civil::date(2026, 11, 25);
        let in_use = table("sub-divisions").unwrap().rows.iter().filter(|r| r.in_use_on(today));
        let in_use: Vec<&str> = in_use.map(|r| r.id.as_str()).collect();
        let placed: Vec<&str> = PLACES.place.iter().map(|p| p.sub_division.as_str()).collect();
        assert_eq!(placed, in_use);
        for place in &PLACES.place {
            assert!(!place.points.is_empty(), "{}", place.sub_division);
            for [north, east] in &place.points {
                let found = sub_division(*north, *east).map(|r| r.id.as_str());
                assert_eq!(found, Some(place.sub_division.as_str()), "{north} {east}");
            }
        }
    }

    #[test]
    fn places_people_know() {
        for (name, north, east, expected) in [
            ("Narela, railway station", 28.852, 77.093, Some("narela")),
            ("Connaught Place", 28.631, 77.217, Some("new-delhi")),
            ("Red Fort", 28.656, 77.241, Some("chandni-chowk")),
            ("Qutub Minar", 28.524, 77.185, Some("mehrauli")),
            ("Najafgarh", 28.609, 76.979, Some("najafgarh")),
            ("Kondli", 28.612, 77.327, Some("patparganj")),
            ("Tikri border", 28.687, 76.965, Some("mundka")),
            ("Noida, sector 18", 28.570, 77.326, None),
            ("Gurugram, Cyber Hub", 28.495, 77.089, None),
            ("Vaishali, Ghaziabad", 28.645, 77.340, None),
            ("Mumbai", 19.076, 72.878, None),
            ("nowhere", f64::NAN, f64::NAN, None),
            ("the pole", 90.0, 180.0, None),
        ] {
            assert_eq!(sub_division(north, east).map(|r| r.id.as_str()), expected, "{name}");
        }
    }
}
