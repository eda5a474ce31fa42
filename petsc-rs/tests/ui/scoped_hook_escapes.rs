//! What runs around the steps of an integrator cannot borrow what ends before its scope.
use petsc_rs::Ts;
use petsc_rs::prelude::*;

fn check(ts: &mut Ts, u: &mut Vector) -> Result<()> {
    ts.scope(|s| {
        {
            let mut steps = 0;
            s.set_post_step(|_| {
                steps += 1;
                Ok(())
            })?;
        }
        s.solve(u).map(|_| ())
    })
}

fn main() {}
