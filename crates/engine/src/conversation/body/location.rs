//! A place (`m.location`, MSC3488), from a `geo:` address (RFC 5870).

use serde_json::Value;
use tidings_model::{Body, Coordinates, Location};

use crate::conversation::preview;

/// Metres. A place that may be further off than half the Earth's girth says nothing.
const VAGUE: f64 = 20_000_000.0;

/// The place of a content; `None` when it names none.
pub(super) fn body(content: &Value) -> Option<Body> {
    let extended = ["m.location", "org.matrix.msc3488.location"].iter().find_map(|name| content.get(name));
    let address =
        extended.and_then(|place| place.get("uri")).or_else(|| content.get("geo_uri")).and_then(Value::as_str);
    let coordinates = address.and_then(coordinates);
    let described = extended.and_then(|place| place.get("description")).and_then(Value::as_str);
    let body = content.get("body").and_then(Value::as_str);
    // Most programs repeat the address in the body, which then describes nothing.
    let text = described.or_else(|| body.filter(|body| coordinates.is_none() || !body.contains("geo:")));
    let text = text.map(preview::line).unwrap_or_default();
    (coordinates.is_some() || !text.is_empty()).then_some(Body::Location { location: Location { text, coordinates } })
}

/// `geo:59.91273,10.74609;u=35`.
fn coordinates(address: &str) -> Option<Coordinates> {
    let (scheme, rest) = address.split_once(':')?;
    scheme.eq_ignore_ascii_case("geo").then_some(())?;
    let mut parts = rest.split(';');
    let mut numbers = parts.next()?.split(',');
    let latitude = millionths(numbers.next()?, 90.0)?;
    let longitude = millionths(numbers.next()?, 180.0)?;
    let uncertainty = parts.find_map(|part| part.strip_prefix("u=")).and_then(|metres| metres.parse::<f64>().ok());
    Some(Coordinates {
        latitude,
        longitude,
        uncertainty: uncertainty.filter(|metres| (0.0..VAGUE).contains(metres)).map(rounded),
    })
}

fn millionths(text: &str, most: f64) -> Option<i32> {
    let degrees: f64 = text.trim().parse().ok()?;
    let inside = degrees.is_finite() && degrees.abs() <= most;
    // At most 180 million, which fits.
    #[expect(clippy::cast_possible_truncation, reason = "checked: at most 180 degrees")]
    inside.then(|| (degrees * 1_000_000.0).round() as i32)
}

fn rounded(metres: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked: between 0 and twenty million"
    )]
    let metres = metres.ceil() as u32;
    metres
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    /// Millionths of a degree north and east, and metres.
    type Place = (i32, i32, Option<u32>);

    fn place(content: &Value) -> Option<(String, Option<Place>)> {
        match body(content)? {
            Body::Location { location } => {
                Some((location.text, location.coordinates.map(|it| (it.latitude, it.longitude, it.uncertainty))))
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_place_is_read_from_what_any_program_sends() {
        for (content, expected) in [
            (
                json!({"body": "Pier 3", "geo_uri": "geo:59.912731,10.746090;u=12.2"}),
                Some(("Pier 3", Some((59_912_731, 10_746_090, Some(13))))),
            ),
            (
                json!({"body": "Location geo:1,-2 at noon", "geo_uri": "geo:1,-2"}),
                Some(("", Some((1_000_000, -2_000_000, None)))),
            ),
            (
                json!({"body": "x", "org.matrix.msc3488.location": {"uri": "GEO:-90,180,12", "description": "Pole"}}),
                Some(("Pole", Some((-90_000_000, 180_000_000, None)))),
            ),
            (json!({"body": "North ramp", "geo_uri": "https://maps.example/?q=1,2"}), Some(("North ramp", None))),
            (json!({"body": "Nowhere", "geo_uri": "geo:91,0"}), Some(("Nowhere", None))),
            (json!({"body": "Nowhere", "geo_uri": "geo:NaN,inf"}), Some(("Nowhere", None))),
            (json!({"body": 4, "geo_uri": []}), None),
            (json!(null), None),
        ] {
            let expected = expected.map(|(text, at)| (text.to_owned(), at));
            assert_eq!(place(&content), expected, "{content}");
        }
    }
}
