//! Counts, reductions and simulations against what can be counted by hand.

use std::ffi::OsString;

use petsc_rs::prelude::*;
use workshop::gwas::{self, Classes, Counts, Genotypes, Hit, Sample, Sex, Simulation, Status};
use workshop::mpi_basics::chunk;

use crate::run;

/// The top of the list of a simulation are the variants that were made different.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_causal_variants_of_a_simulation_are_found(_petsc: &Petsc) -> Result<()> {
    let line =
        "--simulate --samples 3000 --variants 2000 --causal 4 --effect 0.15 --top 4 --seed 7";
    let all: Vec<OsString> = line.split(' ').map(Into::into).collect();
    let mut lists = Vec::new();
    for ranks in [1, 2, 3] {
        let (code, output) = run(&all, ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let list: Vec<String> = output
            .split_whitespace()
            .filter(|word| word.starts_with("sim"))
            .map(Into::into)
            .collect();
        let mut sorted = list.clone();
        sorted.sort();
        assert_eq!(sorted, ["sim1251", "sim1751", "sim251", "sim751"], "{output}");
        lists.push(list);
    }
    assert!(lists.iter().all(|list| *list == lists[0]), "{lists:?}");
    Ok(())
}

/// A tenfold of variants is streamed in the same memory: all genotypes of the longer run would be 38 MB.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn memory_does_not_grow_with_the_number_of_variants(_petsc: &Petsc) -> Result<()> {
    let peak = |variants: &str| -> Result<f64> {
        let line = format!("--simulate --samples 50000 --variants {variants} --top 1");
        let all: Vec<OsString> = line.split(' ').map(Into::into).collect();
        let mut sizes = Vec::new();
        for ranks in [1, 2] {
            let (code, output) = run(&all, ranks)?;
            assert_eq!(code, Some(0), "{output}");
            let (_, rest) = output.split_once("memory").ok_or("no row of memory")?;
            let size = rest.split_whitespace().next().unwrap_or_default();
            sizes.push(size.parse::<f64>()?);
        }
        assert!(sizes.iter().all(|&size| size > 1.0), "{sizes:?}");
        Ok(sizes.into_iter().fold(0.0, f64::max))
    };
    let (short, long) = (peak("300")?, peak("3000")?);
    assert!(long < short + 8.0, "{short} and {long} MB");
    Ok(())
}

/// Packed counting of every variant of the cohort against genotypes looked at one by one.
#[petsc_test::test(ranks = [1, 2, 3])]
fn packed_counts_are_those_of_the_genotypes(petsc: &Petsc) -> Result<()> {
    let (samples, variants) = (1003, 60);
    let status = gwas::random_phenotypes(samples, 3);
    let person = |i: usize| Sample {
        id: (String::new(), i.to_string()),
        sex: Sex::Unknown,
        founder: i % 3 > 0,
    };
    let people: Vec<_> = (0..samples).map(person).collect();
    let classes = Classes::new(&people, &status);
    let mut simulation = Simulation::new(&status, variants, 11, 5, 0.2, 0.1);
    let comm = petsc.world();
    let own = chunk(variants, comm.size() as usize, comm.rank() as usize);
    let list = own.clone().map(|i| (i, gwas::Chromosome::Autosome(1)));
    let found = gwas::scan(&mut simulation, &classes, list, || ());
    for (counts, index) in found.iter().zip(own) {
        let packed = simulation.variant(index).to_vec();
        let mut expected = Counts::default();
        let mut founders = [0; 2];
        for i in 0..samples {
            let code = packed[i / 4] >> (2 * (i % 4)) & 3;
            let (first, second) = [(2, 0), (0, 0), (1, 1), (0, 2)][usize::from(code)];
            let side = match status[i] {
                Status::Case => &mut expected.cases,
                _ => &mut expected.controls,
            };
            side.first += first;
            side.second += second;
            if people[i].founder {
                founders[0] += first;
                founders[1] += second;
            }
        }
        expected.swapped = founders[0] > founders[1];
        assert_eq!(*counts, expected);
    }
    Ok(())
}

/// Values with many equal ones, against a plain sort on every rank.
#[petsc_test::test(ranks = [1, 2, 3])]
fn reductions_are_those_of_a_sorted_list(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (size, rank) = (comm.size() as usize, comm.rank() as usize);
    for total in [0, 1, 2, 5, 100, 101] {
        let value = |i: usize| ((i * 37 + 11) % 23) as f64 / 7.0;
        let own = chunk(total, size, rank);
        let values: Vec<f64> = own.clone().map(value).collect();
        let mut sorted: Vec<usize> = (0..total).collect();
        sorted.sort_by(|&a, &b| value(b).total_cmp(&value(a)).then(a.cmp(&b)));
        for k in [0, 1, 3, 30, 1000] {
            let hits = own.clone().map(|i| Hit { value: value(i), index: i as u64 });
            let best = gwas::top(comm, hits, k)?;
            let places: Vec<usize> = best.iter().map(|hit| hit.index as usize).collect();
            assert_eq!(places, sorted[..k.min(total)]);
            assert!(best.iter().all(|hit| hit.value == value(hit.index as usize)));
        }
        let expected = (total > 0).then(|| {
            let at = |i: usize| value(sorted[i]);
            0.5 * (at((total - 1) / 2) + at(total / 2))
        });
        assert_eq!(gwas::median(comm, &values), expected);
        assert_eq!(gwas::count(comm, values.len()), total as u64);
    }
    Ok(())
}

/// The probabilities of Benjamini and Hochberg's own paper (1995): four discoveries where Bonferroni has three. And some of which
/// the first two are above their lines, but the third is not.
#[petsc_test::test(ranks = [1, 2, 3])]
fn discoveries_are_those_of_the_paper(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let paper = [
        0.4262, 0.0278, 1.0, 0.0001, 0.3240, 0.0095, 0.0459, 0.7590, 0.0201, 0.0004, 0.5719,
        0.0344, 0.6528, 0.0298, 0.0019,
    ];
    for (probabilities, expected) in [
        (&paper[..], 4),
        (&[0.2, 0.013, 0.03, 0.026][..], 3),
        (&[0.2, 0.013, 0.0376, 0.026][..], 0),
        (&[0.051][..], 0),
        (&[0.049][..], 1),
        (&[][..], 0),
    ] {
        // Every other variant says nothing.
        let pair = |&p: &f64| [gwas::chi_square_of(p, 0.0), f64::NAN];
        let all: Vec<f64> = probabilities.iter().flat_map(pair).collect();
        let own = chunk(all.len(), comm.size() as usize, comm.rank() as usize);
        let found = gwas::discoveries(comm, &all[own], all.len(), 0.05)?;
        assert_eq!(found, expected, "{probabilities:?}");
    }
    Ok(())
}
