//! Samples to train and to test, from a table or made up.

use std::ops::Range;
use std::path::Path;

use petsc_rs::{Comm, Result};

use super::problem::Samples;
use super::table::{Scaling, Table, made_up, read_table};
use crate::app::{agree, input_error};

/// The samples of an application.
#[derive(Clone, Debug)]
pub struct Data {
    /// Those to train with.
    pub train: Samples,
    /// Those to test with.
    pub test: Samples,
    /// Number of features.
    pub features: usize,
    /// Number of classes.
    pub classes: usize,
    /// Columns of the table, from 1, that do not vary in the rows to train with.
    pub constant: Vec<usize>,
}

/// What to do with features that do not vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Shift them to 0, where they do nothing.
    Keep,
    /// Take them out of the table.
    Drop,
    /// Say which they are, as an error.
    Refuse,
}

impl Data {
    /// Reads a table and scales its features by the rows to train with; every fifth row is to test with.
    /// Collective.
    ///
    /// # Errors
    /// One line, the same on all ranks, about what is wrong with the table.
    pub fn read(comm: &Comm, path: &Path, constant: Constant) -> Result<Self> {
        let testing = |i: usize| i % 5 == 4;
        let mut table = agree(comm, read_table(path))?;
        let train = table.rows(|i| !testing(i));
        let name = path.display();
        if train.classes.iter().all(|&c| c == train.classes[0]) {
            return Err(input_error(format_args!(
                "{name}: all rows to train with are of class {}: nothing to tell apart",
                train.classes[0]
            )));
        }
        let mut scaling = Scaling::of(&train);
        let columns: Vec<usize> = scaling.constant.iter().map(|c| c + 1).collect();
        match constant {
            Constant::Keep => {}
            _ if columns.is_empty() => {}
            _ if columns.len() == table.features.ncols() => {
                return Err(input_error(format_args!("{name}: no feature varies")));
            }
            Constant::Refuse => {
                return Err(input_error(format_args!(
                    "{name}: column {} does not vary in the rows to train with; --drop-constant leaves such columns out",
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

    /// Makes up `samples` of two classes to train with, and a fifth of that number to test with.
    ///
    /// # Errors
    /// As [`Samples::share`].
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

/// The first few numbers.
fn list(columns: &[usize]) -> String {
    let shown: Vec<String> = columns.iter().take(5).map(ToString::to_string).collect();
    let more = columns.len() - shown.len();
    if more > 0 {
        format!("{} and {more} more", shown.join(", "))
    } else {
        shown.join(", ")
    }
}
