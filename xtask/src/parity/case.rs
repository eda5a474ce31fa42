//! Runs one case and decides whether it is skipped, passed or failed.

use std::path::PathBuf;
use std::time::Duration;

use petsc_sys_build::Config;

use super::compare::{self, Difference, Rule};
use super::execute::{self, Place, Printed};
use super::expand::{self, Case};
use super::program::{self, Program};
use super::requires::Conf;
use super::{block, tutorials};

/// The settings of all cases.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) config: Config,
    pub(crate) conf: Conf,
    pub(crate) examples: PathBuf,
    pub(crate) slepc_examples: Option<PathBuf>,
    /// `SLEPC_DIR`: a directory with `share/slepc/datafiles`.
    pub(crate) slepc_dir: Option<PathBuf>,
    pub(crate) data: Vec<PathBuf>,
    pub(crate) rule: Rule,
    pub(crate) limit: Duration,
}

/// A tutorial and its cases.
#[derive(Debug)]
pub(crate) struct Tutorial {
    name: String,
    source: PathBuf,
    depends: String,
    todo: String,
    pub(crate) cases: Vec<Case>,
}

impl Tutorial {
    /// Reads the test block of a tutorial such as `ksp/ex2`.
    pub(crate) fn read(setting: &Setting, name: &str) -> Result<Self, String> {
        let mut examples = &setting.examples;
        if tutorials::needs_slepc(name) {
            examples = setting
                .slepc_examples
                .as_ref()
                .ok_or("SLEPc's tutorials were not found: `cargo xtask setup` installs them")?;
        }
        let source = tutorials::source(examples, name)?;
        let bytes = std::fs::read(&source).map_err(|e| format!("{}: {e}", source.display()))?;
        let blocks =
            block::parse(&String::from_utf8_lossy(&bytes)).map_err(|e| format!("{name}: {e}"))?;
        let stem = name.rsplit('/').next().unwrap_or(name);
        Ok(Self {
            name: name.to_owned(),
            depends: blocks.build.get("depends").to_owned(),
            todo: blocks.build.get("TODO").to_owned(),
            cases: expand::cases(stem, &blocks).map_err(|e| format!("{name}: {e}"))?,
            source,
        })
    }

    fn compile(&self, setting: &Setting) -> Result<Program, String> {
        program::compile(&setting.config, &self.name, &self.source, &self.depends)
    }
}

/// The result of a case.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// PETSc's test harness would skip the case here; the reason in PETSc's terms.
    Skipped(String),
    /// The case ran and printed nothing, as expected: no number was compared.
    Silent,
    /// The output is as expected.
    Passed(Agreement),
    /// The case did not run, or its output is not as expected.
    Failed(String),
}

/// The criterion by which an output agrees with the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Agreement {
    /// The output is identical to the expected text.
    Exact,
    /// Numbers agree within the tolerances.
    Numbers,
    /// Numbers agree with those of the C program on this machine.
    AsC,
    /// Numbers agree with those of the C program on this machine within a tolerance of [`ROUNDING`].
    Rounding,
    /// The port and the C program print the same, but both differ from the file: PETSc's own test
    /// fails with this PETSc.
    NotTheFile,
    /// The words of the C program agree with the file, but its numbers do not.
    Words,
    /// The words agree with the file. The numbers of the C program vary between runs on this
    /// machine.
    Unsteady,
}

/// Runs a case with a port.
pub(crate) fn judge(
    setting: &Setting,
    tutorial: &Tutorial,
    case: &Case,
    port: &Program,
) -> Result<Verdict, String> {
    if let Some(why) = wrong_in_c(tutorial, case) {
        return Ok(Verdict::Skipped(why.into()));
    }
    let verdict = decide(setting, tutorial, case, port, |expected, found, differences| {
        // PETSc's harness compares the words only; here, the numbers are compared with those of
        // the C program.
        if is_strict(case) {
            return Ok(Verdict::Failed(show(differences)));
        }
        let printed = in_c(setting, tutorial, case)
            .map_err(|error| format!("{}  {error}", show(differences)))?;
        let rest = compare::differences(&printed, found, setting.rule);
        if !rest.is_empty() {
            if rounding(tutorial, case).is_some_and(|rule| agrees(&printed, found, rule)) {
                return Ok(Verdict::Passed(Agreement::Rounding));
            }
            if agrees(expected, found, Rule::Any) {
                let verdict = again(setting, tutorial, case, &printed, found)?;
                if let Some(verdict) = verdict {
                    return Ok(verdict);
                }
            }
            return Ok(Verdict::Failed(format!(
                "{}  against the C program on this machine:\n{}",
                show(differences),
                show(&rest)
            )));
        }
        if !agrees(expected, found, Rule::Any) {
            return Ok(Verdict::Passed(Agreement::NotTheFile));
        }
        Ok(Verdict::Passed(Agreement::AsC))
    })?;
    // If a package of this PETSc does not work, PETSc's own test fails too.
    if matches!(verdict, Verdict::Failed(_)) && fails_in_c(setting, tutorial, case)? {
        return Ok(Verdict::Skipped("the C program fails on this machine".into()));
    }
    Ok(verdict)
}

/// Cases whose numbers depend on the order of the operations of a residual, with their relative
/// tolerance with respect to the C program on this machine.
///
/// * `ts/ex10_2`: finite differences with a coloring divide the rounding error of the residual by
///   the step 1e-8. Line 70 of the file has `7.29019e-07`; the C program prints `7.29163e-07`, with
///   `-mfma` `7.29167e-07`, and the port `7.29169e-07`.
const ROUNDING: [(&str, &str, f64); 1] = [("ts/ex10", "ex10_2", 2e-5)];

fn rounding(tutorial: &Tutorial, case: &Case) -> Option<Rule> {
    let named = |(name, of, _): &&(&str, &str, f64)| *name == tutorial.name && *of == case.name;
    let (_, _, rtol) = *ROUNDING.iter().find(named)?;
    Some(Rule::Close { rtol, atol: 0.0 })
}

/// Cases with wrong numbers because of an error in C, which the port does not contain or refuses.
const WRONG_IN_C: [(&str, &[&str], &str); 2] = [
    (
        "ts/ex20opt_ic",
        &["_2", "_3", "_4"],
        "the second derivatives of the C program are wrong, see the port",
    ),
    ("ksp/ex18", &["_bas"], "PETSc's package bas does not detect failed factorizations"),
];

fn wrong_in_c(tutorial: &Tutorial, case: &Case) -> Option<&'static str> {
    WRONG_IN_C
        .iter()
        .find(|(name, cases, _)| {
            *name == tutorial.name && cases.iter().any(|end| case.name.ends_with(end))
        })
        .map(|(_, _, why)| *why)
}

/// Decides about numbers that differ from those of one run of the C program. The C program may
/// print other numbers when it runs again (a parallel method that depends on the order of messages,
/// or uninitialized memory).
fn again(
    setting: &Setting,
    tutorial: &Tutorial,
    case: &Case,
    first: &str,
    found: &str,
) -> Result<Option<Verdict>, String> {
    const RUNS: usize = 4;
    let mut unsteady = None;
    for _ in 0..RUNS {
        let printed = in_c(setting, tutorial, case)?;
        if agrees(&printed, found, setting.rule) {
            return Ok(Some(Verdict::Passed(Agreement::AsC)));
        }
        if !agrees(first, &printed, setting.rule) {
            unsteady = Some(Verdict::Passed(Agreement::Unsteady));
        }
    }
    Ok(unsteady)
}

/// Returns whether the C program crashes, hangs or ends with an error on this machine.
fn fails_in_c(setting: &Setting, tutorial: &Tutorial, case: &Case) -> Result<bool, String> {
    let program = tutorial.compile(setting)?;
    let place = place(setting, tutorial, case, "c");
    let failed = execute::execute(&program, case, &place)?.failure.is_some();
    let _ = std::fs::remove_dir_all(&place.folder);
    Ok(failed)
}

/// Runs a case with the C program.
pub(crate) fn judge_c(
    setting: &Setting,
    tutorial: &Tutorial,
    case: &Case,
) -> Result<Verdict, String> {
    if let Some(reason) = skip(setting, tutorial, case) {
        return Ok(Verdict::Skipped(reason));
    }
    let program = tutorial.compile(setting)?;
    decide(setting, tutorial, case, &program, |expected, found, differences| {
        if is_strict(case) || !agrees(expected, found, Rule::Any) {
            return Ok(Verdict::Failed(show(differences)));
        }
        Ok(Verdict::Passed(Agreement::Words))
    })
}

fn decide(
    setting: &Setting,
    tutorial: &Tutorial,
    case: &Case,
    program: &Program,
    otherwise: impl FnOnce(&str, &str, &[Difference]) -> Result<Verdict, String>,
) -> Result<Verdict, String> {
    if let Some(reason) = skip(setting, tutorial, case) {
        return Ok(Verdict::Skipped(reason));
    }
    let place = place(setting, tutorial, case, "run");
    let mut printed = execute::execute(program, case, &place)?;
    if let Some(failure) = &printed.failure {
        return Ok(Verdict::Failed(format!("  {failure}\n{}", tail(&printed))));
    }
    printed.output = without_c_names(&printed.output);
    let rule = if is_strict(case) { Rule::Text } else { setting.rule };
    let mut verdict = None;
    let mut first: Option<(String, Vec<Difference>)> = None;
    for mut expected in expected(tutorial, case)? {
        expected = without_c_names(&expected);
        let filter = case.fields.get("filter_output");
        if !filter.is_empty() {
            expected = execute::apply(filter, &expected, &place)?;
        }
        if is_silent(&expected, &printed.output) {
            verdict = Some(Verdict::Silent);
            break;
        }
        if compare::same_text(&expected, &printed.output) {
            verdict = Some(Verdict::Passed(Agreement::Exact));
            break;
        }
        let differences = compare::differences(&expected, &printed.output, rule);
        if differences.is_empty() {
            verdict = Some(Verdict::Passed(Agreement::Numbers));
            break;
        }
        let better = first.as_ref().is_none_or(|(text, _)| {
            !agrees(text, &printed.output, Rule::Any)
                && agrees(&expected, &printed.output, Rule::Any)
        });
        if better {
            first = Some((expected, differences));
        }
    }
    let verdict = match (verdict, first) {
        (Some(verdict), _) => verdict,
        (None, Some((expected, list))) => otherwise(&expected, &printed.output, &list)?,
        (None, None) => Verdict::Failed("  there is no expected output".into()),
    };
    if !matches!(verdict, Verdict::Failed(_)) {
        // An error is ignored, because a remaining directory does no harm.
        let _ = std::fs::remove_dir_all(&place.folder);
    }
    Ok(verdict)
}

/// Returns the output of the C program on this machine.
fn in_c(setting: &Setting, tutorial: &Tutorial, case: &Case) -> Result<String, String> {
    let program = tutorial.compile(setting)?;
    let place = place(setting, tutorial, case, "c");
    let printed = execute::execute(&program, case, &place)?;
    let _ = std::fs::remove_dir_all(&place.folder);
    match printed.failure {
        Some(failure) => Err(format!("  the C program fails too: {failure}")),
        None => Ok(without_c_names(&printed.output)),
    }
}

/// Returns the reason why PETSc's harness would not run a case.
pub(crate) fn skip(setting: &Setting, tutorial: &Tutorial, case: &Case) -> Option<String> {
    for todo in [tutorial.todo.as_str(), case.fields.get("TODO")] {
        if !todo.is_empty() {
            return Some(format!("TODO: {todo}"));
        }
    }
    if case.fields.has("SKIP") {
        return Some(format!("SKIP: {}", case.fields.get("SKIP")));
    }
    if let Some(word) = setting.conf.unmet(&case.requires) {
        return Some(format!("requires {word}"));
    }
    if case.requires.iter().any(|r| r == "datafilespath") && data_folder(setting, case).is_none() {
        let missing = data_files(case).next().unwrap_or_default();
        return Some(format!("requires datafilespath ({missing})"));
    }
    None
}

/// Returns the files below `${DATAFILESPATH}` in the arguments.
fn data_files(case: &Case) -> impl Iterator<Item = String> {
    case.args.split("${DATAFILESPATH}/").skip(1).map(|rest| {
        rest.split(|c: char| c.is_whitespace() || c == '"' || c == ',')
            .next()
            .unwrap_or("")
            .to_owned()
    })
}

fn data_folder(setting: &Setting, case: &Case) -> Option<PathBuf> {
    setting.data.iter().find(|d| data_files(case).all(|f| d.join(f).exists())).cloned()
}

fn place(setting: &Setting, tutorial: &Tutorial, case: &Case, kind: &str) -> Place {
    let area = tutorial.name.replace('/', "-");
    Place {
        folder: crate::run::target_dir().join("parity").join(kind).join(format!(
            "{area}-{}-{}",
            case.name,
            std::process::id()
        )),
        sources: tutorial.source.parent().map(PathBuf::from).unwrap_or_default(),
        petsc_dir: setting.config.prefix.clone(),
        slepc_dir: setting.slepc_dir.clone(),
        data: data_folder(setting, case),
        limit: setting.limit,
    }
}

/// Returns the expected output and its alternatives (`_alt`, `_alt_2`, …).
fn expected(tutorial: &Tutorial, case: &Case) -> Result<Vec<String>, String> {
    let folder = tutorial.source.parent().map(PathBuf::from).unwrap_or_default();
    let path = folder.join(&case.output);
    let read =
        |path: &PathBuf| std::fs::read(path).map(|b| String::from_utf8_lossy(&b).into_owned());
    let mut texts = vec![read(&path).map_err(|e| format!("  {}: {e}", path.display()))?];
    let stem = case.output.trim_end_matches(".out");
    let names = std::iter::once(format!("{stem}_alt.out"))
        .chain((2..9).map(|i| format!("{stem}_alt_{i}.out")));
    texts.extend(names.filter_map(|name| read(&folder.join(name)).ok()));
    Ok(texts)
}

/// Removes the line of `SNESView` on the computation of the Jacobian: it compares the address of
/// the function with those of C functions, and the ports use closures. Also removes the file name
/// of the main program in error messages.
fn without_c_names(text: &str) -> String {
    const CALLER: &str = " main() at ";
    const CHOSEN: [&str; 5] = [
        "Jacobian is built using finite differences one column at a time",
        "Jacobian is built using finite differences with coloring",
        "Jacobian is built using a DMDA local Jacobian",
        "Jacobian is built using colored finite differences on a DMDA",
        "Jacobian is applied matrix-free with differencing, no explicit Jacobian",
    ];
    text.lines()
        .filter(|line| !CHOSEN.iter().any(|chosen| line.trim_end().ends_with(chosen)))
        .map(|line| match line.find(CALLER) {
            // The source file of the port has another name.
            Some(at) => format!("{}\n", &line[..at + CALLER.len()]),
            None => format!("{line}\n"),
        })
        .collect()
}

/// Returns whether PETSc's harness compares the digits of this test.
fn is_strict(case: &Case) -> bool {
    case.fields.get("diff_args").split_whitespace().any(|arg| arg == "-j")
}

/// Returns whether no output is expected and there is none.
fn is_silent(expected: &str, found: &str) -> bool {
    expected.trim().is_empty() && found.trim().is_empty()
}

fn agrees(expected: &str, found: &str, rule: Rule) -> bool {
    compare::differences(expected, found, rule).is_empty()
}

/// Formats a few differing lines, one above the other.
fn show(differences: &[Difference]) -> String {
    const SHOWN: usize = 8;
    let mut text = String::new();
    for d in differences.iter().take(SHOWN) {
        text += &format!(
            "  line {:<4} expected | {}\n            found    | {}\n",
            d.line, d.expected, d.found
        );
    }
    if differences.len() > SHOWN {
        text += &format!("  … and {} further lines\n", differences.len() - SHOWN);
    }
    text
}

fn tail(printed: &Printed) -> String {
    let text = format!("{}\n{}", printed.output, printed.errors);
    let lines: Vec<_> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    lines.iter().skip(lines.len().saturating_sub(12)).map(|l| format!("  | {l}\n")).collect()
}

/// Formats a line for `--list`.
pub(crate) fn describe(name: &str, case: &Case, setting: &Setting) -> String {
    let skipped = match setting.conf.unmet(&case.requires) {
        Some(word) => format!("  [requires {word}]"),
        None => String::new(),
    };
    format!("{name} {}: -n {} {}{skipped}", case.name, case.ranks, case.args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_silent_only_where_nothing_is_expected() {
        assert!(is_silent("", "\n") && is_silent("\n", ""));
        assert!(!is_silent("norm 1.5\n", "") && !is_silent("", "norm 1.5\n"));
    }

    #[test]
    fn lines_that_depend_on_names_of_c_are_left_out() {
        let view = "SNES Object:\n  Jacobian is applied matrix-free with differencing\n  \
                    Preconditioning Jacobian is built using a DMDA local Jacobian\nKSP Object:\n";
        let port = "SNES Object:\n  Jacobian is applied matrix-free with differencing\n  \
                    Jacobian is applied matrix-free with differencing, no explicit Jacobian\nKSP Object:\n";
        let both =
            "SNES Object:\n  Jacobian is applied matrix-free with differencing\nKSP Object:\n";
        assert_eq!(without_c_names(view), both);
        assert_eq!(without_c_names(port), both);
        let error = "[0]PETSC ERROR: #1 VecView() at vector.c:0\n[0]PETSC ERROR: #2 main() at ";
        let in_c = format!("{error}ex1.c:0\n");
        assert_eq!(without_c_names(&in_c), format!("{error}\n"));
    }
}
