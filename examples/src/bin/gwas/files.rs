//! Tables and pictures.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use petsc_rs::prelude::*;
use workshop::app::agree;
use workshop::gwas::{self, Counts, Estimate, GenotypeCounts, Variant};
use workshop::mpi_basics::chunk;
use workshop::picture::{self, Place};

use super::scan::{Answers, Found};

/// The table by all ranks, the pictures by rank 0.
pub(super) fn write(comm: &Comm, found: &Found, folder: &Path, line: f64) -> Result<()> {
    let made = if comm.rank() == 0 {
        fs::create_dir_all(folder)
    } else {
        Ok(())
    };
    agree(comm, made.map_err(|e| format!("{}: {e}", folder.display())))?;
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let own = chunk(kept.len(), comm.size() as usize, comm.rank() as usize);
    let mut table = String::new();
    for (counts, &index) in found.counts.iter().zip(&kept[own]) {
        table_row(&mut table, &source.variant(index), counts)?;
    }
    let heading = "CHR\tSNP\tBP\tA1\tF_A\tF_U\tA2\tCHISQ\tP\tOR\n";
    gwas::write_table(comm, &folder.join("associations.tsv"), heading, &table)?;
    let own = kept[chunk(kept.len(), comm.size() as usize, comm.rank() as usize)].iter();
    let own = found
        .counts
        .iter()
        .zip(own)
        .map(|(counts, &index)| (counts, source.variant(index)));
    let mut table = String::new();
    let (name, heading) = match &found.answers {
        Answers::Alleles => ("", ""),
        Answers::Trend(list) => {
            for ((counts, variant), genotypes) in own.zip(list) {
                trend_row(&mut table, &variant, counts, genotypes.as_ref())?;
            }
            ("trend.tsv", "CHR\tSNP\tBP\tA1\tA2\tAFF\tUNAFF\tCHISQ\tP\n")
        }
        Answers::Regression(list) => {
            for ((counts, variant), estimate) in own.zip(list) {
                estimate_row(&mut table, &variant, counts, estimate.as_ref())?;
            }
            (
                "regression.tsv",
                "CHR\tSNP\tBP\tA1\tNMISS\tBETA\tSE\tSTAT\tP\n",
            )
        }
    };
    if !name.is_empty() {
        gwas::write_table(comm, &folder.join(name), heading, &table)?;
    }
    let all = gwas::gather(comm, &found.chi_squares, kept.len())?;
    let drawn = match all {
        Some(all) => draw(&all, found, folder, line),
        None => Ok(()),
    };
    agree(comm, drawn)
}

/// The reported allele, and the other.
fn alleles<'a>(variant: &Variant<'a>, counts: &Counts) -> [&'a str; 2] {
    if counts.swapped {
        [variant.second, variant.first]
    } else {
        [variant.first, variant.second]
    }
}

fn trend_row(
    table: &mut String,
    variant: &Variant<'_>,
    counts: &Counts,
    genotypes: Option<&GenotypeCounts>,
) -> Result<()> {
    let three = |list: [u64; 3]| format!("{}/{}/{}", list[0], list[1], list[2]);
    let numbers = genotypes.map_or("NA\tNA\tNA\tNA".to_owned(), |g| {
        let answer = g.trend().map_or("NA\tNA".to_owned(), |c| {
            format!("{c}\t{}", gwas::p_text(c, 9))
        });
        format!("{}\t{}\t{answer}", three(g.cases), three(g.controls))
    });
    let [first, second] = alleles(variant, counts);
    writeln!(
        table,
        "{}\t{}\t{}\t{first}\t{second}\t{numbers}",
        variant.chromosome, variant.id, variant.position
    )
    .map_err(Error::user)
}

fn estimate_row(
    table: &mut String,
    variant: &Variant<'_>,
    counts: &Counts,
    estimate: Option<&Estimate>,
) -> Result<()> {
    let [first, _] = alleles(variant, counts);
    let numbers = match estimate {
        Some(e) => format!(
            "{}\t{}\t{}\t{}\t{:.9e}",
            e.samples,
            e.beta,
            e.error,
            e.statistic(),
            e.p
        ),
        None => "NA\tNA\tNA\tNA\tNA".to_owned(),
    };
    writeln!(
        table,
        "{}\t{}\t{}\t{first}\t{numbers}",
        variant.chromosome, variant.id, variant.position
    )
    .map_err(Error::user)
}

fn table_row(table: &mut String, variant: &Variant<'_>, counts: &Counts) -> Result<()> {
    let text = |value: Option<f64>| value.map_or("NA".to_owned(), |v| v.to_string());
    let [first, second] = alleles(variant, counts);
    let [cases, controls] = counts.frequencies();
    writeln!(
        table,
        "{}\t{}\t{}\t{first}\t{}\t{}\t{second}\t{}\t{}\t{}",
        variant.chromosome,
        variant.id,
        variant.position,
        text(cases),
        text(controls),
        text(counts.chi_square()),
        counts
            .chi_square()
            .map_or("NA".to_owned(), |c| gwas::p_text(c, 9)),
        text(counts.odds_ratio())
    )
    .map_err(Error::user)
}

fn draw(
    all: &[f64],
    found: &Found,
    folder: &Path,
    line: f64,
) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let tested = || all.iter().zip(kept).filter(|(c, _)| !c.is_nan());
    let names: Vec<_> = tested()
        .map(|(_, &i)| source.chromosome(i).to_string())
        .collect();
    let places: Vec<Place<'_>> = tested()
        .zip(&names)
        .map(|((&chi_square, &i), chromosome)| Place {
            chromosome,
            position: source.variant(i).position,
            strength: gwas::minus_log10_p(chi_square),
        })
        .collect();
    let strengths: Vec<f64> = places.iter().map(|p| p.strength).collect();
    let title = format!("{} variants", places.len());
    picture::draw_manhattan(&folder.join("manhattan.png"), &title, &places, line)?;
    let title = "observed against expected by chance";
    picture::draw_quantiles(
        &folder.join("quantiles.png"),
        title,
        &strengths,
        found.inflation,
    )
}
