//! Command-line arguments.

use std::path::PathBuf;

use clap::Parser;
use workshop::relaxometry::{Bounds, Engine, Model, Settings};

/// Fits decaying exponentials to the echoes of each voxel.
///
/// PETSc options begin with one dash: -tao_type, -tao_monitor, -log_view. Times are in ms.
#[derive(Parser, Debug)]
#[command(name = "t2fit", version)]
pub(crate) struct Args {
    /// Image (.npy, .nii or .nii.gz) whose last axis contains the echoes; without it, the curve of
    /// the workshop is fitted
    #[arg(long, group = "measured")]
    pub(crate) input: Option<PathBuf>,
    /// Echo times
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["te_first", "te_step"])]
    pub(crate) te: Vec<f64>,
    /// First echo time, for constant steps
    #[arg(long, requires = "te_step")]
    pub(crate) te_first: Option<f64>,
    /// Step between echo times
    #[arg(long, requires = "te_first")]
    pub(crate) te_step: Option<f64>,
    /// Model
    #[arg(long, value_enum, default_value_t = Model::Mono)]
    pub(crate) model: Model,
    /// Fitting method
    #[arg(long, value_enum, default_value_t = Engine::Batch)]
    pub(crate) engine: Engine,
    /// Image whose nonzero voxels are fitted
    #[arg(long)]
    pub(crate) mask: Option<PathBuf>,
    /// Fraction of the 99th percentile of the first echo; voxels below it are background
    #[arg(long, default_value_t = 0.05)]
    pub(crate) threshold: f64,
    /// Smallest T2
    #[arg(long, default_value_t = 1.0)]
    pub(crate) t2_min: f64,
    /// Largest T2
    #[arg(long, default_value_t = 5000.0)]
    pub(crate) t2_max: f64,
    /// Directory for the maps
    #[arg(long)]
    pub(crate) out: Option<PathBuf>,
    /// Read, fit and write slice by slice with the memory of one slice; for .nii files, without
    /// figures and medians
    #[arg(long, requires = "input", conflicts_with = "smooth")]
    pub(crate) stream: bool,
    /// Use a synthetic volume instead of an image
    #[arg(long, num_args = 3, value_names = ["NX", "NY", "NZ"], group = "measured")]
    pub(crate) synthetic: Option<Vec<usize>>,
    /// Standard deviation of the noise of a synthetic volume
    #[arg(long, default_value_t = 0.02)]
    pub(crate) noise: f64,
    /// Fit one slice as a whole: typical difference of neighbors as a fraction of the median
    /// amplitude and T2
    #[arg(long, value_name = "SHARE", requires = "measured")]
    pub(crate) smooth: Option<f64>,
    /// With --smooth: differences larger than this multiple are penalized linearly, which preserves
    /// edges
    #[arg(long, default_value_t = 1.0)]
    pub(crate) edge: f64,
    /// With --smooth: number of the slice, starting at 1; by default the central one
    #[arg(long, value_name = "K", requires = "smooth")]
    pub(crate) slice: Option<usize>,
}

pub(crate) fn check(args: &Args) -> std::result::Result<(), String> {
    let positive = |v: f64| v.is_finite() && v > 0.0;
    if !(positive(args.t2_min) && positive(args.t2_max) && args.t2_min < args.t2_max) {
        return Err(format!("--t2-min {} must be below --t2-max {}", args.t2_min, args.t2_max));
    }
    if !(args.threshold.is_finite() && args.noise.is_finite() && args.noise >= 0.0) {
        return Err("--threshold and --noise must be finite, and noise not negative".into());
    }
    if args.smooth.is_some_and(|s| !positive(s)) || !positive(args.edge) {
        return Err("--smooth and --edge must be above zero".into());
    }
    Ok(())
}

/// Returns the echo times for this number of echoes.
pub(crate) fn times(args: &Args, echoes: usize) -> std::result::Result<Vec<f64>, String> {
    let times = match (args.te_first, args.te_step) {
        (Some(first), Some(step)) => (0..echoes).map(|i| first + step * i as f64).collect(),
        _ if args.te.is_empty() => {
            return Err("echo times are missing: --te or --te-first and --te-step".into());
        }
        _ => args.te.clone(),
    };
    if times.len() != echoes {
        return Err(format!("{} echo times for {echoes} echoes", times.len()));
    }
    if !times.iter().all(|t| t.is_finite() && *t >= 0.0) {
        return Err("echo times must be finite and not negative".into());
    }
    if let Some(k) = times.windows(2).position(|w| w[0] >= w[1]) {
        return Err(format!(
            "echo times must increase, and {} is followed by {}",
            times[k],
            times[k + 1]
        ));
    }
    if echoes < args.model.parameters() {
        return Err(format!(
            "{echoes} echoes are too few for {} parameters",
            args.model.parameters()
        ));
    }
    Ok(times)
}

pub(crate) fn settings(args: &Args, times: Vec<f64>) -> Settings {
    Settings {
        model: args.model,
        engine: args.engine,
        bounds: Bounds { t2: (args.t2_min, args.t2_max) },
        times,
    }
}
