//! Who was genotyped: `.fam` files, and files of phenotypes.

use std::collections::HashMap;
use std::path::Path;

use super::{Mistake, read_text};

/// Sex as the file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 1
    Male,
    /// 2
    Female,
    /// Anything else.
    Unknown,
}

/// One line of a `.fam` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Family and name within the family, which together are unique.
    pub id: (String, String),
    /// Sex.
    pub sex: Sex,
    /// Neither parent is named.
    pub founder: bool,
}

/// The file that a phenotype is from, and each sample's text with the line it stands on.
pub type Column<'a> = (&'a Path, Vec<(usize, &'a str)>);

/// The samples and their phenotypes as texts: one column, or more in files of other programs.
#[derive(Clone, Debug, Default)]
pub struct Fam {
    /// In the order of the genotypes.
    pub samples: Vec<Sample>,
    columns: Vec<Vec<String>>,
    names: Vec<String>,
    /// Where each sample's phenotype stands, for messages.
    lines: Vec<usize>,
    path: std::path::PathBuf,
}

impl Fam {
    /// Reads a `.fam` file. What follows the sixth column are more phenotypes.
    ///
    /// # Errors
    /// A line with less than six columns, or another number than the first has; a sample that comes twice; no line at
    /// all.
    pub fn read(path: &Path) -> Result<Self, Mistake> {
        let text = read_text(path)?;
        let mut fam = Self {
            path: path.to_owned(),
            ..Self::default()
        };
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

    /// Samples of a file that has only their names, as VCF has: family and name are both the name, sex and parents unknown.
    /// There are no phenotypes.
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

    /// Replaces the phenotypes by those of a file with family and name in the first two columns; its first line may
    /// name the others. Samples that are not in it have none, those that only it has are left out.
    ///
    /// # Errors
    /// A line of another length than the first, or a sample that comes twice.
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

    /// The columns of a file like that of [`Fam::read_phenotypes`] as numbers: those of the given names, or numbers from 1,
    /// or all.
    ///
    /// # Errors
    /// A file of another form, a name that it has not, a text that is no number.
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

    /// The phenotype of this name, or number from 1: a text for each sample with the line it stands on, and the file.
    ///
    /// # Errors
    /// There is none.
    pub fn phenotype(&self, name: &str) -> Result<Column<'_>, Mistake> {
        let by_number = || name.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let column = self.names.iter().position(|n| n == name).or_else(by_number);
        match column.and_then(|c| self.columns.get(c)) {
            Some(values) => {
                let values = values.iter().map(String::as_str);
                Ok((&self.path, self.lines.iter().copied().zip(values).collect()))
            }
            None => {
                let message = format!("no phenotype {name}; there are {}", self.names.join(", "));
                Err(Mistake::new(&self.path, 0, message))
            }
        }
    }
}

/// A sample that the file already has on its line `first`.
fn twice(path: &Path, line: usize, row: &[&str], first: usize) -> Mistake {
    let message = format!("{} {} stands on line {first} too", row[0], row[1]);
    Mistake::new(path, line, message)
}

/// Lines that are not empty, by their columns.
fn rows(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    (1..)
        .zip(text.lines())
        .map(|(number, line)| (number, line.split_whitespace().collect::<Vec<_>>()))
        .filter(|(_, row)| !row.is_empty())
}
