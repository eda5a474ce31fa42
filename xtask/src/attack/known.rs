//! Faults that are known and not mended yet: `attack/known.txt`.

/// The list of known faults.
#[derive(Debug)]
pub(crate) struct Known(Vec<(String, String)>);

impl Known {
    /// Reads the lines `words: reason`. Empty lines and comments (`#`) are left out.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let split = |line: &str| {
            let (words, reason) = line.split_once(" | ")?;
            Some((words.trim().to_owned(), reason.trim().to_owned()))
        };
        Self(lines.filter_map(split).collect())
    }

    /// The line that fits to a fault, whose functions and operation are given, if there is one: all words of the line
    /// are among them.
    pub(crate) fn find(&self, signature: &str) -> Option<&str> {
        let fits = |words: &str| {
            words
                .split_whitespace()
                .all(|word| signature.contains(word))
        };
        self.0
            .iter()
            .map(|(words, _)| &**words)
            .find(|words| fits(words))
    }

    /// Words and reasons.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(words, reason)| (&**words, &**reason))
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn a_line_fits_if_all_of_its_words_do() {
        let known = Known::parse("# comment\n\nMatGetRow row | C follows NULL\nHang | slow\n");
        assert_eq!(
            known.find("signal 11: MatGetRow < petsc_rs::rows::row"),
            Some("MatGetRow row")
        );
        assert_eq!(known.find("signal 11: MatMult < petsc_rs::rows::row"), None);
        assert_eq!(known.lines().count(), 2);
    }
}
