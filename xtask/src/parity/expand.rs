//! Expansion of test blocks into runs: sets, `{{…}}` loops, names of the expected outputs.

use super::block::{Blocks, Fields};

/// One run of a tutorial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// The printed name: `ex2_bjacobi`, with the values of loops after a `+`.
    pub(crate) name: String,
    /// The number of ranks.
    pub(crate) ranks: usize,
    /// The arguments in shell syntax.
    pub(crate) args: String,
    /// The expected output, relative to the directory of the tutorial.
    pub(crate) output: String,
    /// The requirements of the test, in PETSc's terms.
    pub(crate) requires: Vec<String>,
    /// All other fields.
    pub(crate) fields: Fields,
}

/// Returns all runs of a tutorial `stem` (`ex2`).
pub(crate) fn cases(stem: &str, all: &Blocks) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for block in &all.blocks {
        let mut fields = block.fields.clone();
        let mut inner = block.tests.clone();
        if !inner.is_empty() {
            push_down(&mut fields, &mut inner);
        }
        let suffix = fields.get("suffix");
        let name = if suffix.is_empty() { stem.to_owned() } else { format!("{stem}_{suffix}") };
        for (name, fields) in separate(name, fields) {
            let (named, unnamed): (Vec<_>, Vec<_>) =
                inner.iter().partition(|test| test.has("suffix"));
            for test in named {
                let merged = fields.with(test);
                for (name, one) in separate(format!("{name}_{}", test.get("suffix")), merged) {
                    runs(&name, "", &one, &all.build, &mut cases)?;
                }
            }
            for (test, letter) in unnamed.into_iter().zip('a'..) {
                runs(&name, &format!("+{letter}"), &fields.with(test), &all.build, &mut cases)?;
            }
            if inner.is_empty() {
                runs(&name, "", &fields, &all.build, &mut cases)?;
            }
        }
    }
    Ok(cases)
}

/// A loop `-key {{a b c}shared output}`.
struct Loop {
    key: String,
    values: Vec<String>,
    separate: bool,
}

fn parse_loop(text: &str) -> Option<Loop> {
    let (key, rest) = text.split_once("{{")?;
    let (values, rest) = rest.split_once('}')?;
    Some(Loop {
        key: key.trim().trim_start_matches('-').to_owned(),
        values: values.split_whitespace().map(str::to_owned).collect(),
        separate: rest.trim_start().starts_with("separate"),
    })
}

/// Splits arguments before each option: `-a 1 -b` gives `-a 1`, `-b`.
fn options(args: &str) -> Vec<&str> {
    let bytes = args.as_bytes();
    let mut cuts: Vec<usize> = (1..bytes.len().saturating_sub(1))
        .filter(|&i| {
            bytes[i - 1].is_ascii_whitespace()
                && bytes[i] == b'-'
                && bytes[i + 1].is_ascii_alphabetic()
        })
        .collect();
    cuts.insert(0, 0);
    cuts.push(args.len());
    cuts.windows(2).map(|w| args[w[0]..w[1]].trim()).filter(|s| !s.is_empty()).collect()
}

/// Moves shared loops of a set into each of its tests.
fn push_down(fields: &mut Fields, inner: &mut [Fields]) {
    let args = fields.get("args").to_owned();
    let (shared, rest): (Vec<_>, Vec<_>) =
        options(&args).into_iter().partition(|o| parse_loop(o).is_some_and(|l| !l.separate));
    if shared.is_empty() {
        return;
    }
    fields.set("args", rest.join(" "));
    for test in inner {
        for option in &shared {
            test.append("args", option);
        }
    }
}

/// Expands the loops with separate output, which become part of the name.
fn separate(name: String, fields: Fields) -> Vec<(String, Fields)> {
    let mut loops: Vec<Loop> = Vec::new();
    if let Some(mut l) = parse_loop(fields.get("nsize")).filter(|l| l.separate) {
        l.key = "nsize".into();
        loops.push(l);
    }
    let args = fields.get("args").to_owned();
    let mut plain = Vec::new();
    for option in options(&args) {
        match parse_loop(option).filter(|l| l.separate) {
            Some(l) => loops.push(l),
            None => plain.push(option),
        }
    }
    let mut all = vec![(name, fields)];
    if loops.is_empty() {
        return all;
    }
    all[0].1.set("args", plain.join(" "));
    for l in loops {
        let mut next = Vec::new();
        for value in &l.values {
            for (name, fields) in &all {
                let mut fields = fields.clone();
                if l.key == "nsize" {
                    fields.set("nsize", value.clone());
                } else {
                    fields.append("args", &format!("-{} {value}", l.key));
                }
                next.push((format!("{name}_{}-{}", l.key, value.replace(',', "__")), fields));
            }
        }
        all = next;
    }
    all
}

/// Expands the loops with shared output into runs.
fn runs(
    name: &str,
    label: &str,
    fields: &Fields,
    build: &Fields,
    cases: &mut Vec<Case>,
) -> Result<(), String> {
    let name = if name.contains('_') { name.to_owned() } else { format!("{name}_1") };
    let output = match fields.get("output_file") {
        "" => format!("output/{name}.out"),
        file => file.to_owned(),
    };
    let mut requires: Vec<String> = Vec::new();
    for list in [fields.get("requires"), build.get("requires")] {
        requires.extend(list.split_whitespace().map(str::to_owned));
    }
    let sizes = match parse_loop(fields.get("nsize")) {
        Some(l) => l.values,
        None if fields.get("nsize").is_empty() => vec!["1".to_owned()],
        None => vec![fields.get("nsize").to_owned()],
    };
    let (looped, plain): (Vec<_>, Vec<_>) =
        options(fields.get("args")).into_iter().partition(|o| parse_loop(o).is_some());
    let mut variants = vec![(String::new(), plain.join(" "))];
    for l in looped.into_iter().filter_map(parse_loop) {
        let step = |(label, args): &(String, String)| {
            let (label, args) = (label.clone(), args.clone());
            let key = l.key.clone();
            l.values
                .iter()
                .map(move |v| (format!("{label}+{key}-{v}"), format!("{args} -{key} {v}")))
                .collect::<Vec<_>>()
        };
        variants = variants.iter().flat_map(step).collect();
    }
    for size in &sizes {
        let ranks = size.parse().map_err(|_| format!("{name}: nsize `{size}` is not a number"))?;
        let size_label = if sizes.len() > 1 { format!("+nsize-{size}") } else { String::new() };
        for (loop_label, args) in &variants {
            cases.push(Case {
                name: format!("{name}{label}{size_label}{loop_label}"),
                ranks,
                args: args.trim().to_owned(),
                output: output.clone(),
                requires: requires.clone(),
                fields: fields.clone(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::block;
    use super::*;

    fn expand(body: &str) -> Vec<Case> {
        cases("ex9", &block::parse(&format!("/*TEST\n{body}TEST*/")).unwrap()).unwrap()
    }

    fn seen(cases: &[Case]) -> Vec<(&str, usize, &str, &str)> {
        cases.iter().map(|c| (&*c.name, c.ranks, &*c.args, &*c.output)).collect()
    }

    #[test]
    fn a_bare_test_is_number_one() {
        assert_eq!(seen(&expand(" test:\n")), [("ex9_1", 1, "", "output/ex9_1.out")]);
    }

    #[test]
    fn shared_loops_share_the_output() {
        let cases = expand(
            " test:\n   suffix: s\n   nsize: {{1 2}}\n   args: -a {{x y}shared output} -b\n",
        );
        assert_eq!(
            seen(&cases),
            [
                ("ex9_s+nsize-1+a-x", 1, "-b -a x", "output/ex9_s.out"),
                ("ex9_s+nsize-1+a-y", 1, "-b -a y", "output/ex9_s.out"),
                ("ex9_s+nsize-2+a-x", 2, "-b -a x", "output/ex9_s.out"),
                ("ex9_s+nsize-2+a-y", 2, "-b -a y", "output/ex9_s.out"),
            ]
        );
    }

    #[test]
    fn separate_loops_are_part_of_the_name() {
        let cases = expand(
            " test:\n   nsize: {{1 2}separate output}\n   args: -g {{3,4}separate output}\n",
        );
        assert_eq!(
            seen(&cases),
            [
                ("ex9_nsize-1_g-3__4", 1, "-g 3,4", "output/ex9_nsize-1_g-3__4.out"),
                ("ex9_nsize-2_g-3__4", 2, "-g 3,4", "output/ex9_nsize-2_g-3__4.out"),
            ]
        );
    }

    #[test]
    fn sets_hand_down_what_they_have() {
        let cases = expand(
            " build:\n   requires: !complex\n testset:\n   requires: double\n   suffix: t\n   args: -a {{1 2}}\n   \
             output_file: output/o.out\n   test:\n     suffix: u\n     args: -b\n   test:\n     nsize: 3\n",
        );
        assert_eq!(
            seen(&cases),
            [
                ("ex9_t_u+a-1", 1, "-b -a 1", "output/o.out"),
                ("ex9_t_u+a-2", 1, "-b -a 2", "output/o.out"),
                ("ex9_t+a+a-1", 3, "-a 1", "output/o.out"),
                ("ex9_t+a+a-2", 3, "-a 2", "output/o.out"),
            ]
        );
        assert_eq!(cases[0].requires, ["double", "!complex"]);
    }
}
