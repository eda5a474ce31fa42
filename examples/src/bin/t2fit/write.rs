//! Maps as NIfTI files and figures.

use std::fs;
use std::path::Path;

use workshop::picture::{Colours, Field, Labels, draw_field};
use workshop::relaxometry::{Flag, Maps, Scan, Settings, write_nifti};

pub(crate) fn write(
    folder: &Path,
    settings: &Settings,
    scan: &Scan,
    maps: &Maps,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    let flags: Vec<f64> = maps.flags.iter().map(|&f| f64::from(f)).collect();
    write_nifti(&folder.join("flags.nii"), scan, &flags)?;
    write_nifti(&folder.join("r2.nii"), scan, &maps.r_squared)?;
    for (i, name) in settings.model.names().iter().enumerate() {
        write_nifti(&folder.join(format!("{name}.nii")), scan, &maps.parameters[i])?;
        write_nifti(&folder.join(format!("se_{name}.nii")), scan, &maps.errors[i])?;
        let unit = if settings.model.is_rate(i) { "ms" } else { "signal" };
        picture(&folder.join(format!("{name}.png")), scan, maps, &maps.parameters[i], name, unit)?;
    }
    picture(&folder.join("r2.png"), scan, maps, &maps.r_squared, "coefficient of determination", "")
}

/// Draws the central slice of a map, whose values have a unit or none (""). Voxels that were not
/// fitted are dark, and the color range ends at the 95th percentile.
pub(crate) fn picture(
    path: &Path,
    scan: &Scan,
    maps: &Maps,
    map: &[f64],
    name: &str,
    unit: &str,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let [nx, ny, nz] = scan.size;
    let slice = nz / 2 * nx * ny..(nz / 2 + 1) * nx * ny;
    let good = |v: &usize| maps.flags[*v] == Flag::Fitted as u8;
    let mut sorted: Vec<f64> = slice.clone().filter(good).map(|v| map[v]).collect();
    sorted.sort_by(f64::total_cmp);
    let top = sorted.get(sorted.len() * 95 / 100).copied().unwrap_or(1.0);
    let values: Vec<f64> = slice.map(|v| if good(&v) { map[v].min(top) } else { 0.0 }).collect();
    let field = Field {
        values: &values,
        nx,
        ny,
        size: (nx as f64 * f64::from(scan.spacing[0]), ny as f64 * f64::from(scan.spacing[1])),
        down: scan.down,
    };
    let value = match unit {
        "" => name.to_owned(),
        _ => format!("{name} in {unit}"),
    };
    let labels = Labels {
        title: &format!("{name}, slice {} of {nz}", nz / 2 + 1),
        value: &value,
        axes: ("x", "y"),
    };
    draw_field(path, field, Colours::Sequential, &labels)
}
