//! Comparison of printed results with the stored text of another run.

use std::str::FromStr as _;

/// Compares two texts token by token: numbers with a tolerance, everything else exactly.
///
/// White space separates tokens and is otherwise ignored. A number can be adjacent to punctuation
/// (`(1.,2.)`, `norm=3e-5`, `1. + 2.i`); digits inside a word (`ex2`, `0x1f`, `3D`) belong to the
/// word. Two numbers agree if `|actual - expected| ≤ rtol·|expected| + atol`.
///
/// # Errors
/// The first difference, with the lines of both texts that contain it.
///
/// # Examples
/// ```
/// use petsc_test::golden::compare_numbers;
///
/// let expected = "Norm of error 1.2e-05 iterations 7";
/// assert!(compare_numbers("Norm of error 0.000012001 iterations 7", expected, 1e-3, 0.0).is_ok());
/// let difference = compare_numbers("Norm of error 1.2e-5 iterations 8", expected, 1e-3, 0.0);
/// assert!(difference.is_err_and(|text| text.contains("8 instead of 7")));
/// ```
pub fn compare_numbers(actual: &str, expected: &str, rtol: f64, atol: f64) -> Result<(), String> {
    let mut found = tokens(actual);
    let mut wanted = tokens(expected);
    loop {
        let (found, wanted) = match (found.next(), wanted.next()) {
            (None, None) => return Ok(()),
            (Some(f), Some(w)) => (f, w),
            (Some(f), None) => {
                return Err(format!("{} is too much\n{}", f.text, f.place("actual")));
            }
            (None, Some(w)) => {
                return Err(format!("{} is missing\n{}", w.text, w.place("expected")));
            }
        };
        let same = match (found.number, wanted.number) {
            (Some(f), Some(w)) => (f - w).abs() <= rtol * w.abs() + atol,
            _ => found.text == wanted.text,
        };
        if !same {
            return Err(format!(
                "{} instead of {}\n{}\n{}",
                found.text,
                wanted.text,
                found.place("actual"),
                wanted.place("expected")
            ));
        }
    }
}

struct Token<'a> {
    text: &'a str,
    number: Option<f64>,
    line: &'a str,
    line_number: usize,
}

impl Token<'_> {
    fn place(&self, which: &str) -> String {
        format!("  {which}, line {}: {}", self.line_number, self.line.trim_end())
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    text.lines().enumerate().flat_map(|(i, line)| {
        line.split_whitespace().flat_map(split).map(move |text| Token {
            text,
            number: number_at(text, 0)
                .filter(|&length| length == text.len())
                .and_then(|_| f64::from_str(text).ok()),
            line,
            line_number: i + 1,
        })
    })
}

/// Splits a word into numbers and the text between them.
fn split(word: &str) -> Vec<&str> {
    let (mut pieces, mut begin, mut at) = (Vec::new(), 0, 0);
    while at < word.len() {
        match number_at(word, at) {
            Some(length) => {
                if begin < at {
                    pieces.push(&word[begin..at]);
                }
                pieces.push(&word[at..at + length]);
                at += length;
                begin = at;
            }
            None => at += word[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if begin < word.len() {
        pieces.push(&word[begin..]);
    }
    pieces
}

/// Returns the length of the number that starts at a position, if there is one.
fn number_at(word: &str, at: usize) -> Option<usize> {
    let of_a_word = |c: char| c.is_alphanumeric() || c == '_';
    if word[..at].chars().next_back().is_some_and(of_a_word) {
        return None;
    }
    let bytes = &word.as_bytes()[at..];
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let is = |i: usize, set: &[u8]| bytes.get(i).is_some_and(|b| set.contains(b));
    let mut end = usize::from(is(0, b"+-"));
    let mut count = digits(end);
    end += count;
    if is(end, b".") {
        count += digits(end + 1);
        end += 1 + digits(end + 1);
    }
    if count == 0 {
        return None;
    }
    if is(end, b"eE") {
        let exponent = end + 1 + usize::from(is(end + 1, b"+-"));
        if digits(exponent.min(bytes.len())) > 0 {
            end = exponent + digits(exponent);
        }
    }
    let mut rest = word[at + end..].chars();
    let (next, after) = (rest.next(), rest.next());
    let imaginary = matches!(next, Some('i' | 'j')) && !after.is_some_and(of_a_word);
    (imaginary || !next.is_some_and(of_a_word)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{compare_numbers, split};

    #[test]
    fn a_line_is_split_into_words_and_numbers() {
        assert_eq!(split("norm=-1.5e-3,"), ["norm=", "-1.5e-3", ","]);
        assert_eq!(split("(1.,2.)"), ["(", "1.", ",", "2.", ")"]);
        assert_eq!(split("1.+2.5i"), ["1.", "+2.5", "i"]);
        for word in ["ex2", "0x1f", "3D", "-", "e5", "x_1", "é2", ".", "1e"] {
            assert_eq!(split(word), [word]);
        }
        assert_eq!(split("1-2"), ["1", "-", "2"]);
        assert_eq!(split("5%"), ["5", "%"]);
    }

    #[test]
    fn differences_name_the_place() {
        let close = |a, b| compare_numbers(a, b, 1e-3, 1e-12);
        assert!(close("a  1.0\n\n b", "a 1.0005 b").is_ok());
        assert!(close("0.", "1e-13").is_ok());
        assert!(close("nan", "1").is_err());
        let text = close("x 1\ny 2.1", "x 1\ny 2").unwrap_err();
        assert!(text.contains("2.1 instead of 2\n  actual, line 2: y 2.1"), "{text}");
        assert!(close("x 1", "x").unwrap_err().contains("1 is too much"));
        assert!(close("x", "x 1").unwrap_err().contains("1 is missing"));
        assert!(close("ex2 1", "ex3 1").is_err());
    }
}
