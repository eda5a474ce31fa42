//! The synthetic city: report, file and figures.

use std::error::Error;
use std::fs;
use std::path::Path;

use petsc_rs::prelude::*;
use workshop::app::{agree, input_error};
use workshop::network::{self, DcModel, SyntheticCity};
use workshop::picture::{Colours, Field, Labels, draw_field};

use super::Args;

pub(super) fn run(petsc: &Petsc, args: &Args, nx: usize, ny: usize) -> Result<()> {
    if !(args.conductance.is_finite() && args.conductance > 0.0) {
        return Err(input_error(format_args!("--g {} must be positive", args.conductance)));
    }
    if !args.load.is_finite() {
        return Err(input_error(format_args!("--load {} is not a number", args.load)));
    }
    if nx.max(ny) < 3 {
        return Err(input_error(format_args!(
            "--grid {nx} {ny}: use at least 3 streets or 3 avenues"
        )));
    }
    let city = SyntheticCity { nx, ny, load: args.load, conductance: args.conductance };
    let model = city.model();
    let failed = args.fail.as_deref().map(|text| parse_line(text, &model)).transpose()?;
    let before = network::solve(petsc.world(), &model)?;
    petsc.print(format_args!("city of {nx} x {ny}, {}\n", before.converged))?;
    let after = match failed {
        None => None,
        Some(line) if network::bridges(&model)[line] => {
            return Err(input_error(
                "--fail: without this line, a part of the city is disconnected",
            ));
        }
        Some(line) => Some(network::solve(petsc.world(), &model.without(line))?),
    };
    petsc.print(format_args!(
        "\n{:<12} {:>8} {:>12} {:>12}\n",
        "place", "node", "voltage", "after"
    ))?;
    for (name, node) in city.places() {
        let later = after.as_ref().map_or(String::new(), |s| format!("{:.6}", s.angles[node]));
        petsc.print(format_args!(
            "{name:<12} {node:>8} {:>12.6} {later:>12}\n",
            before.angles[node]
        ))?;
    }
    petsc.print(format_args!("\n{:<20} {:>12} {:>12}\n", "line", "current", "after"))?;
    for (i, l) in model.lines.iter().enumerate() {
        let at_place = city.places().iter().any(|&(_, node)| node == l.from || node == l.to);
        if !at_place && failed != Some(i) {
            continue;
        }
        let later = after.as_ref().map_or(String::new(), |s| {
            if failed == Some(i) { "failed".into() } else { format!("{:.6}", l.flow(&s.angles)) }
        });
        petsc.print(format_args!(
            "{:<20} {:>12.6} {later:>12}\n",
            format!("{}-{}", l.from, l.to),
            l.flow(&before.angles)
        ))?;
    }
    let Some(out) = &args.out else {
        return Ok(());
    };
    let after = after.as_ref().map(|s| s.angles.as_slice());
    let mut outcome = Ok(());
    if petsc.world().rank() == 0 {
        outcome =
            write(out, &city, &before.angles, after).map_err(|e| format!("{}: {e}", out.display()));
    }
    agree(petsc.world(), outcome)?;
    let change = if after.is_some() { ", change.png" } else { "" };
    petsc.print(format_args!("\nwrote voltages.csv, voltages.png{change} in {}\n", out.display()))
}

/// Writes the voltages as a table and as figures.
fn write(
    out: &Path,
    city: &SyntheticCity,
    before: &[f64],
    after: Option<&[f64]>,
) -> std::result::Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let text: String = std::iter::once("node,before,after\n".to_owned())
        .chain(before.iter().enumerate().map(|(i, voltage)| {
            let later = after.map_or(String::new(), |s| format!("{:.12}", s[i]));
            format!("{i},{voltage:.12},{later}\n")
        }))
        .collect();
    fs::write(out.join("voltages.csv"), text)?;
    let labels = Labels {
        title: &format!("City of {} x {}: voltages", city.nx, city.ny),
        value: "voltage in p.u.",
        axes: ("street", "avenue"),
    };
    let path = out.join("voltages.png");
    draw_field(&path, map(city, before), Colours::Sequential, &labels)?;
    let Some(after) = after else {
        return Ok(());
    };
    let change: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    let labels = Labels {
        title: &format!("City of {} x {}: change of voltages by the failed line", city.nx, city.ny),
        value: "change of voltage in p.u.",
        axes: labels.axes,
    };
    let path = out.join("change.png");
    draw_field(&path, map(city, &change), Colours::Diverging, &labels)
}

/// Returns the values of the nodes, with streets and avenues counted from zero as coordinates.
fn map<'a>(city: &SyntheticCity, values: &'a [f64]) -> Field<'a> {
    Field {
        values,
        nx: city.nx,
        ny: city.ny,
        size: ((city.nx - 1) as f64, (city.ny - 1) as f64),
        down: false,
    }
}

/// Returns the line with these two nodes, `A-B`.
fn parse_line(text: &str, model: &DcModel) -> Result<usize> {
    let nodes: Option<(usize, usize)> = text
        .split_once('-')
        .and_then(|(a, b)| Some((a.trim().parse().ok()?, b.trim().parse().ok()?)));
    let Some((a, b)) = nodes else {
        return Err(input_error(format_args!("--fail {text}: use two nodes, such as 205-206")));
    };
    SyntheticCity::line(model, a, b)
        .ok_or_else(|| input_error(format_args!("--fail {text}: no line connects these nodes")))
}
