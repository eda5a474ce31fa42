//! Training and test samples, from a table or simulated.

use std::ops::Range;
use std::path::Path;

use petsc_rs::{Comm, Result};

use super::problem::Samples;
use super::table::{Scaling, Table, made_up, read_table};
use crate::app::{agree, input_error};

/// The samples of an application.
#[derive(Clone, Debug)]
pub struct Data {
    /// The training samples.
    pub train: Samples,
    /// The test samples.
    pub test: Samples,
    /// The number of features.
    pub features: usize,
    /// The number of classes.
    pub classes: usize,
    /// The columns of the table, starting at 1, that are constant in the training rows.
    pub constant: Vec<usize>,
}

/// The treatment of constant features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Shift them to 0, so that they have no effect.
    Keep,
    /// Remove them from the table.
    Drop,
    /// Return an error that lists them.
    Refuse,
}

impl Data {
    /// Reads a table and scales its features with the statistics of the training rows. Every fifth
    /// row is a test sample. Collective.
    ///
    /// # Errors
    /// One line, the same on all ranks, that describes the error in the table.
    pub fn read(comm: &Comm, path: &Path, constant: Constant) -> Result<Self> {
        let testing = |i: usize| i % 5 == 4;
        let mut table = agree(comm, read_table(path))?;
        let train = table.rows(|i| !testing(i));
        let name = path.display();
        if train.classes.iter().all(|&c| c == train.classes[0]) {
            return Err(input_error(format_args!(
                "{name}: all training rows are of class {}: use rows of at least two classes",
                train.classes[0]
            )));
        }
        let mut scaling = Scaling::of(&train);
        let columns: Vec<usize> = scaling.constant.iter().map(|c| c + 1).collect();
        match constant {
            Constant::Keep => {}
            _ if columns.is_empty() => {}
            _ if columns.len() == table.features.ncols() => {
                return Err(input_error(format_args!("{name}: all features are constant")));
            }
            Constant::Refuse => {
                return Err(input_error(format_args!(
                    "{name}: column {} is constant in the training rows: use --drop-constant to remove such columns",
                    list(&columns)
                )));
            }
            Constant::Drop => {
                table = table.without(&scaling.constant);
                scaling = Scaling::of(&table.rows(|i| !testing(i)));
            }
        }
        scaling.apply(&mut table);
        Ok(Self {
            train: Samples::of(comm, &table.rows(|i| !testing(i)))?,
            test: Samples::of(comm, &table.rows(testing))?,
            features: table.features.ncols(),
            classes: table.class_count,
            constant: columns,
        })
    }

    /// Simulates `samples` training samples of two classes, and a fifth of that number of test
    /// samples.
    ///
    /// # Errors
    /// See [`Samples::share`].
    pub fn made_up(comm: &Comm, samples: u64, features: u64) -> Result<Self> {
        let (n, features) = (usize::try_from(samples)?, usize::try_from(features)?);
        let rows = |from: usize| {
            move |r: Range<usize>| -> Table {
                made_up(from + r.start..from + r.end, features, 2024)
            }
        };
        Ok(Self {
            train: Samples::share(comm, n, rows(0))?,
            test: Samples::share(comm, n / 5, rows(n))?,
            features,
            classes: 2,
            constant: Vec::new(),
        })
    }
}

/// Formats the first few numbers.
fn list(columns: &[usize]) -> String {
    let shown: Vec<String> = columns.iter().take(5).map(ToString::to_string).collect();
    let more = columns.len() - shown.len();
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
