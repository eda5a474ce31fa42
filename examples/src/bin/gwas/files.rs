//! Tables and figures.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use petsc_rs::prelude::*;
use rayon::prelude::*;
use workshop::app::agree;
use workshop::gwas::{self, Chromosome, Counts, GenotypeCounts, Variant};
use workshop::mpi_basics::{broadcast_vec, chunk};
use workshop::picture::{self, Place};

use super::scan::{Answers, Found};

/// Writes the tables on all ranks, while the first and the last rank each draw a figure.
pub(super) fn write(comm: &Comm, found: &Found, folder: &Path, line: f64) -> Result<()> {
    let made = if comm.rank() == 0 { fs::create_dir_all(folder) } else { Ok(()) };
    agree(comm, made.map_err(|e| format!("{}: {e}", folder.display())))?;
    let kept = &found.cohort.kept;
    let own = &kept[chunk(kept.len(), comm.size() as usize, comm.rank() as usize)];
    // The first and the last rank draw.
    let all = gwas::gather(comm, &found.chi_squares, kept.len())?;
    let all = broadcast_vec(comm, 0, &all.unwrap_or_default())?;
    let mine = [comm.rank() == 0, comm.rank() == comm.size() - 1];
    let (tables, drawn) =
        rayon::join(|| tables(found, own), || draw(&all, found, folder, line, mine));
    for (name, heading, table) in tables {
        gwas::write_table(comm, &folder.join(name), heading, &table)?;
    }
    agree(comm, drawn)
}

/// Returns names and headings of the tables, and this rank's rows.
fn tables(found: &Found, own: &[usize]) -> Vec<(&'static str, &'static str, String)> {
    let heading = "CHR\tSNP\tBP\tA1\tF_A\tF_U\tA2\tCHISQ\tP\tOR\n";
    let rows = table(found, own, |row, variant, _| association(row, variant));
    let mut tables = vec![("associations.tsv", heading, rows)];
    match &found.answers {
        Answers::Alleles => {}
        Answers::Trend(list) => {
            let heading = "CHR\tSNP\tBP\tA1\tA2\tAFF\tUNAFF\tCHISQ\tP\n";
            let rows = table(found, own, |row, variant, i| {
                trend(row, variant, list[i].as_ref());
            });
            tables.push(("trend.tsv", heading, rows));
        }
        Answers::Regression(list) => {
            let heading = "CHR\tSNP\tBP\tA1\tNMISS\tBETA\tSE\tSTAT\tP\tNOTE\n";
            let rows = table(found, own, |row, variant, i| {
                estimate(row, variant, &list[i]);
            });
            tables.push(("regression.tsv", heading, rows));
        }
    }
    tables
}

/// A variant and its alleles.
type Tested<'a> = (Variant<'a>, &'a Counts);

/// The number of rows that one thread writes at a time.
const ROWS: usize = 4096;

/// Writes chromosome, name and position of each variant, and further columns with `fill`, whose
/// argument is the number of the variant on this rank.
fn table(
    found: &Found,
    own: &[usize],
    fill: impl Fn(&mut Row, &Tested<'_>, usize) + Sync,
) -> String {
    let source = &found.cohort.source;
    let parts = own.par_chunks(ROWS).enumerate().map(|(part, indices)| {
        let mut row = Row(String::with_capacity(100 * indices.len()));
        for (i, &index) in (part * ROWS..).zip(indices) {
            let tested = (source.variant(index), &found.counts[i]);
            let variant = &tested.0;
            row.first(variant.chromosome);
            row.next(&variant.id).next(variant.position);
            fill(&mut row, &tested, i);
            row.0.push('\n');
        }
        row.0
    });
    parts.collect::<Vec<_>>().concat()
}

/// The text of rows with columns separated by tabs.
struct Row(String);

impl Row {
    fn first(&mut self, value: impl fmt::Display) -> &mut Self {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "{value}");
        self
    }

    fn next(&mut self, value: impl fmt::Display) -> &mut Self {
        self.0.push('\t');
        self.first(value)
    }

    /// Writes the shortest decimal number that identifies the value.
    fn number(&mut self, value: Option<f64>) -> &mut Self {
        self.0.push('\t');
        match value {
            Some(value) if value.is_finite() => {
                let mut digits = zmij::Buffer::new();
                let digits = digits.format_finite(value);
                self.0.push_str(digits.strip_suffix(".0").unwrap_or(digits));
                self
            }
            Some(value) => self.first(value),
            None => self.first("NA"),
        }
    }

    fn p_value(&mut self, chi_square: Option<f64>) -> &mut Self {
        let p = chi_square.map(gwas::p_value);
        match (p, chi_square) {
            // The number underflows.
            (Some(p), Some(c)) if p < f64::MIN_POSITIVE => self.next(gwas::p_text(c, 9)),
            _ => self.number(p),
        }
    }
}

/// Returns the reported and the other allele.
fn alleles<'a>((variant, counts): &Tested<'a>) -> [&'a str; 2] {
    if counts.swapped { [variant.second, variant.first] } else { [variant.first, variant.second] }
}

fn association(row: &mut Row, tested: &Tested<'_>) {
    let ([first, second], counts) = (alleles(tested), tested.1);
    let ([cases, controls], chi_square) = (counts.frequencies(), counts.chi_square());
    row.next(first).number(cases).number(controls).next(second);
    row.number(chi_square).p_value(chi_square);
    row.number(counts.odds_ratio());
}

fn trend(row: &mut Row, tested: &Tested<'_>, genotypes: Option<&GenotypeCounts>) {
    let [first, second] = alleles(tested);
    row.next(first).next(second);
    match genotypes {
        Some(g) => {
            for [two, one, none] in [g.cases, g.controls] {
                row.next(format_args!("{two}/{one}/{none}"));
            }
        }
        None => {
            row.next("NA").next("NA");
        }
    }
    let chi_square = genotypes.and_then(GenotypeCounts::trend);
    row.number(chi_square).p_value(chi_square);
}

fn estimate(row: &mut Row, tested: &Tested<'_>, estimate: &gwas::Fitted) {
    row.next(alleles(tested)[0]);
    match estimate {
        Ok(e) => {
            row.next(e.samples).number(Some(e.beta));
            row.number(Some(e.error)).number(Some(e.statistic));
            row.number(Some(e.p));
            row.next(if e.firth { "FIRTH" } else { "." });
        }
        Err(reason) => {
            row.next("NA").next("NA").next("NA").next("NA").next("NA");
            row.next(reason.code());
        }
    }
}

/// Draws the Manhattan and quantile-quantile plots of this rank concurrently.
fn draw(
    all: &[f64],
    found: &Found,
    folder: &Path,
    line: f64,
    mine: [bool; 2],
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if mine == [false; 2] {
        return Ok(());
    }
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let tested = || all.iter().zip(kept).filter(|(c, _)| !c.is_nan());
    let mut names: Vec<(Chromosome, String)> = Vec::new();
    for (_, &i) in tested() {
        let chromosome = source.chromosome(i);
        if names.last().is_none_or(|(last, _)| *last != chromosome) {
            names.push((chromosome, chromosome.to_string()));
        }
    }
    // Names in order of occurrence: the next variant has the same name or the next one.
    let mut at = 0;
    let place = |(&chi_square, &i): (&f64, &usize)| {
        if names[at].0 != source.chromosome(i) {
            at += 1;
        }
        Place {
            chromosome: &names[at].1,
            position: source.position(i),
            strength: gwas::minus_log10_p(chi_square),
        }
    };
    let places: Vec<Place<'_>> = tested().map(place).collect();
    let strengths: Vec<f64> = places.iter().map(|p| p.strength).collect();
    let (manhattan, quantiles) = rayon::join(
        || {
            if !mine[0] {
                return Ok(());
            }
            let title = format!("{} variants", places.len());
            picture::draw_manhattan(&folder.join("manhattan.png"), &title, &places, line)
        },
        || {
            if !mine[1] {
                return Ok(());
            }
            let title = "observed and expected chi-squares";
            let path = folder.join("quantiles.png");
            picture::draw_quantiles(&path, title, &strengths, found.inflation)
        },
    );
    manhattan?;
    quantiles
}
