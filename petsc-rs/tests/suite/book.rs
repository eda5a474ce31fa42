//! The book against the sources. Chapters "From C" and "From petsc4py": every method in a table exists and has the
//! name of C that its row gives, every class has a table. Every chapter with Rust in it is compiled and run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use petsc_rs::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust files of both crates.
fn sources() -> Vec<String> {
    let mut texts = Vec::new();
    for package in ["petsc-rs", "slepc-rs"] {
        read_all(&root().join(package).join("src"), &mut texts);
    }
    texts
}

fn read_all(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources are there").path();
        if path.is_dir() {
            read_all(&path, texts);
        } else if path.extension().is_some_and(|e| e == "rs") {
            texts.push(fs::read_to_string(path).expect("the sources are there"));
        }
    }
}

/// Each method of the sources as `Type::method`, and with each of its names in C.
fn methods(texts: &[String]) -> BTreeSet<(String, String)> {
    let (mut found, mut written) = (BTreeSet::new(), BTreeMap::new());
    for text in texts {
        methods_of(text, &mut found);
        written.extend(written_by_macros(text));
    }
    let calls: Vec<_> = texts.iter().flat_map(|text| calls_in_macros(text)).collect();
    for (outer, inner) in calls {
        let more = written.get(&inner).cloned().unwrap_or_default();
        written.entry(outer).or_default().extend(more);
    }
    for text in texts {
        methods_by_macros(text, &written, &mut found);
    }
    found
}

/// The methods that each macro writes; those of an eigenpair with their class.
fn written_by_macros(text: &str) -> Vec<(String, Vec<String>)> {
    let mut macros: Vec<(String, Vec<String>)> = Vec::new();
    let (mut inside, mut of_pair) = (false, false);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("macro_rules! ") {
            macros.push((name.trim_end_matches(" {").to_owned(), Vec::new()));
            inside = true;
        }
        inside &= line != "}";
        let word = line.trim_start();
        if word.starts_with("impl") {
            of_pair = word.contains("Eigenpair<");
        }
        if let (true, true, Some((_, methods))) =
            (inside, word.contains("prefixes!("), macros.last_mut())
        {
            methods.push("set_options_prefix".to_owned());
        }
        if let (true, Some(rest)) = (inside, word.strip_prefix("pub fn ")) {
            let end = rest.find(['(', '<']).unwrap_or(rest.len());
            let class = if of_pair { "Eigenpair::" } else { "" };
            if let Some((_, methods)) = macros.last_mut() {
                methods.push(format!("{class}{}", &rest[..end]));
            }
        }
    }
    macros
}

/// Where the macros of slepc-rs are.
const MACROS_IN: [&str; 2] = ["base::", "solver::"];

/// Macros that other macros use: the outer one and the inner one.
fn calls_in_macros(text: &str) -> Vec<(String, String)> {
    let mut calls = Vec::new();
    let mut outer = None;
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("macro_rules! ") {
            outer = Some(name.trim_end_matches(" {"));
        } else if line == "}" {
            outer = None;
        }
        let inner = MACROS_IN
            .iter()
            .find_map(|folder| line.split_once(&format!("$crate::{folder}")))
            .and_then(|(_, rest)| rest.split_once("! {"));
        if let (Some(outer), Some((inner, _))) = (outer, inner) {
            calls.push((outer.to_owned(), inner.to_owned()));
        }
    }
    calls
}

/// The names of C in an attribute of petsc-macros: `#[setting(KSPSetX, KSPGetX, check = positive)]`.
fn names_in_attribute(line: &str) -> Option<Vec<String>> {
    let inside = ["#[setting(", "#[getter(", "#[wraps("]
        .iter()
        .find_map(|start| line.strip_prefix(start))?;
    // Functions of the shim are followed by their names in C; other arguments name none.
    let list = match inside.split_once("c = [") {
        Some((_, names)) => names.split(']').next()?,
        None => inside.split(" = ").next()?,
    };
    let words = list.split(|c: char| !c.is_alphanumeric() && c != '_');
    let names = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
    Some(names.map(str::to_owned).collect())
}

/// The text with each attribute of petsc-macros on one line.
fn on_one_line(text: &str) -> String {
    let mut joined = String::new();
    let mut inside = false;
    for line in text.lines() {
        let word = line.trim_start();
        let starts = names_in_attribute(word).is_some();
        joined += if inside { word } else { line };
        inside = (inside || starts) && !word.ends_with(")]");
        if !inside {
            joined.push('\n');
        }
    }
    joined
}

/// The getter that a declaration names by its argument: `set_x(x: bool);`.
fn getter_of_setting(declaration: &str) -> Option<&str> {
    let (_, argument) = declaration.strip_suffix(");")?.split_once('(')?;
    argument.split_once(": ").map(|(name, _)| name)
}

/// What the macros of slepc-rs write where they are used: each method may have each name of C that is given there.
fn methods_by_macros(
    text: &str,
    written: &BTreeMap<String, Vec<String>>,
    found: &mut BTreeSet<(String, String)>,
) {
    let uses = MACROS_IN
        .iter()
        .flat_map(|folder| text.match_indices(folder).map(|(at, _)| &text[at + folder.len()..]));
    for rest in uses {
        let Some((name, rest)) = rest.split_once("! {") else {
            continue;
        };
        let Some(methods) = written.get(name) else {
            continue;
        };
        let end = if rest.starts_with('\n') { "\n}" } else { "}\n" };
        let body = rest.split(end).next().unwrap_or_default();
        let code = body.lines().filter(|l| !l.trim_start().starts_with("///"));
        let code = code.collect::<Vec<_>>().join(" ");
        let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric()).collect();
        let Some(class) = words.iter().find_map(|w| w.strip_suffix("Ref")) else {
            continue;
        };
        // What a pair does is written by hand, on a trait that the macro implements.
        let pairs = ["Eigenpair::error", "Eigenpair::error_estimate", "Eigenpair::vector"];
        let pairs = pairs.into_iter().filter(|_| name == "eigenpairs");
        for method in methods.iter().map(String::as_str).chain(pairs) {
            let method = match method.contains("::") {
                true => method.to_owned(),
                false => format!("{class}::{method}"),
            };
            found.insert((method.clone(), String::new()));
            let names = words.iter().filter(|w| w.len() > 4);
            found.extend(names.map(|name| {
                let name = name.strip_prefix("PetscRs").unwrap_or(name);
                (method.clone(), name.to_owned())
            }));
        }
    }
}

fn methods_of(text: &str, found: &mut BTreeSet<(String, String)>) {
    let (mut class, mut aliases) = (String::new(), Vec::new());
    let mut named = None;
    for line in on_one_line(text).lines() {
        let word = line.trim_start();
        let get = word.split_once("get = ").map(|(_, rest)| rest);
        named = get
            .and_then(|rest| rest.split([',', ')']).next())
            .or(named.filter(|_| word.starts_with("#[") || word.starts_with("pub fn")));
        if let Some(rest) = ["impl", "trait ", "pub trait ", "pub unsafe trait "]
            .iter()
            .find_map(|k| line.strip_prefix(k))
        {
            // Past generics and past the trait of `impl Trait for Type`.
            let rest = if rest.starts_with('<') {
                rest.split_once("> ").map_or(rest, |(_, r)| r)
            } else {
                rest
            };
            let rest = rest.split_once(" for ").map_or(rest, |(_, r)| r).trim_start();
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            class = name.strip_suffix("Ref").unwrap_or(&name).to_owned();
        } else if let Some(alias) = word.strip_prefix("#[doc(alias = \"") {
            aliases.push(alias.trim_end_matches("\")]").to_owned());
        } else if let Some(names) = names_in_attribute(word) {
            aliases.extend(names);
        } else if let Some(rest) = ["pub fn ", "pub const fn ", "pub unsafe fn ", "fn "]
            .iter()
            .find_map(|k| word.strip_prefix(k))
        {
            let name: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // Of a setting, setters stand before getters.
            let getter = named.take().or(getter_of_setting(rest)).filter(|_| aliases.len() > 1);
            let of_getter =
                aliases.split_off(if getter.is_some() { aliases.len() / 2 } else { aliases.len() });
            for (name, aliases) in [(Some(name.as_str()), &aliases), (getter, &of_getter)] {
                let Some(name) = name else { continue };
                let method = format!("{class}::{name}");
                found.insert((method.clone(), String::new()));
                found.extend(aliases.iter().map(|alias| (method.clone(), alias.clone())));
            }
            aliases.clear();
        } else if let Some(name) = in_table(word) {
            let method = format!("{class}::{name}");
            found.insert((method.clone(), String::new()));
            found.extend(aliases.drain(..).map(|alias| (method.clone(), alias)));
        } else if let Some(name) = class_of_macro(word) {
            // Its methods are below.
            class = name.to_owned();
        } else if let Some(name) = written_by_prefixes(word) {
            let method = format!("{class}::{name}");
            found.insert((method.clone(), String::new()));
            found.extend(aliases.drain(..).map(|alias| (method.clone(), alias)));
        } else if word.starts_with("pub ") || word.starts_with('}') || is_name(word) {
            aliases.clear();
        }
    }
}

/// The method in a row of a macro's table: `"products" mult_equal = MatMultEqual;`.
fn in_table(word: &str) -> Option<&str> {
    let (before, _) = word.strip_prefix('"')?.split_once(" = ")?;
    before.rsplit_once("\" ").map(|(_, name)| name)
}

/// The class in the first line of a macro's arguments, such as `Eps, EpsRef, EpsType`.
fn class_of_macro(word: &str) -> Option<&str> {
    let (names, _) = word.split_once("Ref, ")?;
    let plain = names.chars().all(|c| c.is_alphanumeric() || c == ',' || c == ' ');
    names.rsplit(' ').next().filter(|_| plain)
}

/// Whether a line is a name alone, such as that of a function of C in the arguments of a macro.
fn is_name(word: &str) -> bool {
    let name = word.trim_end_matches([',', ';']);
    !name.is_empty() && name.chars().all(char::is_alphanumeric)
}

/// The method that the macro `prefixes!` writes for a function of C.
fn written_by_prefixes(word: &str) -> Option<&'static str> {
    let name = word.trim_end_matches([',', ';']);
    if !name.chars().all(char::is_alphanumeric) {
        return None;
    }
    if name.ends_with("SetOptionsPrefix") {
        Some("set_options_prefix")
    } else {
        name.ends_with("AppendOptionsPrefix").then_some("append_options_prefix")
    }
}

/// The rows of a chapter's tables that name methods: the first cell, and each method.
fn rows(chapter: &str) -> Vec<(String, String)> {
    let text =
        fs::read_to_string(root().join("docs/src").join(chapter)).expect("the sources are there");
    let mut rows = Vec::new();
    // The first table is of habits, not of methods; classes have headings.
    for line in text.lines().skip_while(|line| !line.starts_with("## ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", name, methods, ""] = cells[..] else {
            continue;
        };
        for method in methods.split(", ").filter(|m| m.contains("::")) {
            rows.push((name.trim_matches('`').to_owned(), method.trim_matches('`').to_owned()));
        }
    }
    rows
}

#[petsc_test::test]
fn every_method_of_the_tables_exists(_petsc: &Petsc) -> Result<()> {
    let found = methods(&sources());
    let (of_c, of_python) = (rows("from-c.md"), rows("from-petsc4py.md"));
    assert!(of_c.len() > 1400 && of_python.len() > 1000, "{} {}", of_c.len(), of_python.len());
    let python = of_python.into_iter().map(|(_, method)| (method, String::new()));
    let all = of_c.into_iter().map(|(name, method)| (method, name)).chain(python);
    let missing: Vec<_> = all.filter(|row| !found.contains(row)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(!found.contains(&("Vector::axpy".to_owned(), "VecAYPX".to_owned())));
    Ok(())
}

/// The classes of objects: the first name in each `petsc_object!`.
fn classes(text: &str) -> Vec<String> {
    let mut classes = Vec::new();
    for (_, rest) in
        text.match_indices("petsc_object! {\n").map(|(at, start)| (at, &text[at + start.len()..]))
    {
        let mut lines = rest.lines().map(str::trim_start);
        let name = lines.find(|l| !l.starts_with("///") && !l.starts_with('#'));
        let name = name.and_then(|l| l.strip_suffix(','));
        classes.extend(name.filter(|n| !n.starts_with('$')).map(str::to_owned));
    }
    classes
}

#[petsc_test::test]
fn every_class_has_a_table(_petsc: &Petsc) -> Result<()> {
    let texts = sources();
    let classes: BTreeSet<_> = texts.iter().flat_map(|text| classes(text)).collect();
    assert!(
        classes.len() > 20 && classes.contains("Vector") && classes.contains("Nep"),
        "{classes:?}"
    );
    for chapter in ["from-c.md", "from-petsc4py.md"] {
        let text = fs::read_to_string(root().join("docs/src").join(chapter)).expect("is there");
        let rows = rows(chapter);
        // petsc4py has no DMRedundant.
        let without: Vec<_> = classes
            .iter()
            .filter(|class| chapter == "from-c.md" || *class != "DmRedundant")
            .filter(|class| {
                let of_class = format!("{class}::");
                !text.contains(&format!("\n## {class}\n"))
                    || !rows.iter().any(|(_, m)| m.starts_with(&of_class))
            })
            .collect();
        assert!(without.is_empty(), "{chapter}: {without:?}");
    }
    Ok(())
}

/// Methods with a name of C: few may be without a row yet. The message has the rows.
#[petsc_test::test]
fn the_tables_are_nearly_complete(_petsc: &Petsc) -> Result<()> {
    let listed: BTreeSet<_> = rows("from-c.md").into_iter().collect();
    let tables: BTreeSet<_> = listed
        .iter()
        .filter_map(|(_, method)| method.split_once("::"))
        .map(|(class, _)| class.to_owned())
        .collect();
    let mut named = BTreeSet::new();
    for text in sources() {
        methods_of(&text, &mut named);
    }
    named.retain(|(method, name)| {
        let class = method.split_once("::").map_or("", |(class, _)| class);
        !name.is_empty() && tables.contains(class)
    });
    let missing: Vec<_> = named
        .iter()
        .filter(|(method, name)| !listed.contains(&(name.clone(), method.clone())))
        .map(|(method, name)| format!("| `{name}` | `{method}` |\n"))
        .collect();
    assert!(
        missing.len() * 20 < named.len(),
        "{} of {} methods have no row in docs/src/from-c.md:\n{}",
        missing.len(),
        named.len(),
        missing.concat()
    );
    Ok(())
}

#[petsc_test::test]
fn every_chapter_with_rust_in_it_is_compiled(_petsc: &Petsc) -> Result<()> {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("the sources are there");
    let tests = ["petsc-rs", "slepc-rs", "examples", "petsc-fft"]
        .map(|package| read(&format!("{package}/src/lib.rs")))
        .concat();
    let mut count = 0;
    for entry in fs::read_dir(root().join("docs/src")).expect("the book is there") {
        let path = entry.expect("the book is there").path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if !name.ends_with(".md") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("the book is there");
        let blocks = text.lines().filter(|line| line.starts_with("```"));
        for block in blocks.filter(|line| line.len() > 3) {
            let language = &block[3..];
            assert!(
                !language.contains("ignore") && !language.contains("no_run"),
                "{name}: {block}"
            );
        }
        if text.contains("\n```rust") {
            let included = tests.contains(&format!("docs/src/{name}\")]"));
            assert!(included, "{name} is not compiled: include_str! it");
            count += 1;
        }
    }
    assert!(count > 10);
    Ok(())
}

/// What the chapter of errors quotes is said by this crate, or by PETSc's code.
#[petsc_test::test]
fn the_errors_that_are_explained_exist(_petsc: &Petsc) -> Result<()> {
    let text = fs::read_to_string(root().join("docs/src/faq.md")).expect("the book is there");
    let mut sources = sources();
    read_all(&root().join("petsc-sys-build/src"), &mut sources);
    // Long texts go on in the next line of a source.
    let sources = sources.concat().replace("\\\n", " ");
    let sources = sources.split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = text.split("**\"").skip(1).filter_map(|t| t.split('"').next());
    // That is Open MPI's.
    let quoted = quoted.filter(|text| !text.starts_with("There are not enough slots"));
    let mut count = 0;
    for piece in quoted.flat_map(|text| text.split('…')).map(str::trim) {
        // Numbers are put in by the program.
        for part in piece.split(|c: char| c.is_ascii_digit()).map(str::trim) {
            assert!(sources.contains(part), "nothing says `{part}`");
            count += 1;
        }
    }
    assert!(count > 4);
    let codes = text.split("`[PETSC_ERR_").skip(1);
    for code in codes.filter_map(|t| t.split(']').next()) {
        assert!(sources.contains(&format!(" {code}")), "no code {code}");
        count += 1;
    }
    assert!(count > 10);
    Ok(())
}
