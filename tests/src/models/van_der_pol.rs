//! What ex16 and ex20 share: where the van der Pol oscillator begins, and a monitor at equal times.

use petsc_rs::prelude::*;
use petsc_rs::{TsRef, VectorRef};

/// Sets a state on the slow manifold of stiffness `mu`.
///
/// # Errors
/// `ARG_WRONGSTATE` if the array of `x` is borrowed.
pub fn begin(x: &mut VectorRef, mu: Real) -> Result<()> {
    let mut x = x.array_mut()?;
    x[0] = Scalar::from_real(2.0);
    x[1] = Scalar::from_real(-2.0 / 3.0 + 10.0 / (81.0 * mu) - 292.0 / (2187.0 * mu * mu));
    Ok(())
}

/// Adds a monitor that prints the state at every tenth of time, by interpolation.
///
/// # Errors
/// What `TSMonitorSet` returns.
pub fn monitor(ts: &mut TsRef, comm: &Comm, x: &VectorRef) -> Result<()> {
    let (comm, mut at, mut next) = (comm.duplicate()?, x.duplicate()?, 0.0);
    ts.add_monitor(move |ts, step, t, u| {
        let (dt, end) = (ts.time_step()?, ts.max_time()?);
        while next <= t && next <= end {
            if step == 0 {
                at.copy_from(u)?;
            } else {
                ts.interpolate(next, &mut at)?;
            }
            let x = at.array()?;
            comm.print(format_args!(
                "[{next:.1}] {step} TS {t:.6} (dt = {dt:.6}) X {:12.6e} {:12.6e}\n",
                x[0].real(),
                x[1].real()
            ))?;
            next += 0.1;
        }
        Ok(())
    })
}
