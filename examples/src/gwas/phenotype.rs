//! Cases and controls.

use std::path::Path;
use std::str::FromStr;

use super::Mistake;

/// PLINK's code of an unknown phenotype.
const MISSING: f64 = -9.0;

/// The status of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Affected: code 2.
    Case,
    /// Not affected: code 1.
    Control,
    /// Unknown: code 0, -9 or NA.
    Missing,
}

/// The threshold for a quantity: samples above it are cases, all others controls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// The median of the known values.
    Median,
    /// A given value.
    Value(f64),
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "median" {
            return Ok(Self::Median);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Self::Value(value)),
            _ => Err("neither a number nor 'median'".into()),
        }
    }
}

/// Returns the status of each sample. `values` contains a field for each sample, with its line
/// number in the file `path`.
///
/// Without a threshold, each field is a PLINK code (1 control, 2 case; 0, -9 or NA unknown), parsed
/// as a number, so `2.0` is also a case. With a threshold, each field is a quantity.
///
/// # Errors
/// A field that is not a code or a number; no cases, or no controls.
pub fn from_values(
    path: &Path,
    values: &[(usize, &str)],
    threshold: Option<Threshold>,
) -> Result<Vec<Status>, Mistake> {
    let status: Vec<Status> = match threshold {
        None => values
            .iter()
            .map(|&(line, text)| code(text).map_err(|m| Mistake::new(path, line, m)))
            .collect::<Result<_, _>>()?,
        Some(threshold) => dichotomise(path, values, threshold)?,
    };
    for (wanted, name) in [(Status::Case, "case"), (Status::Control, "control")] {
        if !status.contains(&wanted) {
            return Err(Mistake::new(path, 0, format!("no sample is a {name}")));
        }
    }
    Ok(status)
}

fn code(text: &str) -> Result<Status, String> {
    match quantity(text) {
        Ok(None | Some(0.0)) => Ok(Status::Missing),
        Ok(Some(1.0)) => Ok(Status::Control),
        Ok(Some(2.0)) => Ok(Status::Case),
        _ => Err(format!(
            "phenotype {text} is neither a case (2) nor a control (1) nor unknown (0, -9, NA); \
             quantities need --threshold"
        )),
    }
}

/// Parses a number. NA, NaN and -9 are unknown. -9 is compared as a number, as in PLINK, so -9.0
/// and -9.00 are unknown too.
fn quantity(text: &str) -> Result<Option<f64>, String> {
    if text == "NA" {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_nan() || value == MISSING => Ok(None),
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(format!("{text} is not a number")),
    }
}

/// Parses quantities. NA, NaN and -9 are unknown.
///
/// # Errors
/// A field that is not a number.
pub fn numbers(path: &Path, values: &[(usize, &str)]) -> Result<Vec<Option<f64>>, Mistake> {
    let number = |&(line, text): &(usize, &str)| {
        quantity(text).map_err(|message| Mistake::new(path, line, message))
    };
    values.iter().map(number).collect()
}

fn dichotomise(
    path: &Path,
    values: &[(usize, &str)],
    threshold: Threshold,
) -> Result<Vec<Status>, Mistake> {
    let numbers = numbers(path, values)?;
    let known: Vec<f64> = numbers.iter().flatten().copied().collect();
    let cut = match threshold {
        Threshold::Value(value) => value,
        Threshold::Median if known.is_empty() => 0.0,
        Threshold::Median => crate::mpi_basics::median(&known),
    };
    let side = |value: &Option<f64>| match value {
        None => Status::Missing,
        Some(value) if *value > cut => Status::Case,
        Some(_) => Status::Control,
    };
    Ok(numbers.iter().map(side).collect())
}

#[cfg(test)]
mod tests {
    use super::{Status, Threshold, from_values, numbers};
    use std::path::Path;

    #[test]
    fn quantities_are_cut_at_the_median() {
        let values = [(1, "3"), (2, "NA"), (3, "1e0"), (4, "2"), (5, "-7")];
        let found = from_values(Path::new("f"), &values, Some(Threshold::Median)).unwrap();
        use Status::{Case, Control, Missing};
        assert_eq!(found, [Case, Missing, Control, Case, Control]);
    }

    /// As in PLINK 1.9, a phenotype with the number of the missing code is missing, in any
    /// notation.
    #[test]
    fn missing_phenotypes_are_numbers() {
        let texts = ["-9", "-9.0", "-9.00", "-9e0", "NA", "nan", "NaN"];
        let values: Vec<_> = (1..).zip(texts).chain([(8, "-9.5"), (9, "5")]).collect();
        let quantities = numbers(Path::new("f"), &values).unwrap();
        assert_eq!(quantities[..7], [None; 7]);
        assert_eq!(quantities[7..], [Some(-9.5), Some(5.0)]);
        // With a threshold, the smallest known value is -9.5, and not -9.
        let cut = Some(Threshold::Value(-9.2));
        let found = from_values(Path::new("f"), &values, cut).unwrap();
        assert_eq!(found[..7], [Status::Missing; 7]);
        assert_eq!(found[7..], [Status::Control, Status::Case]);
        // A column of numbers in the format of pandas.
        let codes = [(1, "2.0"), (2, "1.0"), (3, "-9.0"), (4, "0.0"), (5, "")];
        use Status::{Case, Control, Missing};
        let found = from_values(Path::new("f"), &codes[..4], None).unwrap();
        assert_eq!(found, [Case, Control, Missing, Missing]);
        assert!(from_values(Path::new("f"), &codes, None).is_err());
    }

    #[test]
    fn mistakes_have_their_line() {
        let check = |values: &[(usize, &str)], threshold, expected: &str| {
            let mistake = from_values(Path::new("f"), values, threshold).unwrap_err();
            assert!(mistake.to_string().starts_with(expected), "{mistake}");
        };
        check(&[(1, "1"), (2, "0.3")], None, "f:2: phenotype 0.3 is neither");
        check(&[(1, "1"), (2, "x")], Some(Threshold::Median), "f:2: x is not a number");
        check(&[(1, "1"), (2, "0")], None, "f: no sample is a case");
        check(&[(1, "9")], Some(Threshold::Value(3.0)), "f: no sample is a control");
    }
}
