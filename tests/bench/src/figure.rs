//! A figure, and how it is got from many measurements.

use std::time::Duration;

use serde_json::json;

/// Something that was measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
}

impl Figure {
    /// Rounded to two digits after the point: more is noise.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value: (value * 100.0).round() / 100.0, unit }
    }

    /// One line for machines.
    pub(crate) fn json(&self) -> String {
        json!({"name": self.name, "value": self.value, "unit": self.unit}).to_string()
    }

    /// One line for people.
    pub(crate) fn row(&self) -> String {
        format!("{:28} {:>12} {}", self.name, self.value, self.unit)
    }
}

/// The value that this share of the measurements does not exceed (nearest rank); 0.5 is the median.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "small counts"
    )]
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied()
}

/// In milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(percentile(&mut values, 0.95), Some(95.0));
        assert_eq!(percentile(&mut values, 0.5), Some(50.0));
        assert_eq!(percentile(&mut [7.0], 0.95), Some(7.0));
        assert_eq!(percentile(&mut [], 0.95), None);
    }

    #[test]
    fn a_figure_is_one_object() {
        let line = Figure::new("vault.page_p95_ms", 1.239_4, "ms").json();
        let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(value, json!({"name": "vault.page_p95_ms", "value": 1.24, "unit": "ms"}));
    }
}
