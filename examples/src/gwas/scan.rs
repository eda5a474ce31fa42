//! Counting of many variants.

use super::assoc::{Counts, GenotypeCounts};
use super::bim::Chromosome;
use super::count::{Alleles, Group};
use super::fam::{Sample, Sex};
use super::phenotype::Status;

/// A source of genotypes.
pub trait Genotypes {
    /// Returns the packed genotypes of one variant, four samples in each byte.
    fn variant(&mut self, index: usize) -> &[u8];
}

/// A group of samples that are counted in the same way.
#[derive(Clone, Debug)]
struct Class {
    group: Group,
    status: Status,
    founder: bool,
    male: bool,
}

/// The samples, divided into disjoint groups: each sample is counted once for a variant.
#[derive(Clone, Debug)]
pub struct Classes {
    /// The groups for chromosomes of which both sexes have the same number of copies.
    together: Vec<Class>,
    /// The groups for other chromosomes.
    by_sex: Vec<Class>,
}

impl Classes {
    /// Groups the samples by status, sex and whether they are founders. Only founders determine the
    /// minor allele; the tests compare cases and controls.
    #[must_use]
    pub fn new(samples: &[Sample], status: &[Status]) -> Self {
        let group = |sexes: &[Option<bool>]| {
            let mut classes = Vec::new();
            for wanted in [Status::Case, Status::Control, Status::Missing] {
                for founder in [true, false] {
                    for sex in sexes {
                        let group = Group::new(samples.len(), |i| {
                            let is_male = samples[i].sex == Sex::Male;
                            status[i] == wanted
                                && samples[i].founder == founder
                                && sex.is_none_or(|male| male == is_male)
                        });
                        let counts = founder || wanted != Status::Missing;
                        if counts && !group.is_empty() {
                            classes.push(Class {
                                group,
                                status: wanted,
                                founder,
                                male: *sex == Some(true),
                            });
                        }
                    }
                }
            }
            classes
        };
        Self { together: group(&[None]), by_sex: group(&[Some(true), Some(false)]) }
    }

    /// Counts the alleles of one variant.
    #[must_use]
    pub fn count(&self, chromosome: Chromosome, packed: &[u8]) -> Counts {
        let classes = match chromosome {
            Chromosome::X | Chromosome::Y => &self.by_sex,
            _ => &self.together,
        };
        let mut counts = Counts::default();
        let mut founders = Alleles::default();
        for class in classes {
            let alleles = match chromosome {
                Chromosome::Mitochondrial => class.group.haploid(packed),
                Chromosome::X | Chromosome::Y if class.male => class.group.haploid(packed),
                Chromosome::Y => continue,
                _ => class.group.diploid(packed),
            };
            match class.status {
                Status::Case => counts.cases += alleles,
                Status::Control => counts.controls += alleles,
                Status::Missing => {}
            }
            if class.founder {
                founders += alleles;
            }
        }
        counts.swapped = founders.first > founders.second;
        counts
    }

    /// Counts the genotypes of one variant. The second allele is reported if the variant is
    /// `swapped`. On X, only women are counted. Returns `None` for chromosomes without diploid
    /// samples.
    #[must_use]
    pub fn genotypes(
        &self,
        chromosome: Chromosome,
        packed: &[u8],
        swapped: bool,
    ) -> Option<GenotypeCounts> {
        let classes = match chromosome {
            Chromosome::Y | Chromosome::Mitochondrial => return None,
            Chromosome::X => &self.by_sex,
            _ => &self.together,
        };
        let mut counts = GenotypeCounts::default();
        for class in classes.iter().filter(|class| !class.male) {
            let of_side = match class.status {
                Status::Case => &mut counts.cases,
                Status::Control => &mut counts.controls,
                Status::Missing => continue,
            };
            let found = class.group.genotypes(packed);
            for (sum, number) in of_side.iter_mut().zip(found) {
                *sum += number;
            }
        }
        if swapped {
            counts.cases.reverse();
            counts.controls.reverse();
        }
        Some(counts)
    }
}

/// Counts the given variants one after the other. `done` is called after each variant.
pub fn scan(
    genotypes: &mut dyn Genotypes,
    classes: &Classes,
    variants: impl IntoIterator<Item = (usize, Chromosome)>,
    mut done: impl FnMut(),
) -> Vec<Counts> {
    let mut all = Vec::new();
    for (index, chromosome) in variants {
        all.push(classes.count(chromosome, genotypes.variant(index)));
        done();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Chromosome, Classes, Sample, Sex, Status};

    /// Two founders with two copies of the first allele each, and three children with none: the
    /// minor allele is the second.
    #[test]
    fn founders_decide_which_allele_is_rarer() {
        let person = |founder| Sample { id: Default::default(), sex: Sex::Unknown, founder };
        let people = [true, true, false, false, false].map(person);
        let status = [Status::Case, Status::Control, Status::Control, Status::Case, Status::Case];
        let counts =
            Classes::new(&people, &status).count(Chromosome::Autosome(1), &[0b1111_0000, 0b11]);
        assert!(counts.swapped);
        assert_eq!(counts.frequencies(), [Some(2.0 / 3.0), Some(0.5)]);
    }
}
