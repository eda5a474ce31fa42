//! Compares an output with the expected one: words as text, numbers by value.
//!
//! White space is ignored. Words must be equal. Integers (without point or exponent) must be equal.
//! Other numbers must agree within `rtol`, `atol`, or one unit in the last printed digit of the
//! expected number, whichever is largest. A number with more digits than the expected one must round
//! to it, within `rtol` and `atol`. The notation of a number (`1.`, `1.0`, `1e0`) matters only with
//! [`Rule::Text`]. Newer tutorials print `< 1.e-12` for a small norm. Such a bound in the expected
//! output matches any number below it; in the compared output, it matches only an equal bound.

/// The criterion for numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// Numbers are compared as text, for tests with `diff_args: -j`.
    Text,
    /// Numbers are compared by value, within the tolerances.
    Close { rtol: f64, atol: f64 },
    /// Any number matches any other, as in PETSc's own harness.
    Any,
}

/// The first difference: line numbers, starting at 1, and the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) line: usize,
    pub(crate) expected: String,
    pub(crate) found: String,
}

/// Returns whether both are equal line by line, except for white space.
pub(crate) fn same_text(expected: &str, found: &str) -> bool {
    let squeeze = |text: &str| -> Vec<String> {
        lines(text).map(|l| l.split_whitespace().collect::<String>()).collect()
    };
    squeeze(expected) == squeeze(found)
}

/// Returns all lines that differ under `rule`.
pub(crate) fn differences(expected: &str, found: &str, rule: Rule) -> Vec<Difference> {
    let (mut a, mut b) = (lines(expected), lines(found));
    let mut list = Vec::new();
    for line in 1.. {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            break;
        }
        if x.is_none() || y.is_none() || !same_line(x.unwrap_or(""), y.unwrap_or(""), rule) {
            list.push(Difference {
                line,
                expected: x.unwrap_or("(no line)").into(),
                found: y.unwrap_or("(no line)").into(),
            });
        }
    }
    list
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.trim_matches('\n').lines().map(str::trim_end)
}

fn same_line(a: &str, b: &str, rule: Rule) -> bool {
    let (a, b) = (tokens(a), tokens(b));
    a.len() == b.len()
        && (0..a.len()).all(|i| {
            same_token(&a[i], &b[i], rule_at(&a, i, rule))
                || below(&a, &b, i, rule)
                || (i > 0 && below(&a, &b, i - 1, rule))
        })
}

/// A bound has no absolute tolerance: `< 1.e-12` differs from `< 2.e-12`.
fn rule_at(a: &[Token], i: usize, rule: Rule) -> Rule {
    let before = i.checked_sub(1).and_then(|i| a.get(i));
    match (before, rule) {
        (Some(Token::Text(text)), Rule::Close { rtol, .. }) if text.ends_with('<') => {
            Rule::Close { rtol, atol: 0.0 }
        }
        _ => rule,
    }
}

/// Returns whether the expected `a` has `words < bound` at `i` where `b` has `words number`, and
/// the number is below the bound.
fn below(a: &[Token], b: &[Token], i: usize, rule: Rule) -> bool {
    let (Some(Token::Text(s)), Some(Token::Text(t))) = (a.get(i), b.get(i)) else {
        return false;
    };
    let (Some(Token::Number { value: bound, .. }), Some(Token::Number { value, .. })) =
        (a.get(i + 1), b.get(i + 1))
    else {
        return false;
    };
    !matches!(rule, Rule::Text) && s.strip_suffix('<') == Some(t) && value.abs() < *bound
}

#[derive(Debug, PartialEq)]
enum Token {
    Text(String),
    Number { text: String, value: f64, integer: bool, place: f64 },
}

/// Returns whether `b` agrees with the expected `a`.
fn same_token(a: &Token, b: &Token, rule: Rule) -> bool {
    let (
        Token::Number { text: s, value: x, integer: i, place: p },
        Token::Number { text: t, value: y, integer: j, place: q },
    ) = (a, b)
    else {
        return a == b;
    };
    match rule {
        _ if s == t => true,
        Rule::Text => false,
        _ if *i && *j => x == y,
        Rule::Close { rtol, atol } => {
            let close = atol.max(rtol * x.abs().max(y.abs()));
            let unit = p * (1.0 + 1e-6);
            // A number with more digits must round to the expected one, within the tolerances.
            let allowed = if *q < 0.9 * p { close + 0.5 * unit } else { close.max(unit) };
            (x - y).abs() <= allowed
        }
        Rule::Any => true,
    }
}

/// Splits a line into words and numbers. A number starts after a character that is not a letter,
/// digit or underscore. A sign belongs to the number, also if blanks separate them (`1. - 2. i`).
fn tokens(line: &str) -> Vec<Token> {
    let bytes = line.as_bytes();
    let mut list: Vec<Token> = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let before = at.checked_sub(1).map_or(b' ', |i| bytes[i]);
        let free = !(before.is_ascii_alphanumeric() || before == b'_' || before == b'.');
        match free.then(|| number(&line[at..])).flatten() {
            Some((length, token)) => {
                if !text.is_empty() {
                    list.push(Token::Text(std::mem::take(&mut text)));
                }
                list.push(token);
                at += length;
            }
            None => {
                let c = line[at..].chars().next().unwrap_or(' ');
                if !c.is_whitespace() {
                    text.push(c);
                }
                at += c.len_utf8();
            }
        }
    }
    if !text.is_empty() {
        list.push(Token::Text(text));
    }
    list
}

/// Returns a number at the start of `rest`, with its length.
fn number(rest: &str) -> Option<(usize, Token)> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = 0;
    let sign = if matches!(bytes.first(), Some(b'-' | b'+')) {
        at = 1 + bytes[1..].iter().take_while(|b| **b == b' ').count();
        &rest[..1]
    } else {
        ""
    };
    let start = at;
    let whole = digits(at);
    at += whole;
    let mut decimals = 0;
    let point = bytes.get(at) == Some(&b'.');
    if point {
        decimals = digits(at + 1);
        at += 1 + decimals;
    }
    if whole + decimals == 0 {
        return None;
    }
    let mut exponent: i32 = 0;
    let mut has_exponent = false;
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        let length = if at + 1 + signed < bytes.len() { digits(at + 1 + signed) } else { 0 };
        if length > 0 {
            let end = at + 1 + signed + length;
            exponent = rest[at + 1..end].parse().ok()?;
            has_exponent = true;
            at = end;
        }
    }
    let text = format!("{sign}{}", &rest[start..at]);
    let value: f64 = text.trim_start_matches('+').parse().ok()?;
    let decimals = i32::try_from(decimals).ok()?;
    let place = if decimals == 0 { 0.0 } else { 10f64.powi(exponent - decimals) };
    Some((at, Token::Number { text, value, integer: !point && !has_exponent, place }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSE: Rule = Rule::Close { rtol: 1e-6, atol: 1e-12 };

    fn same(a: &str, b: &str, rule: Rule) -> bool {
        differences(a, b, rule).is_empty()
    }

    #[test]
    fn numbers_compare_by_value() {
        assert!(same("norm 1.0000000 ok\n", "norm  1.0000005 ok", CLOSE));
        assert!(!same("norm 1.0000000", "norm 1.00003", CLOSE));
        assert!(same("x 0.", "x 3e-14", CLOSE) && !same("x 0.", "x 3e-4", CLOSE));
        assert!(same("row 0: (0, 1.) (1, 2.)", "row 0: (0, 1.0)  (1, 2)", CLOSE));
        assert!(same("1. + 2. i", "1. + 2.0000000001 i", CLOSE));
        assert!(!same("1. + 2. i", "1. - 2. i", CLOSE));
    }

    #[test]
    fn a_bound_matches_what_is_below() {
        assert!(same("error < 1.e-12 iterations 1", "error 2.6e-15 iterations 1", CLOSE));
        assert!(!same("error < 1.e-12 iterations 1", "error 2.6e-11 iterations 1", CLOSE));
        assert!(!same("error < 1.e-12 iterations 1", "error 2.6e-15 iterations 2", CLOSE));
    }

    #[test]
    fn the_last_printed_place_may_differ_by_one() {
        assert!(same("r 5.43762e-05", "r 5.43763e-05", CLOSE));
        assert!(!same("r 5.43762e-05", "r 5.43764e-05", CLOSE));
        assert!(same("r 0.12", "r 0.1249999", CLOSE));
        assert!(!same("r 0.1249999", "r 0.12", CLOSE));
        assert!(same("r 0.0117239", "r 1.1723849963e-2", CLOSE));
        assert!(!same("r 0.1", "r 0.17", CLOSE) && !same("r 0.17", "r 0.1", CLOSE));
    }

    #[test]
    fn integers_and_words_must_agree() {
        assert!(!same("iterations 6", "iterations 7", CLOSE));
        assert!(!same("iterations 6", "iterations 7", Rule::Any));
        assert!(!same("type: seqaij2", "type: seqaij3", Rule::Any));
        assert!(!same("a\nb", "a", CLOSE));
        assert!(same("r 1.5 of 2.5e-3", "r 9.9 of 1.0e+7", Rule::Any));
    }

    #[test]
    fn the_text_rule_requires_the_same_digits() {
        assert!(same("x  1.5", "x 1.5\n", Rule::Text));
        assert!(!same("x 1.5", "x 1.50", Rule::Text));
        assert!(same_text("a b\n1.0", "ab\n1.0 \n") && !same_text("1.0", "1."));
    }

    /// Lines of PETSc's reference outputs.
    const REAL: &str = "  0 KSP Residual norm 3.21109\n  1 KSP Residual norm 0.574155\n  2 KSP Residual norm 1.16e-05\n\
                        Norm of error 0.000156044 iterations 6\nerror bound < 1.e-12\n";

    #[test]
    fn every_break_of_a_real_output_is_seen() {
        assert!(same(REAL, REAL, CLOSE));
        let breaks = [
            ("a digit", "0.574155", "0.574255"),
            ("the last but one", "0.574155", "0.574175"),
            ("a sign", "norm 3.21109", "norm -3.21109"),
            ("an exponent", "1.16e-05", "1.16e-06"),
            ("an iteration count", "iterations 6", "iterations 7"),
            ("fewer digits", "0.574155", "0.57"),
            ("one digit", "0.000156044", "0.0002"),
            ("no digit", "norm 3.21109", "norm 3."),
            ("an invented bound", "norm 1.16e-05", "norm < 1.e10"),
            ("a bound for an error", "error 0.000156044", "error < 1.e-3"),
            ("another bound", "< 1.e-12", "< 1.e10"),
            ("a bound within the tolerance", "< 1.e-12", "< 2.e-12"),
            ("a value above the bound", "< 1.e-12", "2.e-12"),
            ("a line less", "  0 KSP Residual norm 3.21109\n", ""),
            ("a word", "Norm", "Norms"),
        ];
        for (what, real, broken) in breaks {
            let text = REAL.replacen(real, broken, 1);
            assert_ne!(text, REAL, "{what}");
            assert!(!same(REAL, &text, CLOSE), "{what}");
        }
        assert!(!same(REAL, "", CLOSE) && !same("", REAL, CLOSE));
    }

    /// Returns the text with the first nonzero digit of a number changed, if the number occurs
    /// once.
    fn with_another_digit(line: &str, number: &str) -> Option<String> {
        let digits = number.trim_start_matches(['-', '+']);
        if line.matches(digits).count() != 1 {
            return None;
        }
        let at = line.find(digits)? + digits.find(|c: char| ('1'..='9').contains(&c))?;
        // A difference of one unit in the last digit is allowed, so the change is larger.
        let other = if &line[at..=at] < "5" { "8" } else { "1" };
        Some(format!("{}{other}{}", &line[..at], &line[at + 1..]))
    }

    /// Breaks PETSc's reference outputs in each line with a number. Does nothing if they are not
    /// installed.
    #[test]
    fn another_digit_in_an_installed_output_is_seen() {
        let folder = "/usr/share/petsc/3.18/share/petsc/examples/src/ksp/ksp/tutorials/output";
        let Ok(files) = std::fs::read_dir(folder) else {
            return;
        };
        let mut broken = 0;
        for file in files {
            let file = file.unwrap();
            if !file.file_name().to_string_lossy().starts_with("ex1") {
                continue;
            }
            let text = std::fs::read_to_string(file.path()).unwrap();
            assert!(same(&text, &text, CLOSE));
            for line in text.lines() {
                for token in tokens(line) {
                    let Token::Number { text, value, .. } = token else {
                        continue;
                    };
                    // Differences below the absolute tolerance are not detected.
                    if value.abs() < 1e-10 {
                        continue;
                    }
                    if let Some(other) = with_another_digit(line, &text) {
                        assert!(!same(line, &other, CLOSE), "{line}\n{other}");
                        broken += 1;
                    }
                }
            }
        }
        assert!(broken > 1000, "{broken}");
    }

    #[test]
    fn non_ascii_text_is_compared() {
        assert!(same("é 1.0", "é 1.0", CLOSE) && !same("é 1.0", "è 1.0", CLOSE));
    }
}
