//! Cases and controls.

use std::path::Path;
use std::str::FromStr;

use super::Mistake;

/// Which side a sample is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Affected: 2.
    Case,
    /// Not affected: 1.
    Control,
    /// Unknown: 0, -9 or NA.
    Missing,
}

/// Where a quantity is cut in two: cases are above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// The median of the values that are known.
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

/// Makes cases and controls of texts, each with its line in `path`.
///
/// Without a threshold they are codes, with one quantities, of which only NA (and -9, as PLINK has it) is unknown.
///
/// # Errors
/// A text that is no code, or no number; no case, or no control.
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
    match text {
        "2" => Ok(Status::Case),
        "1" => Ok(Status::Control),
        "0" | "-9" | "NA" | "nan" | "NaN" => Ok(Status::Missing),
        _ => Err(format!(
            "phenotype {text} is neither a case (2) nor a control (1) nor unknown (0, -9, NA); \
             quantities need --threshold"
        )),
    }
}

/// Quantities, of which only NA (and -9, as PLINK has it) is unknown.
///
/// # Errors
/// A text that is no number.
pub fn numbers(path: &Path, values: &[(usize, &str)]) -> Result<Vec<Option<f64>>, Mistake> {
    let number = |&(line, text): &(usize, &str)| match text {
        "NA" | "nan" | "NaN" | "-9" => Ok(None),
        _ => match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(Mistake::new(path, line, format!("{text} is not a number"))),
        },
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
    use super::{Status, Threshold, from_values};
    use std::path::Path;

    #[test]
    fn quantities_are_cut_at_the_median() {
        let values = [(1, "3"), (2, "NA"), (3, "1e0"), (4, "2"), (5, "-7")];
        let found = from_values(Path::new("f"), &values, Some(Threshold::Median)).unwrap();
        use Status::{Case, Control, Missing};
        assert_eq!(found, [Case, Missing, Control, Case, Control]);
    }

    #[test]
    fn mistakes_have_their_line() {
        let check = |values: &[(usize, &str)], threshold, expected: &str| {
            let mistake = from_values(Path::new("f"), values, threshold).unwrap_err();
            assert!(mistake.to_string().starts_with(expected), "{mistake}");
        };
        check(
            &[(1, "1"), (2, "0.3")],
            None,
            "f:2: phenotype 0.3 is neither",
        );
        check(
            &[(1, "1"), (2, "x")],
            Some(Threshold::Median),
            "f:2: x is not a number",
        );
        check(&[(1, "1"), (2, "0")], None, "f: no sample is a case");
        check(
            &[(1, "9")],
            Some(Threshold::Value(3.0)),
            "f: no sample is a control",
        );
    }
}
