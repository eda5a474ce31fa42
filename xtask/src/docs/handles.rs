//! Checks that public functions return owned handles or loans. A borrowed handle may dangle,
//! because another handle to the same solver may replace its object. A table therefore lists the
//! functions that return a borrowed handle, each with the reason why the object stays alive.

use std::collections::BTreeMap;
use std::path::Path;

use super::aliases::sources;
use super::collective::CRATES;
use super::functions;

/// File, function, and the reason why it may return a borrowed handle.
const TABLE: &str = include_str!("handles.txt");

/// Functions that return a borrowed handle and are not in the table, and unused rows of the table.
pub(super) fn check(root: &Path) -> Result<Vec<String>, String> {
    // "file function", and the number of occurrences.
    let mut rows: BTreeMap<&str, usize> = TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some((line.split_once(": ")?.0, 0)))
        .collect();
    let mut problems = Vec::new();
    for package in CRATES {
        for file in sources(&root.join(package).join("src"))? {
            let place = file.strip_prefix(root).unwrap_or(&file);
            let place = place.display().to_string();
            functions::walk(functions::parse(&file)?, &mut |function| {
                if !function.public || !function.lends() {
                    return;
                }
                let row = format!("{place} {}", function.name());
                match rows.get_mut(row.as_str()) {
                    Some(count) => *count += 1,
                    None => problems.push(format!(
                        "{row} returns {}: return a handle (part_of, retain) or a Loan, or state in handles.txt \
                         what keeps the object alive",
                        function.returned()
                    )),
                }
            });
        }
    }
    let unused = rows.iter().filter(|(_, count)| **count == 0);
    problems
        .extend(unused.map(|(row, _)| format!("handles.txt: {row} returns no borrowed handle")));
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;

    #[test]
    fn borrowed_handles_are_seen() {
        let lends = |text: &str| {
            let mut seen = Vec::new();
            functions::walk(text.parse().unwrap(), &mut |function| {
                seen.push((function.name(), function.public && function.lends()));
            });
            seen
        };
        let found = lends(
            "impl KspRef {
                pub fn a(&self) -> Result<&PcRef> { x() }
                pub fn b(&mut self) -> Result<Option<(&'a mut MatrixRef, bool)>> { x() }
                pub fn c(&self) -> &Self { x() }
                pub fn d(&self) -> Result<Pc> { x() }
                pub(crate) fn e(&self) -> &PcRef { x() }
                pub fn f(&self, pc: &PcRef) -> Result<&[Real]> { x() }
                fn g(&self) -> &PcRef { x() }
            }
            macro_rules! m { () => { pub fn h(&self) -> Result<&$crate::region::RegionRef> { x() } } }",
        );
        let lent: Vec<_> =
            found.iter().filter_map(|(name, lent)| lent.then_some(name.as_str())).collect();
        assert_eq!(lent, ["a", "b", "c", "h"]);
    }

    #[test]
    fn every_function_that_lends_is_in_the_table() {
        assert_eq!(check(&run::workspace()).unwrap(), [""; 0]);
    }
}
