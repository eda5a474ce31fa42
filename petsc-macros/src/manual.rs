//! Addresses of manual pages.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Sections of the manuals with the names of their pages, in the format of
/// `cargo xtask manual-pages`.
const PETSC: &str = include_str!("../manual/petsc.txt");
const SLEPC: &str = include_str!("../manual/slepc.txt");

/// Address of a page: `(before the section, after the name)`.
const PETSC_ADDRESS: (&str, &str) = ("https://petsc.org/release/manualpages/", "/");
const SLEPC_ADDRESS: (&str, &str) = ("https://slepc.upv.es/release/manualpages/", ".html");

/// Returns the address of the manual page of `name`, if it exists.
pub(crate) fn page(name: &str) -> Option<&'static str> {
    static PAGES: OnceLock<HashMap<&'static str, String>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| {
        let mut pages = HashMap::new();
        for (list, address) in [(SLEPC, SLEPC_ADDRESS), (PETSC, PETSC_ADDRESS)] {
            pages.extend(addresses(list, address));
        }
        pages
    });
    pages.get(name).map(String::as_str)
}

/// Lines of a list are `section: name name …`.
fn addresses(
    list: &'static str,
    (before, after): (&'static str, &'static str),
) -> impl Iterator<Item = (&'static str, String)> {
    list.lines().filter_map(|line| line.split_once(": ")).flat_map(move |(section, names)| {
        names.split_whitespace().map(move |name| (name, format!("{before}{section}/{name}{after}")))
    })
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn pages_have_the_address_of_their_manual() {
        let address = "https://petsc.org/release/manualpages/KSP/KSPSetTolerances/";
        assert_eq!(page("KSPSetTolerances"), Some(address));
        let address = "https://slepc.upv.es/release/manualpages/EPS/EPSSolve.html";
        assert_eq!(page("EPSSolve"), Some(address));
        assert_eq!(page("KSPNoSuchFunction"), None);
    }
}
