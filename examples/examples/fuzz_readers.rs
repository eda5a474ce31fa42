//! Passes damaged files to readers, each of which must return a value or an error. For other
//! outcomes (a panic, excessive memory for a small file, a hang), the input is found by bisection
//! and kept.
//!
//! ```text
//! cargo run -p workshop --example fuzz_readers -- --inputs 10000000 matrix-market bim
//! ```
//!
//! Without a name, all readers are tested. Child processes read batches of inputs with limits of
//! memory and time. An input depends on its number only.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use rustix::process::{Resource, Rlimit, setrlimit};
use workshop::gwas::{Bed, Bim, Fam, Genotypes as _, Vcf};
use workshop::learning::read_table;
use workshop::mri::Measured;
use workshop::relaxometry::{Slices, read};
use workshop::wave::Medium;

/// The address space of a child process, most of which its libraries need.
const MEMORY: u64 = 2 << 30;
/// The time limit of a batch, which allows twelve milliseconds for each input.
const TIME: Duration = Duration::from_secs(120);

#[derive(Parser)]
struct Args {
    /// Readers to test
    readers: Vec<String>,
    /// Number of damaged files for each reader
    #[arg(long, default_value_t = 100_000)]
    inputs: u64,
    /// Number of the first input
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Number of inputs for each child process
    #[arg(long, default_value_t = 10_000)]
    batch: u64,
    /// Directory for inputs that a reader fails on
    #[arg(long, default_value = ".")]
    keep: PathBuf,
    /// Read in this process
    #[arg(long, hide = true)]
    here: bool,
}

/// A reader: its name, the extension of its files, valid files, and a function that reads one.
struct Reader {
    name: &'static str,
    ending: &'static str,
    good: fn() -> Vec<Vec<u8>>,
    read: fn(&[u8], &Path),
}

const READERS: &[Reader] = &[
    Reader {
        name: "matrix-market",
        ending: "mtx",
        good: || {
            texts(&[
                "%%MatrixMarket matrix coordinate real general\n% c\n3 4 3\n1 1 1.5\n2 3 -2e3\n3 4 0\n",
                "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n",
                "%%MatrixMarket matrix array real skew-symmetric\n3 3\n1\n2\n3\n",
                "%%MatrixMarket matrix coordinate complex hermitian\n2 2 1\n2 1 1 0\n",
            ])
        },
        read: |bytes, _| {
            let _ = petsc_rs::matrix::market::parse_lines(bytes.lines());
        },
    },
    Reader {
        name: "matpower",
        ending: "m",
        good: || {
            texts(&["function mpc = c\nmpc.version = '2';\nmpc.baseMVA = 100;\nmpc.bus = [ % c\n\
                     10 3 0 0 0 0 1 1 5 0 1 1.1 0.9;\n20 1 50 0 1 0 1 1 0 0 ...\n1 1 1;\n];\n\
                     mpc.gen = [10 51 0 0 0 1 100 1 100 0; 20 7 0 0 0 1 100 0 100 0];\n\
                     mpc.branch = [\n10 20 0 0.1 0 0 0 0 0 0 1 -360 360;\n20 10 0 0.2 0 80 0 0 0.9 3 1 -360 360;\n];\n\
                     mpc.dcline = [10 20 1 10 9 0 0 1 1 0 10 0 0 0 0 0.1 0.01];\nmpc.bus_name = {\n'a'; 'b';\n};\n"])
        },
        read: |bytes, _| {
            let _ = workshop::matpower::parse(&String::from_utf8_lossy(bytes));
        },
    },
    Reader {
        name: "bim",
        ending: "bim",
        good: || {
            texts(&[
                "1 rs1 0 100 A G\nX\trs2\t0.5\t-9\tT\tC\n\n26 rs3 0 7 0 AAAA\r\nchr7 . 0 5 <DEL> A",
            ])
        },
        read: |bytes, _| {
            if let Ok(bim) = Bim::parse(String::from_utf8_lossy(bytes).into_owned(), 22) {
                (0..bim.len()).for_each(|i| drop(bim.variant(i)));
            }
        },
    },
    Reader {
        name: "fam",
        ending: "fam",
        good: || {
            texts(&[
                "f1 a 0 0 1 2\nf1 b a 0 2 1\nf2 c 0 0 0 -9\n",
                "FID IID height\nf1 a 1.5\nf2 c NA\n",
            ])
        },
        read: |bytes, path| {
            put(path, bytes);
            if let Ok(mut fam) = Fam::read(path) {
                let _ = fam.covariates(path, &[]);
                let _ = fam.read_phenotypes(path);
                let _ = fam.phenotype("1");
            }
        },
    },
    Reader {
        name: "bed",
        ending: "bed",
        good: || vec![vec![0x6c, 0x1b, 1, 0xdc, 0x0f, 0xe7, 0x0f, 0x6b, 0x01]],
        read: |bytes, path| {
            put(path, bytes);
            if let Ok(mut bed) = Bed::open(path, 6, 3) {
                bed.will_read(0..3);
                (0..3).for_each(|i| assert_eq!(bed.variant(i).len(), 2));
            }
        },
    },
    Reader {
        name: "vcf",
        ending: "vcf",
        good: || {
            texts(&["##fileformat=VCFv4.2\n##contig=<ID=1,length=9>\n\
                     ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">\n\
                     #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb\n\
                     1\t5\trs1\tA\tG\t.\tPASS\t.\tGT:DP\t0/1:3\t1|1:4\n1\t6\t.\tA\tG,T\t9\t.\tX=1\tGT\t0/2\t./.\n"])
        },
        read: |bytes, path| {
            put(path, bytes);
            if let Ok(mut vcf) = Vcf::open(path, 22) {
                let all = 0..vcf.bim().len();
                if vcf.load(all.clone()).is_ok() {
                    all.for_each(|i| drop(vcf.variant(i).to_vec()));
                }
            }
        },
    },
    Reader {
        name: "table",
        ending: "csv",
        good: || texts(&["x, y, class\n1,2,0\n3,4.5,1\n-1e3,0,2\n", "2,2\n1,2,0\n3,4,1\n"]),
        read: |bytes, path| {
            put(path, bytes);
            let _ = read_table(path);
        },
    },
    Reader {
        name: "npy",
        ending: "npy",
        good: || ["<f4", "<i2", "|b1"].map(|kind| npy(kind, "(2, 2, 3)", 48)).to_vec(),
        read: |bytes, path| {
            put(path, bytes);
            let _ = read(path);
        },
    },
    Reader {
        name: "nifti",
        ending: "nii",
        good: || vec![nifti()],
        read: |bytes, path| {
            put(path, bytes);
            let _ = read(path);
        },
    },
    Reader {
        name: "slices",
        ending: "nii",
        good: || vec![nifti()],
        read: |bytes, path| {
            put(path, bytes);
            if let Ok(slices) = Slices::open(path) {
                let _ = slices.slice(0);
                let _ = slices.noise_threshold(0.1);
            }
        },
    },
    Reader {
        name: "samples",
        ending: "npy",
        good: || vec![npy("<c8", "(1, 2, 3)", 48)],
        read: |bytes, path| {
            put(path, bytes);
            if let Ok(samples) = Measured::open(path) {
                if let Ok(view) = samples.view() {
                    let _ = Measured::is_sampled(&view, 0, 0);
                }
            }
        },
    },
    Reader {
        name: "speeds",
        ending: "bin",
        good: || vec![[1.5_f32, 2.0, 3.0, 4.0, 5.0, 6.0].map(f32::to_le_bytes).concat()],
        read: |bytes, path| {
            put(path, bytes);
            if let Ok(medium) = Medium::read(path, 3, 2) {
                let _ = medium.speed((1, 1), (5, 5));
            }
        },
    },
];

fn texts(list: &[&str]) -> Vec<Vec<u8>> {
    list.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Returns a NumPy file with this number of zero bytes.
fn npy(kind: &str, shape: &str, bytes: usize) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    let header = format!("{header:117}\n");
    [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &vec![0; bytes]].concat()
}

/// Returns an image of two by two voxels with two echoes.
fn nifti() -> Vec<u8> {
    let mut bytes = vec![0; 352 + 8 * 4];
    let mut set = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    set(0, &348_i32.to_le_bytes());
    for (i, n) in [4_i16, 2, 2, 1, 2, 1, 1, 1].iter().enumerate() {
        set(40 + 2 * i, &n.to_le_bytes());
    }
    set(70, &16_i16.to_le_bytes());
    set(72, &32_i16.to_le_bytes());
    set(108, &352_f32.to_le_bytes());
    set(112, &1_f32.to_le_bytes());
    set(344, b"n+1\0");
    bytes
}

fn put(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("room for a small file");
}

/// Words that text readers may handle incorrectly.
const WORDS: &[&str] = &[
    "0",
    "-1",
    "2147483647",
    "2147483648",
    "99999999999999999999",
    "1e400",
    "nan",
    "-inf",
    "1e-400",
    "\n",
    "\t",
    " ",
    ",",
    "é",
    "\0",
    "[",
    "]",
    ";",
    "...",
    "'",
    "%",
];

/// Returns the input with this number: a valid file with one to four damages.
fn damaged(good: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(number);
    let mut below = |n: usize| (random.next_u64() % n.max(1) as u64) as usize;
    let mut bytes = good[below(good.len())].clone();
    for _ in 0..=below(4) {
        let (at, len) = (below(bytes.len()), 1 + below(12));
        let end = (at + len).min(bytes.len());
        match below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            3 | 4 => {
                drop(bytes.splice(at..end.min(at + below(3)), WORDS[below(WORDS.len())].bytes()))
            }
            5 => {
                let other = &good[below(good.len())];
                let from = below(other.len());
                let to = (from + len).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            kind => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = match kind {
                        6 => *byte ^ (1 << below(8)),
                        _ => [0xff, 0x7f, 0x80, below(256) as u8][below(4)],
                    };
                }
            }
        }
    }
    bytes
}

/// Reads inputs in this process.
fn here(reader: &Reader, first: u64, inputs: u64) {
    let limit = Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) };
    setrlimit(Resource::As, limit).expect("a limit of memory");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("input").with_extension(reader.ending);
    let good = (reader.good)();
    for number in first..first + inputs {
        (reader.read)(&damaged(&good, number), &path);
    }
}

/// Returns whether a child process reads all of these inputs.
fn survives(reader: &Reader, first: u64, inputs: u64) -> std::io::Result<bool> {
    let numbers = [first, inputs].map(|n| n.to_string());
    let child = Command::new(std::env::current_exe()?)
        .args(["--here", "--first", &numbers[0], "--inputs", &numbers[1], reader.name])
        .stderr(Stdio::null())
        .spawn()?;
    ends(child)
}

fn ends(mut child: Child) -> std::io::Result<bool> {
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if begin.elapsed() > TIME {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Returns the first of these inputs that the reader fails on.
fn bisect(reader: &Reader, mut first: u64, mut inputs: u64) -> std::io::Result<u64> {
    while inputs > 1 {
        let half = inputs / 2;
        if survives(reader, first, half)? {
            (first, inputs) = (first + half, inputs - half);
        } else {
            inputs = half;
        }
    }
    Ok(first)
}

/// Reads the inputs in batches, and returns the number of failures.
fn fuzz(reader: &Reader, args: &Args) -> std::io::Result<u64> {
    let (mut next, end) = (args.first, args.first + args.inputs);
    let mut faults = 0;
    while next < end {
        let inputs = args.batch.min(end - next);
        if survives(reader, next, inputs)? {
            next += inputs;
            continue;
        }
        let number = bisect(reader, next, inputs)?;
        let file = args.keep.join(format!("{}-{number}.{}", reader.name, reader.ending));
        std::fs::write(&file, damaged(&(reader.good)(), number))?;
        println!("{}: input {number}, see {}", reader.name, file.display());
        faults += 1;
        if faults == 10 {
            println!("{}: stopped after ten failures", reader.name);
            break;
        }
        next = number + 1;
    }
    Ok(faults)
}

fn main() -> ExitCode {
    let args = Args::parse();
    let wanted = |reader: &&Reader| {
        args.readers.is_empty() || args.readers.iter().any(|name| name == reader.name)
    };
    let readers: Vec<&Reader> = READERS.iter().filter(wanted).collect();
    if readers.len() < args.readers.len() {
        let names: Vec<_> = READERS.iter().map(|reader| reader.name).collect();
        eprintln!("readers: {}", names.join(", "));
        return ExitCode::from(2);
    }
    if args.here {
        readers.iter().for_each(|reader| here(reader, args.first, args.inputs));
        return ExitCode::SUCCESS;
    }
    let mut all = 0;
    for reader in readers {
        let begin = Instant::now();
        match fuzz(reader, &args) {
            Ok(faults) => {
                let seconds = begin.elapsed().as_secs_f64();
                println!(
                    "{}: {} inputs, {seconds:.0} s, {faults} faults",
                    reader.name, args.inputs
                );
                all += faults;
            }
            Err(error) => {
                eprintln!("{}: {error}", reader.name);
                return ExitCode::from(2);
            }
        }
    }
    if all == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
