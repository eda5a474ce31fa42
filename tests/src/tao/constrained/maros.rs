//! Port of PETSc's `src/tao/constrained/tutorials/maros.c`: a quadratic program of the collection
//! of Maros and Mészáros, `min ½ xᵀH x + dᵀx` with `Aₑ x = bₑ` and `x ≥ 0`, solved with an interior
//! point method.

use petsc_rs::matrix::SolverType;
use petsc_rs::prelude::*;
use petsc_rs::tao::{ConvergedReason, Tolerances};
use petsc_rs::viewer::FileMode;
use petsc_rs::{KspType, PcType, Tao, TaoType, Viewer};

/// The parts of a problem, which are files in a directory with its name.
struct Problem<'a> {
    comm: &'a Comm,
    name: String,
}

impl Problem<'_> {
    fn file(&self, part: &str) -> Result<Viewer> {
        Viewer::binary(self.comm, format!("{}/{part}", self.name), FileMode::Read)
    }

    fn matrix(&self, part: &str) -> Result<Matrix> {
        Matrix::builder(self.comm).load(&*self.file(part)?)
    }

    fn vector(&self, part: &str) -> Result<Vector> {
        Vector::load(self.comm, &*self.file(part)?)
    }
}

fn name(reason: ConvergedReason) -> &'static str {
    match reason {
        ConvergedReason::GradientAbsolute => "CONVERGED_GATOL",
        ConvergedReason::GradientRelative => "CONVERGED_GRTOL",
        ConvergedReason::GradientReduction => "CONVERGED_GTTOL",
        ConvergedReason::SmallStep => "CONVERGED_STEPTOL",
        ConvergedReason::IterationLimit => "DIVERGED_MAXITS",
        _ => "another reason",
    }
}

/// Runs the port.
///
/// # Errors
/// Errors of the `Tao`; a directory without the files of the problem.
pub fn main(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let given = petsc.options().string("-cutername")?;
    let problem = Problem { comm, name: given.unwrap_or_else(|| "HS21".to_owned()) };
    petsc.print(format_args!("\n---- MAROS Problem {} -----\n", problem.name))?;
    let (d, h) = (problem.vector("f")?, problem.matrix("H")?);
    let (equalities, right) = (problem.matrix("Aeq")?, problem.vector("Beq")?);
    let n = d.local_len()?;
    let mut identity = Matrix::builder(comm).local_size(n, n).preallocate(1, 0).build()?;
    for i in identity.ownership_range()? {
        identity.set_value(i, i, Scalar::from_real(1.0), InsertMode::Insert)?;
    }
    identity.assemble()?;
    let mut zero = d.duplicate()?;
    zero.set_zero()?;
    let mut x = d.duplicate()?;
    x.set(Scalar::from_real(1.0))?;

    let mut tao = Tao::new(comm)?;
    tao.set_type(TaoType::IPM)?;
    let values = (d.duplicate()?, right.duplicate()?);
    // The Hessian and the Jacobians are constant, so their closures do nothing.
    tao.set_hessian(&h, &h, |_, _, _, _| Ok(()))?;
    tao.set_equality_jacobian(&equalities, &equalities, |_, _, _, _| Ok(()))?;
    tao.set_inequality_jacobian(&identity, &identity, |_, _, _, _| Ok(()))?;
    tao.set_objective_and_gradient(move |_, x, g| {
        h.mult(x, g)?;
        let f = x.dot(&d)? + Scalar::from_real(0.5) * x.dot(g)?;
        g.axpy(Scalar::from_real(1.0), &d)?;
        Ok(f.real())
    })?;
    tao.set_equality_constraints(&values.1, move |_, x, c| {
        equalities.mult(x, c)?;
        c.axpy(Scalar::from_real(-1.0), &right)
    })?;
    tao.set_inequality_constraints(&values.0, move |_, x, c| identity.mult(x, c))?;
    tao.set_inequality_bounds(Some(&zero), None)?;
    // The factored matrices have zeros on the diagonal; SuperLU pivots.
    if let Some(mut ksp) = tao.ksp()? {
        ksp.set_type(KspType::PREONLY)?;
        let mut pc = ksp.pc()?;
        pc.set_type(PcType::LU)?;
        pc.set_factor_solver(SolverType::new(c"superlu"))?;
    }
    tao.set_tolerances(Tolerances {
        gatol: 0.0.into(),
        grtol: 0.0.into(),
        gttol: 0.0.into(),
        ..Tolerances::default()
    })?;
    tao.set_from_options()?;
    let reason = tao.solve_unchecked(&mut x)?.reason;
    if reason.is_converged() {
        petsc.print(format_args!("Optimization completed with status {}.\n", name(reason)))
    } else {
        petsc.print(format_args!("TAO failed to converge due to {}.\n", name(reason)))
    }
}
