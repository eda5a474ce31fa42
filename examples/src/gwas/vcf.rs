//! Genotypes of VCF files (plain, gzip or bgzip), packed as in PLINK files.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _, Seek as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use noodles_vcf as vcf;

use super::Mistake;
use super::bim::Bim;
use super::scan::Genotypes;
use crate::app::GZIP;

/// A VCF file: samples, variants, and the loaded genotypes.
///
/// Records with more than one alternate allele are omitted, as with `plink --biallelic-only`. The
/// alternate allele is used as the first allele of the variant (A1 of a `.bim` file). A haploid
/// call (one allele) counts as two equal alleles; an incomplete call (`0/.`) is unknown.
#[derive(Debug)]
pub struct Vcf {
    path: PathBuf,
    samples: Vec<String>,
    bim: Bim,
    /// The record number of each variant.
    records: Vec<usize>,
    skipped: usize,
    loaded: Range<usize>,
    packed: Vec<u8>,
}

impl Vcf {
    /// Reads samples and variants of a species with this number of autosomes. [`Vcf::load`] reads
    /// genotypes.
    ///
    /// # Errors
    /// A file that is not a VCF file, an unknown chromosome, or no variants.
    pub fn open(path: &Path, autosomes: u16) -> Result<Self, Mistake> {
        let mut reader = reader(path)?;
        let header = reader.read_header().map_err(|e| Mistake::new(path, 0, e))?;
        let samples: Vec<String> = header.sample_names().iter().cloned().collect();
        if samples.is_empty() {
            return Err(Mistake::new(path, 0, "no samples"));
        }
        let (mut text, mut records, mut skipped) = (String::new(), Vec::new(), 0);
        let mut number = 0;
        let mut record = vcf::Record::default();
        while read(&mut reader, &mut record, path, number)? {
            let (alternate, ids) = (record.alternate_bases(), record.ids());
            let (alternate, ids): (&str, &str) = (alternate.as_ref(), ids.as_ref());
            if alternate.contains(',') {
                skipped += 1;
            } else {
                let position = match record.variant_start() {
                    Some(position) => position.map_err(|e| in_record(path, number, e))?.get(),
                    None => 0,
                };
                let dot = |text| if str::is_empty(text) { "." } else { text };
                writeln!(
                    text,
                    "{}\t{}\t0\t{position}\t{}\t{}",
                    record.reference_sequence_name(),
                    dot(ids),
                    dot(alternate),
                    dot(record.reference_bases())
                )
                .map_err(|e| in_record(path, number, e))?;
                records.push(number);
            }
            number += 1;
        }
        let bim = Bim::parse(text, autosomes).map_err(|(line, message)| match line {
            0 => Mistake::new(path, 0, message),
            _ => in_record(path, records[line - 1], message),
        })?;
        Ok(Self {
            path: path.to_owned(),
            samples,
            bim,
            records,
            skipped,
            loaded: 0..0,
            packed: Vec::new(),
        })
    }

    /// Returns the names of the samples.
    #[must_use]
    pub fn samples(&self) -> &[String] {
        &self.samples
    }

    /// Returns the variants.
    #[must_use]
    pub fn bim(&self) -> &Bim {
        &self.bim
    }

    /// Returns the number of omitted records with more than one alternate allele.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// Reads the genotypes of some variants, and packs each genotype into two bits.
    ///
    /// # Errors
    /// A record without genotypes, with undefined alleles, or with another number of genotypes than
    /// samples.
    pub fn load(&mut self, variants: Range<usize>) -> Result<(), Mistake> {
        let path = &self.path;
        self.loaded = variants.clone();
        self.packed.clear();
        let (Some(&first), Some(&last)) =
            (self.records.get(variants.start), self.records.get(variants.end.wrapping_sub(1)))
        else {
            return Ok(());
        };
        let mut reader = reader(path)?;
        reader.read_header().map_err(|e| Mistake::new(path, 0, e))?;
        let mut wanted = self.records[variants].iter();
        let mut next = wanted.next();
        let mut record = vcf::Record::default();
        for number in 0..=last {
            read(&mut reader, &mut record, path, number)?;
            if number < first || next != Some(&number) {
                continue;
            }
            next = wanted.next();
            let samples = record.samples();
            pack(samples.as_ref(), self.samples.len(), &mut self.packed)
                .map_err(|message| in_record(path, number, message))?;
        }
        Ok(())
    }

    fn stride(&self) -> usize {
        self.samples.len().div_ceil(4)
    }
}

impl Genotypes for Vcf {
    fn variant(&mut self, index: usize) -> &[u8] {
        let start = (index - self.loaded.start) * self.stride();
        &self.packed[start..start + self.stride()]
    }
}

type Reader = vcf::io::Reader<Box<dyn BufRead>>;

fn reader(path: &Path) -> Result<Reader, Mistake> {
    let open = || -> std::io::Result<Box<dyn BufRead>> {
        let mut file = File::open(path)?;
        let mut start = Vec::new();
        file.by_ref().take(2).read_to_end(&mut start)?;
        file.rewind()?;
        Ok(if start == GZIP {
            // Blocks are consecutive gzip members.
            Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(BufReader::new(file))))
        } else {
            Box::new(BufReader::with_capacity(1 << 18, file))
        })
    };
    let inner = open().map_err(|e| Mistake::new(path, 0, e))?;
    Ok(vcf::io::Reader::new(inner))
}

/// Reads the record with this number, starting at 0. Returns false at the end of the file.
fn read(
    reader: &mut Reader,
    record: &mut vcf::Record,
    path: &Path,
    number: usize,
) -> Result<bool, Mistake> {
    let length = reader.read_record(record);
    Ok(length.map_err(|e| in_record(path, number, e))? > 0)
}

fn in_record(path: &Path, number: usize, message: impl std::fmt::Display) -> Mistake {
    Mistake::new(path, 0, format!("record {}: {message}", number + 1))
}

/// Packs the calls in the last columns of a record: the format, and one for each sample.
fn pack(columns: &str, samples: usize, packed: &mut Vec<u8>) -> Result<(), String> {
    let mut columns = columns.split('\t');
    // The VCF standard requires that it is the first.
    if columns.next().and_then(|format| format.split(':').next()) != Some("GT") {
        return Err("no genotypes".into());
    }
    let start = packed.len();
    packed.resize(start + samples.div_ceil(4), 0);
    let mut count = 0;
    for (i, column) in columns.enumerate() {
        if i < samples {
            packed[start + i / 4] |= code(column)? << (2 * (i % 4));
        }
        count = i + 1;
    }
    if count == samples { Ok(()) } else { Err(format!("{count} genotypes for {samples} samples")) }
}

/// Returns two bits: 00 two alternate alleles, 10 one, 11 none, 01 unknown.
fn code(column: &str) -> Result<u8, String> {
    const UNKNOWN: u8 = 0b01;
    let call = column.split(':').next().unwrap_or_default();
    let mut sum = [0_u8; 2];
    let mut unknown = false;
    for allele in call.split(['/', '|']) {
        match allele {
            "0" => sum[0] += 1,
            "1" => sum[1] += 1,
            "." => unknown = true,
            _ => return Err(format!("invalid genotype {call}")),
        }
    }
    match sum {
        _ if unknown => Ok(UNKNOWN),
        [0, 1 | 2] => Ok(0b00),
        [1, 1] => Ok(0b10),
        [1 | 2, 0] => Ok(0b11),
        _ => Err(format!("genotype {call} has more than two alleles")),
    }
}

#[cfg(test)]
mod tests {
    use super::{code, pack};

    #[test]
    fn calls_have_two_bits() {
        for (call, expected) in [
            ("0/0", 0b11),
            ("0|1:35", 0b10),
            ("1|0", 0b10),
            ("1/1", 0b00),
            ("./.:0", 0b01),
            ("0/.", 0b01),
            ("1", 0b00),
            ("0", 0b11),
            (".", 0b01),
        ] {
            assert_eq!(code(call), Ok(expected), "{call}");
        }
        for call in ["0/2", "a", "", "0/0/1"] {
            assert!(code(call).is_err(), "{call}");
        }
    }

    #[test]
    fn four_calls_are_a_byte() {
        let mut packed = vec![7];
        pack("GT:DP\t0/0:1\t0/1:2\t1/1:3\t./.:0\t1/1:9", 5, &mut packed).unwrap();
        assert_eq!(packed, [7, 0b01_00_10_11, 0b00]);
        assert!(pack("DP:GT\t1:0/0", 1, &mut packed).unwrap_err().contains("no genotypes"));
        assert!(pack("GT\t0/0", 2, &mut packed).unwrap_err().contains("1 genotypes for 2"));
    }
}
