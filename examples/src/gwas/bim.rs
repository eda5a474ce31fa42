//! Variants: `.bim` files.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use super::{Mistake, read_text};

/// The chromosome of a variant. The number of copies in a person depends on the chromosome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chromosome {
    /// Code 0: unknown.
    Unplaced,
    /// Two copies.
    Autosome(u16),
    /// One copy in men.
    X,
    /// One copy in men, none in women.
    Y,
    /// The pseudoautosomal region of X: two copies.
    Xy,
    /// One copy.
    Mitochondrial,
}

impl Chromosome {
    /// Returns the chromosome with this name, or with PLINK's number for a species with `autosomes`
    /// autosomes.
    #[must_use]
    pub fn parse(text: &str, autosomes: u16) -> Option<Self> {
        let name = text.strip_prefix("chr").unwrap_or(text);
        match name {
            "X" => return Some(Self::X),
            "Y" => return Some(Self::Y),
            "XY" => return Some(Self::Xy),
            "MT" | "M" => return Some(Self::Mitochondrial),
            _ => {}
        }
        let number: u16 = name.parse().ok()?;
        match number.checked_sub(autosomes) {
            None | Some(0) if number == 0 => Some(Self::Unplaced),
            None | Some(0) => Some(Self::Autosome(number)),
            Some(1) => Some(Self::X),
            Some(2) => Some(Self::Y),
            Some(3) => Some(Self::Xy),
            Some(4) => Some(Self::Mitochondrial),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Chromosome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unplaced => f.write_str("0"),
            Self::Autosome(number) => number.fmt(f),
            Self::X => f.write_str("X"),
            Self::Y => f.write_str("Y"),
            Self::Xy => f.write_str("XY"),
            Self::Mitochondrial => f.write_str("MT"),
        }
    }
}

/// One line of a `.bim` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant<'a> {
    /// The chromosome.
    pub chromosome: Chromosome,
    /// The name.
    pub id: Cow<'a, str>,
    /// The position in base pairs; negative if the variant is to be omitted.
    pub position: i64,
    /// The first allele, the column A1.
    pub first: &'a str,
    /// The other allele.
    pub second: &'a str,
}

/// All variants of a `.bim` file. The text of the file is stored in one string.
#[derive(Clone, Debug, Default)]
pub struct Bim {
    text: String,
    /// For each line, the offset of its first byte, and the chromosome and position of the variant.
    lines: Vec<(usize, Chromosome, i64)>,
}

impl Bim {
    /// Reads a `.bim` file of a species with this number of autosomes.
    ///
    /// # Errors
    /// A line without six columns, an unknown chromosome, or a position that is not an integer.
    pub fn read(path: &Path, autosomes: u16) -> Result<Self, Mistake> {
        Self::parse(read_text(path)?, autosomes)
            .map_err(|(line, message)| Mistake::new(path, line, message))
    }

    /// Parses the text of a `.bim` file.
    ///
    /// # Errors
    /// The line and the description of the first error.
    pub fn parse(text: String, autosomes: u16) -> Result<Self, (usize, String)> {
        let mut lines = Vec::new();
        let mut start = 0;
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let mut columns = line.split_whitespace();
            let chromosome = columns.next();
            let position = columns.nth(2);
            let count = chromosome.is_some() as usize
                + 3 * usize::from(position.is_some())
                + columns.count();
            if let (Some(chromosome), Some(position), 6) = (chromosome, position, count) {
                let Some(place) = Chromosome::parse(chromosome, autosomes) else {
                    let message = format!(
                        "unknown chromosome {chromosome} for a species with {autosomes} autosomes"
                    );
                    return Err((number, message));
                };
                let Ok(position) = position.parse() else {
                    return Err((number, format!("position {position} is not an integer")));
                };
                lines.push((start, place, position));
            } else if chromosome.is_some() {
                let count = line.split_whitespace().count();
                return Err((number, format!("{count} columns instead of 6")));
            }
            start += line.len();
        }
        if lines.is_empty() {
            return Err((0, "no variants".into()));
        }
        Ok(Self { text, lines })
    }

    /// Returns the number of variants.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns whether there are no variants.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns the chromosome and the position of a variant.
    #[must_use]
    pub fn place(&self, index: usize) -> (Chromosome, i64) {
        (self.lines[index].1, self.lines[index].2)
    }

    /// Returns a variant.
    #[must_use]
    pub fn variant(&self, index: usize) -> Variant<'_> {
        let (start, chromosome, position) = self.lines[index];
        let line = self.text[start..].lines().next().unwrap_or_default();
        let mut columns = line.split_whitespace().skip(1);
        // The number of columns was checked before.
        let mut next = |skip| columns.nth(skip).unwrap_or_default();
        Variant {
            chromosome,
            position,
            id: Cow::Borrowed(next(0)),
            first: next(2),
            second: next(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bim, Chromosome};

    #[test]
    fn chromosomes_have_names_and_numbers() {
        for (text, expected) in [
            ("0", Some(Chromosome::Unplaced)),
            ("chr7", Some(Chromosome::Autosome(7))),
            ("22", Some(Chromosome::Autosome(22))),
            ("23", Some(Chromosome::X)),
            ("MT", Some(Chromosome::Mitochondrial)),
            ("27", None),
            ("scaffold", None),
        ] {
            assert_eq!(Chromosome::parse(text, 22), expected, "{text}");
        }
        assert_eq!(Chromosome::parse("20", 19), Some(Chromosome::X));
    }

    #[test]
    fn columns_are_found_again() {
        let bim = Bim::parse("1\trs1 0.5 100 A G\n\n X rs2 0 -9 T C".into(), 22).unwrap();
        let found = bim.variant(1);
        assert_eq!((bim.len(), bim.place(1)), (2, (Chromosome::X, -9)));
        assert_eq!((&*found.id, found.first, found.second), ("rs2", "T", "C"));
        assert_eq!(bim.variant(0).first, "A");
    }

    #[test]
    fn mistakes_have_their_line() {
        let check = |text: &str, expected: (usize, &str)| {
            let (line, message) = Bim::parse(text.into(), 22).unwrap_err();
            assert!(line == expected.0 && message.contains(expected.1), "{line}: {message}");
        };
        check("1 a 0 1 A G\n1 b 0 2 A\n", (2, "5 columns instead of 6"));
        check("1 a 0 1 A G x\n", (1, "7 columns"));
        check("1 a\n", (1, "2 columns"));
        check("99 a 0 1 A G\n", (1, "chromosome 99"));
        check("1 a 0 1.5 A G\n", (1, "position 1.5"));
        check("\n", (0, "no variants"));
    }
}
