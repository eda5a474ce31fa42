//! The network of a case file, with its checks.

use std::collections::{BTreeMap, HashMap};

use super::text::{Matrix, Row, Sections};

/// The type of a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusKind {
    /// Active and reactive power are given.
    Load,
    /// Active power and voltage magnitude are given.
    Generator,
    /// Voltage magnitude and angle are given.
    Slack,
    /// The bus is out of service.
    Isolated,
}

/// A bus.
#[derive(Clone, Debug, PartialEq)]
pub struct Bus {
    /// The number in the file; numbers need not be contiguous.
    pub number: u64,
    /// The type.
    pub kind: BusKind,
    /// The active load in MW.
    pub load: f64,
    /// The reactive load in MVAr.
    pub reactive_load: f64,
    /// The active power in MW that the shunt consumes at 1 p.u.
    pub shunt: f64,
    /// The reactive power in MVAr that the shunt injects at 1 p.u.
    pub reactive_shunt: f64,
    /// The voltage magnitude in p.u., which is the solution in the file or an initial guess.
    pub magnitude: f64,
    /// The voltage angle in degrees; prescribed at the slack bus.
    pub angle: f64,
    /// The limits of the voltage magnitude in p.u., if the file contains them.
    pub limits: Option<(f64, f64)>,
}

/// A generator.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// The position of its bus in [`Case::buses`].
    pub bus: usize,
    /// The active power in MW.
    pub power: f64,
    /// The reactive power in MVAr; prescribed if the bus is a load bus.
    pub reactive_power: f64,
    /// The prescribed voltage magnitude in p.u.
    pub voltage: f64,
    /// Whether the generator is in service.
    pub in_service: bool,
}

/// A line or transformer.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The position of the first bus.
    pub from: usize,
    /// The position of the second bus.
    pub to: usize,
    /// The number of this branch among the parallel branches, which connect the same buses;
    /// starting at 1, in the order of the file.
    pub circuit: usize,
    /// The resistance in p.u.
    pub resistance: f64,
    /// The reactance in p.u.
    pub reactance: f64,
    /// The total line charging susceptance in p.u.
    pub charging: f64,
    /// The tap ratio; 1 for a line.
    pub tap: f64,
    /// The phase shift in degrees.
    pub shift: f64,
    /// The long-term rating in MVA; `None` is unlimited.
    pub rating: Option<f64>,
    /// Whether the branch is in service.
    pub in_service: bool,
}

/// A direct-current line. In the DC model, it is a load at one end and a generator at the other.
#[derive(Clone, Debug, PartialEq)]
pub struct DcLine {
    /// The position of the bus that sends power.
    pub from: usize,
    /// The position of the bus that receives power.
    pub to: usize,
    /// The power sent, in MW.
    pub sent: f64,
    /// The power received after losses, in MW.
    pub received: f64,
}

/// A network.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The base power in MVA.
    pub base_mva: f64,
    /// The buses, in the order of the file.
    pub buses: Vec<Bus>,
    /// The generators, in the order of the file.
    pub generators: Vec<Generator>,
    /// The branches, in the order of the file, including those out of service.
    pub branches: Vec<Branch>,
    /// The direct-current lines in service.
    pub dc_lines: Vec<DcLine>,
}

type Mistake = (usize, String);

impl Case {
    pub(super) fn from_sections(sections: &Sections) -> Result<Self, Mistake> {
        let empty = Matrix::default();
        let need = |name: &str| {
            sections
                .matrices
                .get(name)
                .ok_or_else(|| (sections.last_line, format!("mpc.{name} is missing")))
        };
        let base = need("baseMVA")?;
        let base_mva = base.rows.first().map_or(f64::NAN, |r| r.values[0]);
        if !(base_mva.is_finite() && base_mva > 0.0) {
            return Err((base.line, format!("mpc.baseMVA = {base_mva} must be positive")));
        }
        let buses = buses(need("bus")?)?;
        let index: HashMap<u64, usize> =
            buses.iter().enumerate().map(|(i, b)| (b.number, i)).collect();
        let generators = generators(need("gen")?, &index)?;
        let branches = branches(need("branch")?, &index)?;
        let dc_lines = dc_lines(sections.matrices.get("dcline").unwrap_or(&empty), &index)?;
        Ok(Self { base_mva, buses, generators, branches, dc_lines })
    }
}

/// Returns the finite number in a column (starting at 0).
fn column(row: &Row, table: &str, column: usize, name: &str) -> Result<f64, Mistake> {
    let value = *row.values.get(column).ok_or_else(|| {
        let text = format!(
            "this row of mpc.{table} has {} columns, but {name} is column {}",
            row.values.len(),
            column + 1
        );
        (row.line, text)
    })?;
    if value.is_finite() {
        return Ok(value);
    }
    Err((row.line, format!("{name} of mpc.{table} is {value}: it must be finite")))
}

/// Returns a bus number, a positive integer.
fn bus_number(row: &Row, table: &str, at: usize, name: &str) -> Result<u64, Mistake> {
    let value = column(row, table, at, name)?;
    // Above 2^53, not every integer is a floating-point number.
    if value.fract() != 0.0 || !(1.0..9_007_199_254_740_992.0).contains(&value) {
        return Err((row.line, format!("the bus number {value} is not a positive integer")));
    }
    Ok(value as u64)
}

fn find(row: &Row, table: &str, at: usize, index: &HashMap<u64, usize>) -> Result<usize, Mistake> {
    let number = bus_number(row, table, at, "bus")?;
    let missing =
        || (row.line, format!("mpc.{table} refers to bus {number}, which is not in mpc.bus"));
    index.get(&number).copied().ok_or_else(missing)
}

fn buses(table: &Matrix) -> Result<Vec<Bus>, Mistake> {
    let mut seen = HashMap::new();
    let mut buses = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let number = bus_number(row, "bus", 0, "bus_i")?;
        if let Some(first) = seen.insert(number, row.line) {
            return Err((row.line, format!("bus {number} is already defined on line {first}")));
        }
        let kind = match column(row, "bus", 1, "type")? {
            1.0 => BusKind::Load,
            2.0 => BusKind::Generator,
            3.0 => BusKind::Slack,
            4.0 => BusKind::Isolated,
            other => return Err((row.line, format!("bus type {other} is not 1, 2, 3 or 4"))),
        };
        buses.push(Bus {
            number,
            kind,
            load: column(row, "bus", 2, "Pd")?,
            reactive_load: column(row, "bus", 3, "Qd")?,
            shunt: column(row, "bus", 4, "Gs")?,
            reactive_shunt: column(row, "bus", 5, "Bs")?,
            magnitude: column(row, "bus", 7, "Vm")?,
            angle: column(row, "bus", 8, "Va")?,
            limits: limits(row),
        });
    }
    if buses.is_empty() {
        return Err((table.line, "mpc.bus is empty".into()));
    }
    if !buses.iter().any(|b| b.kind == BusKind::Slack) {
        return Err((table.line, "mpc.bus contains no slack bus (type 3)".into()));
    }
    Ok(buses)
}

/// Returns `Vmin` and `Vmax`, if the file contains them.
fn limits(row: &Row) -> Option<(f64, f64)> {
    let (low, high) = (*row.values.get(12)?, *row.values.get(11)?);
    (high > 0.0).then_some((low, high))
}

fn generators(table: &Matrix, index: &HashMap<u64, usize>) -> Result<Vec<Generator>, Mistake> {
    table
        .rows
        .iter()
        .map(|row| {
            Ok(Generator {
                bus: find(row, "gen", 0, index)?,
                power: column(row, "gen", 1, "Pg")?,
                reactive_power: column(row, "gen", 2, "Qg")?,
                voltage: column(row, "gen", 5, "Vg")?,
                in_service: column(row, "gen", 7, "status")? > 0.0,
            })
        })
        .collect()
}

fn branches(table: &Matrix, index: &HashMap<u64, usize>) -> Result<Vec<Branch>, Mistake> {
    let mut circuits: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut branches = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let (from, to) = (find(row, "branch", 0, index)?, find(row, "branch", 1, index)?);
        if from == to {
            return Err((row.line, "both ends of the branch are the same bus".into()));
        }
        let in_service = column(row, "branch", 10, "status")? > 0.0;
        let reactance = column(row, "branch", 3, "x")?;
        if in_service && reactance == 0.0 {
            return Err((row.line, "the reactance x of a branch in service is zero".into()));
        }
        let tap = column(row, "branch", 8, "ratio")?;
        let rating = column(row, "branch", 5, "rateA")?;
        if tap < 0.0 || rating < 0.0 {
            return Err((row.line, "ratio and rateA of a branch must not be negative".into()));
        }
        let circuit = circuits.entry((from.min(to), from.max(to))).or_insert(0);
        *circuit += 1;
        branches.push(Branch {
            from,
            to,
            circuit: *circuit,
            resistance: column(row, "branch", 2, "r")?,
            reactance,
            charging: column(row, "branch", 4, "b")?,
            tap: if tap == 0.0 { 1.0 } else { tap },
            shift: column(row, "branch", 9, "angle")?,
            rating: (rating > 0.0).then_some(rating),
            in_service,
        });
    }
    Ok(branches)
}

fn dc_lines(table: &Matrix, index: &HashMap<u64, usize>) -> Result<Vec<DcLine>, Mistake> {
    let mut lines = Vec::new();
    for row in &table.rows {
        let (from, to) = (find(row, "dcline", 0, index)?, find(row, "dcline", 1, index)?);
        if column(row, "dcline", 2, "status")? <= 0.0 {
            continue;
        }
        let sent = column(row, "dcline", 3, "Pf")?;
        // Losses are loss0 + loss1·Pf, as in MATPOWER; the columns may be missing.
        let loss = |at: usize| row.values.get(at).copied().filter(|v| v.is_finite()).unwrap_or(0.0);
        lines.push(DcLine { from, to, sent, received: sent - loss(15) - loss(16) * sent });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    const GOOD: &str = "mpc.baseMVA = 100;
mpc.bus = [
10 3 0 0 0 0 1 1 5 0 1 1 1;
20 1 50 0 1 0 1 1 0 0 1 1 1;
];
mpc.gen = [
10 51 0 0 0 1 100 1 100 0;
20 7 0 0 0 1 100 0 100 0;
];
mpc.branch = [
10 20 0 0.1 0 0 0 0 0 0 1 -360 360;
20 10 0 0.2 0 80 0 0 0.9 3 1 -360 360;
];
";

    fn mistake(from: &str, to: &str) -> (usize, String) {
        assert!(GOOD.contains(from));
        parse(&GOOD.replacen(from, to, 1)).unwrap_err()
    }

    #[test]
    fn a_case_without_mistakes_is_read() {
        let case = parse(GOOD).unwrap();
        assert_eq!(case.buses[1].number, 20);
        assert_eq!(
            (case.branches[1].from, case.branches[1].to, case.branches[1].circuit),
            (1, 0, 2)
        );
        assert_eq!((case.branches[0].tap, case.branches[1].tap), (1.0, 0.9));
        assert_eq!((case.branches[0].rating, case.branches[1].rating), (None, Some(80.0)));
        assert!(!case.generators[1].in_service);
    }

    #[test]
    fn every_mistake_names_its_line() {
        assert_eq!(mistake("10 20 0 0.1", "10 30 0 0.1").0, 11);
        assert!(mistake("10 20 0 0.1", "10 30 0 0.1").1.contains("bus 30"));
        assert_eq!(mistake("10 20 0 0.1", "10 20 0 0").0, 11);
        assert!(mistake("10 3 0", "10 2 0").1.contains("slack"));
        assert_eq!(mistake("20 1 50", "20 1 NaN").0, 4);
        assert!(mistake("20 1 50", "20 1 Inf").1.contains("Pd"));
        assert_eq!(mistake("20 1 50", "10 1 50").0, 4);
        assert!(mistake("20 1 50", "-20 1 50").1.contains("positive integer"));
        assert!(mistake("baseMVA = 100", "baseMVA = 0").1.contains("positive"));
        assert!(mistake("mpc.gen", "mpc.generators").1.contains("mpc.gen is missing"));
        assert!(mistake(" 0 80 0", " 0 -80 0").1.contains("negative"));
        let (line, text) = parse(&GOOD[..GOOD.len() - 40]).unwrap_err();
        assert!(line >= 11 && text.contains("ends inside mpc.branch"), "{text}");
    }
}
