//! Counts the results and prints them.

use std::collections::BTreeMap;

use super::case::{Agreement, Verdict};
use super::expand::Case;

#[derive(Debug, Default)]
struct Row {
    name: String,
    total: usize,
    agreed: BTreeMap<Agreement, usize>,
    silent: usize,
    failed: usize,
    skipped: BTreeMap<String, usize>,
}

impl Row {
    fn passed(&self) -> usize {
        self.agreed.values().sum()
    }

    fn run(&self) -> usize {
        self.passed() + self.silent + self.failed
    }

    fn add(&mut self, other: &Row) {
        self.total += other.total;
        self.silent += other.silent;
        self.failed += other.failed;
        for (how, n) in &other.agreed {
            *self.agreed.entry(*how).or_default() += n;
        }
        for (why, n) in &other.skipped {
            // Missing data files count as one reason, for any file name.
            let why = why.split(" (").next().unwrap_or(why);
            *self.skipped.entry(why.to_owned()).or_default() += n;
        }
    }

    fn line(&self) -> String {
        let skipped: usize = self.skipped.values().sum();
        let mut kinds: Vec<_> = (self.agreed.iter())
            .filter(|(how, _)| **how != Agreement::Exact)
            .map(|(how, n)| format!("{n} {}", in_table(*how)))
            .collect();
        if self.silent > 0 {
            kinds.push(format!("{} silent", self.silent));
        }
        kinds.extend(self.skipped.iter().map(|(why, n)| format!("{n} skipped: {why}")));
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

fn in_table(how: Agreement) -> &'static str {
    match how {
        Agreement::Exact => "exact",
        Agreement::Numbers => "by number",
        Agreement::AsC => "as C",
        Agreement::Rounding => "as C, apart from rounding",
        Agreement::NotTheFile => "as C, but C differs from the file",
        Agreement::Words => "words only",
        Agreement::Unsteady => "words only, because the numbers of C vary",
    }
}

fn of_one_case(how: Agreement) -> &'static str {
    match how {
        Agreement::Exact => "exact",
        Agreement::Numbers => "numbers agree",
        Agreement::AsC => "same as the C program on this machine",
        Agreement::Rounding => {
            "same as the C program on this machine, within the tolerance for this case"
        }
        Agreement::NotTheFile => {
            "same as the C program on this machine, whose output differs from the file"
        }
        Agreement::Words => "words agree, numbers differ from the file",
        Agreement::Unsteady => "words agree, and the C program's own numbers vary from run to run",
    }
}

/// The results of all cases.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    missing: Vec<String>,
}

impl Report {
    /// Starts a tutorial with this number of cases.
    pub(crate) fn begin(&mut self, name: &str, total: usize) {
        self.rows.push(Row { name: name.into(), total, ..Row::default() });
    }

    /// Records a tutorial that cannot run.
    pub(crate) fn missing(&mut self, name: &str, why: &str) {
        self.missing.push(format!("{name}: {why}"));
    }

    /// Counts a case of the current tutorial, and prints it if it failed.
    pub(crate) fn add(&mut self, case: &Case, verdict: Verdict, verbose: bool) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        let word = match verdict {
            Verdict::Passed(how) => {
                *row.agreed.entry(how).or_default() += 1;
                of_one_case(how).to_owned()
            }
            Verdict::Silent => {
                row.silent += 1;
                "silent: nothing is expected and nothing was printed".to_owned()
            }
            Verdict::Skipped(why) => {
                *row.skipped.entry(why.clone()).or_default() += 1;
                format!("skipped: {why}")
            }
            Verdict::Failed(why) => {
                row.failed += 1;
                println!("FAILED {} {} (-n {} {})", row.name, case.name, case.ranks, case.args);
                println!("{}", why.trim_end());
                return;
            }
        };
        if verbose {
            println!("ok     {} {}: {word}", row.name, case.name);
        }
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        println!("\ntutorial   passed / run / skipped / upstream total");
        for row in &self.rows {
            println!("{}", row.line());
        }
        println!("{}", self.all().line());
        for line in &self.missing {
            println!("MISSING {line}");
        }
    }

    fn all(&self) -> Row {
        let mut all = Row { name: "all".into(), ..Row::default() };
        self.rows.iter().for_each(|row| all.add(row));
        all
    }

    /// Returns the numbers of passed and failed cases. Tutorials that cannot run count as failed.
    /// Silent cases count as neither.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let all = self.all();
        (all.passed(), all.failed + self.missing.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silent_cases_are_counted_apart() {
        let blocks = crate::parity::block::parse("/*TEST\n test:\nTEST*/").unwrap();
        let case = crate::parity::expand::cases("ex1", &blocks).unwrap().remove(0);
        let mut report = Report::default();
        report.begin("vec/ex1", 5);
        report.add(&case, Verdict::Silent, false);
        report.add(&case, Verdict::Passed(Agreement::Exact), false);
        report.add(&case, Verdict::Passed(Agreement::Numbers), false);
        report.add(&case, Verdict::Failed("another digit".into()), false);
        report.add(&case, Verdict::Skipped("requires cuda".into()), false);
        report.missing("vec/ex99", "has no port");
        assert_eq!(report.counts(), (2, 2));
        let line = report.all().line();
        assert!(line.contains("2 /   4 /   1 /   5") && line.contains("1 silent"), "{line}");
    }
}
