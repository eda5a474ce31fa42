//! Counts and prints.

use std::collections::BTreeMap;

use super::case::Verdict;
use super::expand::Case;

#[derive(Debug, Default)]
struct Row {
    name: String,
    total: usize,
    exact: usize,
    numbers: usize,
    as_c: usize,
    not_the_file: usize,
    words: usize,
    unsteady: usize,
    failed: usize,
    skipped: BTreeMap<String, usize>,
}

impl Row {
    fn passed(&self) -> usize {
        self.exact + self.numbers + self.as_c + self.not_the_file + self.words + self.unsteady
    }

    fn run(&self) -> usize {
        self.passed() + self.failed
    }

    fn line(&self) -> String {
        let skipped: usize = self.skipped.values().sum();
        let mut kinds = Vec::new();
        let named = [
            (self.numbers, "by number"),
            (self.as_c, "as C"),
            (self.not_the_file, "as C where C differs from the file"),
            (self.words, "by words"),
            (self.unsteady, "by words where C's own numbers vary"),
        ];
        for (count, word) in named.into_iter().filter(|(count, _)| *count > 0) {
            kinds.push(format!("{count} {word}"));
        }
        kinds.extend(
            self.skipped
                .iter()
                .map(|(why, n)| format!("{n} skipped: {why}")),
        );
        format!(
            "{:<10} {:>4} / {:>3} / {:>3} / {:>3}   {}",
            self.name,
            self.passed(),
            self.run(),
            skipped,
            self.total,
            kinds.join("; ")
        )
    }
}

/// What became of all cases.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    missing: Vec<String>,
}

impl Report {
    /// Starts a tutorial with so many cases.
    pub(crate) fn begin(&mut self, name: &str, total: usize) {
        self.rows.push(Row {
            name: name.into(),
            total,
            ..Row::default()
        });
    }

    /// A tutorial that cannot be run at all.
    pub(crate) fn missing(&mut self, name: &str, why: &str) {
        self.missing.push(format!("{name}: {why}"));
    }

    /// Counts a case of the tutorial begun last, and shows it if it failed.
    pub(crate) fn add(&mut self, case: &Case, verdict: Verdict, verbose: bool) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        let word = match verdict {
            Verdict::Exact => {
                row.exact += 1;
                "exact".to_owned()
            }
            Verdict::Numbers => {
                row.numbers += 1;
                "numbers agree".to_owned()
            }
            Verdict::AsC => {
                row.as_c += 1;
                "as the C program here".to_owned()
            }
            Verdict::NotTheFile => {
                row.not_the_file += 1;
                "as the C program here, which differs from the file".to_owned()
            }
            Verdict::Words => {
                row.words += 1;
                "words agree, numbers are not the file's".to_owned()
            }
            Verdict::Unsteady => {
                row.unsteady += 1;
                "words agree, and the C program's own numbers vary from run to run".to_owned()
            }
            Verdict::Skipped(why) => {
                *row.skipped.entry(why.clone()).or_default() += 1;
                format!("skipped: {why}")
            }
            Verdict::Failed(why) => {
                row.failed += 1;
                println!(
                    "FAILED {} {} (-n {} {})",
                    row.name, case.name, case.ranks, case.args
                );
                println!("{}", why.trim_end());
                return;
            }
        };
        if verbose {
            println!("ok     {} {}: {word}", row.name, case.name);
        }
    }

    /// The table.
    pub(crate) fn print(&self) {
        println!(
            "
tutorial   passed / run / skipped / upstream total"
        );
        let mut all = Row {
            name: "all".into(),
            ..Row::default()
        };
        for row in &self.rows {
            println!("{}", row.line());
            all.total += row.total;
            all.exact += row.exact;
            all.numbers += row.numbers;
            all.as_c += row.as_c;
            all.not_the_file += row.not_the_file;
            all.words += row.words;
            all.unsteady += row.unsteady;
            all.failed += row.failed;
            for (why, n) in &row.skipped {
                // A data file that is missing is one reason, whatever its name.
                let why = why.split(" (").next().unwrap_or(why);
                *all.skipped.entry(why.to_owned()).or_default() += n;
            }
        }
        println!("{}", all.line());
        for line in &self.missing {
            println!("MISSING {line}");
        }
    }

    /// Whether nothing failed and nothing is missing.
    pub(crate) fn is_good(&self) -> bool {
        self.missing.is_empty() && self.rows.iter().all(|row| row.failed == 0)
    }
}
