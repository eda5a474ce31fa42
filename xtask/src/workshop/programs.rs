//! The programs, their arguments for small cases, and the number in the output of each program that
//! is checked.

use super::check::Expected;

/// A program of the workshop.
#[derive(Debug)]
pub(crate) struct Program {
    pub(super) name: &'static str,
    pub(super) args: &'static [&'static str],
    /// The meaning of the number.
    pub(super) what: &'static str,
    /// The text before the number in its line.
    pub(super) after: &'static str,
    /// The position of the number after the text, starting at 0.
    pub(super) place: usize,
    pub(super) expected: Expected,
    pub(super) needs_slepc: bool,
    pub(super) real_only: bool,
}

/// A program whose number is the first one after a text.
const fn plain(
    name: &'static str,
    args: &'static [&'static str],
    what: &'static str,
    after: &'static str,
    expected: Expected,
) -> Program {
    Program { name, args, what, after, place: 0, expected, needs_slepc: false, real_only: false }
}

impl Program {
    /// Selects another number after the text, starting at 0.
    const fn at(mut self, place: usize) -> Self {
        self.place = place;
        self
    }

    /// Requires SLEPc.
    const fn needs_slepc(mut self) -> Self {
        self.needs_slepc = true;
        self
    }

    /// Requires a PETSc with real scalars.
    const fn real_only(mut self) -> Self {
        self.real_only = true;
        self
    }
}

/// All programs, in the order of the workshop.
pub(super) const PROGRAMS: &[Program] = &[
    plain(
        "hello",
        &[],
        "sum of ranks",
        "sum of ranks:",
        Expected::OfRanks(|p| 0.5 * p * (p - 1.0), "p(p - 1)/2"),
    ),
    plain(
        "send_recv",
        &["--patience", "20", "--largest", "65536"],
        "token",
        "token:",
        Expected::OfRanks(|p| 0.5 * p * (p - 1.0), "p(p - 1)/2"),
    ),
    plain(
        "bcast",
        &["--len", "100000", "--repeats", "1"],
        "sum of 100000 numbers",
        "numbers, sum",
        Expected::Value(4_999_950_000.0, 0.0, "by Gauss' formula"),
    ),
    plain(
        "scatter_gather",
        &["--rounds", "20"],
        "sum of the squares below 10",
        "sum of squares:",
        Expected::Value(285.0, 0.0, "by n(n - 1)(2n - 1)/6"),
    ),
    plain(
        "integral",
        &["--intervals", "100000", "--repeats", "1", "--threads", "2"],
        "integral of x²",
        "integral ",
        // 10⁶/3 + 10⁶/(6·n²), rounded to the nine printed decimals.
        Expected::Value(333_333.333_35, 1e-14, "by the error formula of trapezoids"),
    ),
    plain(
        "fft",
        &["--shape", "7", "12", "10"],
        "relative error",
        "against direct sums: relative error",
        Expected::AtMost(1e-12, "against direct sums"),
    ),
    plain(
        "mri",
        &["--rounds", "10"],
        "PSNR by total variation, dB",
        "variation  norm",
        Expected::Value(29.331_028, 2e-6, "by numpy (mri.py)"),
    )
    .at(1),
    plain(
        "heat",
        &[
            "--nx",
            "33",
            "--ny",
            "33",
            "--implicit",
            "cn",
            "--steps",
            "10",
            "--time",
            "0.05",
            "-ksp_rtol",
            "1e-12",
        ],
        "distance from the exact solution",
        "largest error",
        // |q¹⁰ - exp(-π²/10)|, q = (1 - z/2)/(1 + z/2), z = 0.005·8·32²·sin²(π/64).
        Expected::Value(2.957_330_401e-6, 2e-4, "by Crank and Nicolson's factor for one mode"),
    ),
    plain(
        "wave",
        &[
            "--nx",
            "53",
            "--ny",
            "31",
            "--length-x",
            "1000",
            "--length-y",
            "600",
            "--c",
            "1500",
            "--wavelet",
            "ricker",
            "--source-freq",
            "25",
            "--absorb",
            "sponge",
            "--absorb-width",
            "6",
            "--absorb-strength",
            "2",
            "--steps",
            "200",
            "--receiver",
            "42",
            "15",
        ],
        "largest |u| at the receiver",
        "peak displacement",
        Expected::Value(1.448_778_824_090_176_4e-8, 1e-6, "by numpy (wave.py)"),
    ),
    plain(
        "bratu",
        &["-nx", "17", "-ny", "9", "-lambda", "6", "-snes_rtol", "1e-12"],
        "largest u",
        "Max temperature rise:",
        Expected::Value(0.795_653_074_870_787_4, 1e-6, "by scipy (bratu.py)"),
    ),
    plain(
        "t2fit",
        &["--noise", "0"],
        "T2 of a curve without noise, ms",
        "Estimated parameters: amplitude = 1.000, T2 =",
        Expected::Value(85.0, 1e-5, "used to compute the curve"),
    )
    .real_only(),
    plain(
        "logreg",
        &[
            "--data",
            "data/learning/points.csv",
            "--l2",
            "1e-2",
            "-tao_type",
            "nls",
            "-tao_gatol",
            "1e-9",
        ],
        "loss at the optimum",
        "loss",
        Expected::Value(0.487_004_204_508_998, 1e-8, "by scipy (logreg.py)"),
    )
    .real_only(),
    plain(
        "classifier",
        &["--samples", "500", "--features", "5", "--hidden", "4", "--check"],
        "relative error of the gradient",
        "central differences: gradient",
        Expected::AtMost(1e-7, "against differences"),
    ),
    plain(
        "classifier",
        &[
            "--samples",
            "500",
            "--features",
            "5",
            "--hidden",
            "4",
            "--method",
            "adam",
            "--epochs",
            "3",
        ],
        "loss after three epochs",
        "epoch    3  loss",
        Expected::Same(0.0),
    ),
    plain(
        "powergrid",
        &["--case", "data/powergrid/case14.m"],
        "lowest angle, degrees",
        "angles",
        // -0.29999221088123967 rad, bus 14.
        Expected::Value(-17.188_287_6, 5e-5, "by scipy (powergrid_dc.py)"),
    ),
    plain(
        "powergrid",
        &["--case", "data/powergrid/case118.m", "--ac"],
        "lowest voltage, p.u.",
        "lowest voltage",
        Expected::Value(0.943, 1e-9, "by Newton's method in scipy (powergrid_ac.py)"),
    ),
    plain(
        "bridge",
        &[],
        "omega² of the lowest mode",
        "   1   1 x 1",
        // (41/10)²·4·sin²(π/82) + (13/3)²·4·sin²(π/26)
        Expected::Value(1.189_943_954_202, 1e-11, "by the exact eigenvalue of the grid"),
    )
    .needs_slepc(),
    plain(
        "partition",
        &["--case", "data/powergrid/case14.m"],
        "algebraic connectivity",
        "connectivity",
        Expected::Value(0.458_417_722_078, 1e-9, "by scipy (fiedler.py)"),
    )
    .needs_slepc(),
    plain(
        "pca",
        &["--bfile", "data/gwas/cohort", "--components", "2"],
        "largest singular value",
        "        1  ",
        Expected::Value(35.050_023_519_22, 1e-9, "by numpy (pca.py)"),
    )
    .needs_slepc(),
    plain(
        "cooling",
        &["--nx", "20", "--ny", "20", "--time", "5"],
        "largest error",
        "largest error",
        Expected::AtMost(1e-8, "against the sum of modes"),
    )
    .needs_slepc(),
    plain(
        "gwas",
        &["--bfile", "data/gwas/cohort", "--top", "1"],
        "largest chi-square",
        "rs2  ",
        Expected::Value(34.27, 2e-4, "by plink1.9 --assoc"),
    )
    .at(1),
    plain(
        "gwas",
        &["--simulate", "--samples", "500", "--variants", "2000", "--top", "1"],
        "inflation of a simulation",
        "inflation",
        Expected::Same(0.0),
    ),
];
