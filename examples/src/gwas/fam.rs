//! Samples: `.fam` files, and files with phenotypes.

use std::collections::HashMap;
use std::path::Path;

use super::{Mistake, read_text};

/// The sex of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Code 1.
    Male,
    /// Code 2.
    Female,
    /// All other codes.
    Unknown,
}

/// One line of a `.fam` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Family and name within the family; the pair is unique.
    pub id: (String, String),
    /// The sex.
    pub sex: Sex,
    /// Whether both parents are unknown.
    pub founder: bool,
}

/// The path of the file that contains a phenotype, and for each sample the line number and the
/// field, which is not parsed.
pub type Column<'a> = (&'a Path, Vec<(usize, &'a str)>);

/// The samples and their phenotypes, whose fields are not parsed. A `.fam` file has one column of
/// phenotypes; files of other programs may have more.
#[derive(Clone, Debug, Default)]
pub struct Fam {
    /// The samples, in the order of the genotypes.
    pub samples: Vec<Sample>,
    columns: Vec<Vec<String>>,
    names: Vec<String>,
    /// The line number of each sample in the file of the phenotypes, for messages.
    lines: Vec<usize>,
    path: std::path::PathBuf,
}

impl Fam {
    /// Reads a `.fam` file. Columns after the sixth are further phenotypes.
    ///
    /// # Errors
    /// A line with fewer than six columns, or with another number of columns than the first line; a
    /// sample that occurs twice; an empty file.
    pub fn read(path: &Path) -> Result<Self, Mistake> {
        let text = read_text(path)?;
        let mut fam = Self { path: path.to_owned(), ..Self::default() };
        let mut width = None;
        let mut seen = HashMap::new();
        for (line, row) in rows(&text) {
            let expected = *width.get_or_insert(row.len());
            if row.len() < 6 || row.len() != expected {
                let message = format!("{} columns instead of {}", row.len(), expected.max(6));
                return Err(Mistake::new(path, line, message));
            }
            if let Some(first) = seen.insert((row[0], row[1]), line) {
                return Err(twice(path, line, &row, first));
            }
            fam.samples.push(Sample {
                id: (row[0].to_owned(), row[1].to_owned()),
                founder: row[2] == "0" && row[3] == "0",
                sex: match row[4] {
                    "1" => Sex::Male,
                    "2" => Sex::Female,
                    _ => Sex::Unknown,
                },
            });
            fam.columns.resize(expected - 5, Vec::new());
            for (column, value) in fam.columns.iter_mut().zip(&row[5..]) {
                column.push((*value).to_owned());
            }
            fam.lines.push(line);
        }
        if fam.samples.is_empty() {
            return Err(Mistake::new(path, 0, "no samples"));
        }
        fam.names = (1..=fam.columns.len()).map(|n| n.to_string()).collect();
        Ok(fam)
    }

    /// Creates samples from names only, as in VCF files: family and name within the family are both
    /// the given name; sex and parents are unknown. There are no phenotypes.
    #[must_use]
    pub fn of_names(path: &Path, names: &[String]) -> Self {
        let sample = |name: &String| Sample {
            id: (name.clone(), name.clone()),
            sex: Sex::Unknown,
            founder: true,
        };
        Self {
            samples: names.iter().map(sample).collect(),
            path: path.to_owned(),
            ..Self::default()
        }
    }

    /// Replaces the phenotypes with those of a file with family and name in the first two columns.
    /// Its first line may contain column names. Samples that are missing in the file have no
    /// phenotype; additional samples in the file are ignored.
    ///
    /// # Errors
    /// A line with another number of columns than the first line, or a sample that occurs twice.
    pub fn read_phenotypes(&mut self, path: &Path) -> Result<(), Mistake> {
        let text = read_text(path)?;
        let index: HashMap<(&str, &str), usize> = self
            .samples
            .iter()
            .enumerate()
            .map(|(i, s)| ((s.id.0.as_str(), s.id.1.as_str()), i))
            .collect();
        let mut columns: Vec<Vec<String>> = Vec::new();
        let mut names = Vec::new();
        let mut lines = vec![0; self.samples.len()];
        let mut width = None;
        for (line, row) in rows(&text) {
            let expected = *width.get_or_insert(row.len());
            if row.len() < 3 || row.len() != expected {
                let message = format!("{} columns instead of {}", row.len(), expected.max(3));
                return Err(Mistake::new(path, line, message));
            }
            if columns.is_empty() {
                columns.resize(expected - 2, vec!["NA".to_owned(); self.samples.len()]);
                names = (1..=columns.len()).map(|n| n.to_string()).collect();
                if row[0] == "FID" && row[1] == "IID" {
                    names = row[2..].iter().map(|&name| name.to_owned()).collect();
                    continue;
                }
            }
            let Some(&i) = index.get(&(row[0], row[1])) else {
                continue;
            };
            if lines[i] > 0 {
                return Err(twice(path, line, &row, lines[i]));
            }
            lines[i] = line;
            for (column, value) in columns.iter_mut().zip(&row[2..]) {
                column[i] = (*value).to_owned();
            }
        }
        if columns.is_empty() {
            return Err(Mistake::new(path, 0, "no phenotypes"));
        }
        (self.columns, self.names, self.lines) = (columns, names, lines);
        self.path = path.to_owned();
        Ok(())
    }

    /// Reads numeric columns of a file in the format of [`Fam::read_phenotypes`]: the columns with
    /// the given names or numbers (starting at 1), or all columns if `names` is empty.
    ///
    /// # Errors
    /// Another file format, an unknown name, or a field that is not a number.
    pub fn covariates(
        &self,
        path: &Path,
        names: &[String],
    ) -> Result<Vec<Vec<Option<f64>>>, Mistake> {
        let mut other = self.clone();
        other.read_phenotypes(path)?;
        let all = || (1..=other.names.len()).map(|n| n.to_string()).collect();
        let names: Vec<String> = match names {
            [] => all(),
            _ => names.to_vec(),
        };
        let column = |name: &String| {
            let (path, values) = other.phenotype(name)?;
            super::phenotype::numbers(path, &values)
        };
        names.iter().map(column).collect()
    }

    /// Returns the phenotype with this name or number (starting at 1): the path of the file, and
    /// for each sample the line number and the field, which is not parsed.
    ///
    /// # Errors
    /// There is no such phenotype.
    pub fn phenotype(&self, name: &str) -> Result<Column<'_>, Mistake> {
        let by_number = || name.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let column = self.names.iter().position(|n| n == name).or_else(by_number);
        match column.and_then(|c| self.columns.get(c)) {
            Some(values) => {
                let values = values.iter().map(String::as_str);
                Ok((&self.path, self.lines.iter().copied().zip(values).collect()))
            }
            None => {
                let message = format!(
                    "unknown phenotype {name}: the file contains {}",
                    self.names.join(", ")
                );
                Err(Mistake::new(&self.path, 0, message))
            }
        }
    }
}

/// Returns the error for a sample that is already on line `first`.
fn twice(path: &Path, line: usize, row: &[&str], first: usize) -> Mistake {
    let message = format!("{} {} is already on line {first}", row[0], row[1]);
    Mistake::new(path, line, message)
}

/// Returns the columns of all lines that are not empty.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| (number, line.split_whitespace().collect::<Vec<_>>()))
        .filter(|(_, row)| !row.is_empty())
}
