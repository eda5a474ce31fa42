//! The printed report.

use petsc_rs::prelude::*;
use workshop::gwas::{self, Fitted, Hit, NoEstimate, Status};
use workshop::mpi_basics::chunk;

use super::cohort::Source;
use super::scan::{Answers, Found};
use super::{Args, files};

pub(super) fn report(petsc: &Petsc, found: &Found, args: &Args) -> Result<()> {
    let comm = petsc.world();
    let Found { cohort, .. } = found;
    let number = |wanted| cohort.status.iter().filter(|s| **s == wanted).count();
    let all = match &cohort.source {
        Source::Plink { bim, .. } => bim.len(),
        Source::Vcf(vcf) => vcf.bim().len() + vcf.skipped(),
        Source::MadeUp(_) => cohort.kept.len(),
    };
    let threshold = 0.05 / found.tested.max(1) as f64;
    let significant = gwas::count(
        comm,
        found.chi_squares.iter().filter(|&&c| gwas::p_value(c) < threshold).count(),
    );
    let rows = [
        (
            "samples",
            format!(
                "{}: {} cases, {} controls, {} unknown",
                cohort.status.len(),
                number(Status::Case),
                number(Status::Control),
                number(Status::Missing)
            ),
        ),
        ("variants", format!("{} of {all}, {} with a chi-square", cohort.kept.len(), found.tested)),
        ("inflation", found.inflation.map_or("none".into(), |l| format!("{l:.4}"))),
        ("significant", format!("{significant} with p < {threshold:.3e} (Bonferroni, 5 %)")),
        (
            "discoveries",
            format!(
                "{} with a false discovery rate of 5 % (Benjamini, Hochberg)",
                gwas::discoveries(comm, &found.chi_squares, cohort.kept.len(), 0.05)?
            ),
        ),
        (
            "ranks, time",
            format!(
                "{}, {:.3} s to prepare, {:.3} s to count",
                comm.size(),
                found.seconds.0,
                found.seconds.1
            ),
        ),
        ("memory", format!("{:.1} MB on the rank that uses most", 1e-6 * found.memory)),
    ];
    let rows = rows.into_iter().chain(regressions(petsc, found));
    for (name, value) in rows {
        petsc.print(format_args!("{name:<14} {value}\n"))?;
    }
    strongest(petsc, found, args.top as usize)?;
    match &args.out {
        None => Ok(()),
        Some(folder) => files::write(comm, found, folder, -threshold.log10()),
    }
}

/// Returns the number of variants fitted with Firth's penalty, and the reasons for missing
/// estimates. Collective.
fn regressions(petsc: &Petsc, found: &Found) -> Vec<(&'static str, String)> {
    let Answers::Regression(list) = &found.answers else {
        return Vec::new();
    };
    let count = |which: &dyn Fn(&Fitted) -> bool| {
        let own = list.iter().filter(|one| which(one)).count();
        gwas::count(petsc.world(), own)
    };
    let firth = count(&|one| one.is_ok_and(|e| e.firth));
    let reasons = NoEstimate::ALL.map(|reason| (count(&|one| *one == Err(reason)), reason.code()));
    let some = reasons.iter().filter(|(n, _)| *n > 0);
    let reasons: Vec<String> = some.map(|(n, code)| format!("{n} {code}")).collect();
    let lines = [
        ("Firth", (firth > 0).then(|| format!("{firth} variants"))),
        ("no estimate", (!reasons.is_empty()).then(|| reasons.join(", "))),
    ];
    let lines = lines.into_iter();
    lines.filter_map(|(name, value)| Some((name, value?))).collect()
}

fn strongest(petsc: &Petsc, found: &Found, count: usize) -> Result<()> {
    let comm = petsc.world();
    let (kept, source) = (&found.cohort.kept, &found.cohort.source);
    let start = chunk(kept.len(), comm.size() as usize, comm.rank() as usize).start;
    let hits = found.chi_squares.iter().zip(start..);
    let hits = hits.filter(|(c, _)| !c.is_nan()).map(|(&value, i)| Hit { value, index: i as u64 });
    let best = gwas::top(comm, hits, count)?;
    // The same value with PETSc: the largest entry of a distributed vector.
    let values =
        found.chi_squares.iter().map(|c| Scalar::from_real(if c.is_nan() { -1.0 } else { *c }));
    let vector = Vector::from_slice(comm, &values.collect::<Vec<_>>())?;
    // Equal values may have different positions.
    if let (Some(hit), Some((index, value))) = (best.first(), vector.max()?) {
        if hit.value != value {
            return Err(format!("{hit:?} is not the largest entry, {value} at {index}").into());
        }
    }
    if !best.is_empty() {
        petsc.print(format_args!(
            "\n{:>4} {:<16} {:>12} {:>12} {:>12}\n",
            "chr", "variant", "position", "chi-square", "p"
        ))?;
    }
    for hit in best {
        let variant = source.variant(kept[usize::try_from(hit.index)?]);
        petsc.print(format_args!(
            "{:>4} {:<16} {:>12} {:>12.4} {:>12}\n",
            variant.chromosome.to_string(),
            variant.id,
            variant.position,
            hit.value,
            gwas::p_text(hit.value, 3)
        ))?;
    }
    if let Source::MadeUp(simulation) = source {
        let causal: Vec<_> =
            simulation.causal().iter().take(20).map(|i| (i + 1).to_string()).collect();
        petsc.print(format_args!("more frequent in cases: {}\n", causal.join(", ")))?;
    }
    Ok(())
}
