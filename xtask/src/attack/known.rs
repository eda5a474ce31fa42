//! Known failures that are not fixed: `attack/known.txt`.

use std::collections::HashSet;

/// The list of known failures.
#[derive(Debug)]
pub(crate) struct Known(Vec<(String, String)>);

impl Known {
    /// Parses the lines `words | reason`. Empty lines and comments (`#`) are ignored.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let split = |line: &str| {
            let (words, reason) = line.split_once(" | ")?;
            Some((words.trim().to_owned(), reason.trim().to_owned()))
        };
        Self(lines.filter_map(split).collect())
    }

    /// Returns the line that matches a failure with these functions and this operation, if there is
    /// one. All words of the line must occur as whole words.
    pub(crate) fn find(&self, signature: &str) -> Option<&str> {
        let found: HashSet<_> = words(signature).collect();
        let fits = |line: &str| words(line).all(|word| found.contains(word));
        self.0.iter().map(|(words, _)| &**words).find(|words| fits(words))
    }

    /// Words and reasons.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(words, reason)| (&**words, &**reason))
    }
}

/// Splits into names, without the colon after a part of a signature.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(|word| word.trim_end_matches(':'))
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn a_line_fits_if_all_of_its_words_do() {
        let known = Known::parse(
            "# comment\n\nMatGetRow petsc_rs::rows::row | C follows NULL\nHang | slow\n",
        );
        assert_eq!(
            known.find("signal 11: MatGetRow < petsc_rs::rows::row"),
            Some("MatGetRow petsc_rs::rows::row")
        );
        assert_eq!(known.find("signal 11: MatMult < petsc_rs::rows::row"), None);
        assert_eq!(known.lines().count(), 2);
        // A longer name does not match.
        let known = Known::parse("Matrix::factor: exit | library\nPCView | unset\n");
        assert_eq!(known.find("signal 11: Pc view: PCViewFromOptions"), None);
        assert!(known.find("signal 11: Pc view: PCView < f").is_some());
        assert!(known.find("exit code 255: Matrix::factor: ").is_some());
    }
}
