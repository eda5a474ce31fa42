//! Solvers with Jacobians from automatic differentiation.

use std::rc::Rc;

use super::grid::{self, GridResidual};
use super::stencil::{Place, Stencil, strides};
use super::{Number, Plan};
use crate::dm::DmdaRef;
use crate::error::Result;
use crate::matrix::MatrixRef;
use crate::snes::SnesRef;
use crate::ts::TsRef;
use crate::vector::VectorRef;
use crate::{Real, Scalar, ScalarExt as _, ffi};

impl SnesRef {
    /// Sets the function, and its exact Jacobian by automatic differentiation, from one residual.
    /// Logically collective.
    ///
    /// Call [`set_dm`](Self::set_dm) first, with a [`Dmda`](crate::Dmda) that has `DOF` unknowns at
    /// each point. All stencils and boundary types are supported, on all levels of multigrid. The
    /// residual is stored on the DM like a closure of
    /// [`set_function_local`](Self::set_function_local).
    ///
    /// Each evaluation of the residual with dual numbers computes ten derivatives. A Jacobian costs
    /// a few such evaluations and the insertion of its entries.
    ///
    /// # Errors
    /// `ARG_WRONG` if the solver's DM is not a DMDA, `ARG_SIZ` if it does not have `DOF` unknowns
    /// at each point.
    ///
    /// # Examples
    /// Solves `-u″ = λ exp(u)` with zero boundary values, and compares the value in the middle with
    /// its closed form:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::autodiff::{GridResidual, Number, Place, Stencil};
    /// use petsc_rs::{Dmda, Real, Result, ScalarExt, Snes};
    ///
    /// struct Bratu {
    ///     lambda: Real,
    /// }
    ///
    /// impl GridResidual<1> for Bratu {
    ///     fn at<N: Number>(&self, place: &Place<'_>, u: &Stencil<'_, N, 1>) -> Result<[N; 1]> {
    ///         let here = u.value(0);
    ///         if place.on_boundary() {
    ///             return Ok([here]);
    ///         }
    ///         let [h, ..] = place.spacing();
    ///         Ok([here * 2.0 - u.value(-1) - u.value(1) - here.exp() * (h * h * self.lambda)])
    ///     }
    /// }
    ///
    /// let grid = Dmda::builder(comm).sizes([65]).build()?;
    /// let mut snes = Snes::new(comm)?;
    /// snes.set_dm(&grid)?;
    /// snes.set_residual_autodiff(Bratu { lambda: 1.0 })?;
    /// let mut u = grid.create_global_vector()?;
    /// let _ = snes.solve(None, &mut u)?;
    /// assert!((u.norm(petsc_rs::Norm::Infinity)? - 0.140_539).abs() < 1e-4);
    /// # Ok(()) })
    /// ```
    pub fn set_residual_autodiff<R, const DOF: usize>(&mut self, residual: R) -> Result<()>
    where
        R: GridResidual<DOF> + 'static,
    {
        Plan::new::<DOF>(self.dm()?.as_dmda()?)?;
        let of_function = Rc::new(residual);
        let of_jacobian = Rc::clone(&of_function);
        self.set_grid_function(move |grid: &DmdaRef, x: &VectorRef, y: &mut VectorRef| {
            grid::function(&*of_function, grid, x, y)
        })?;
        self.set_grid_jacobian(move |grid: &DmdaRef, x: &VectorRef, p: &mut MatrixRef| {
            grid::jacobian(&*of_jacobian, grid, x, p)?;
            p.assemble()
        })
    }
}

/// An implicit residual `F(t, u, u̇)` at the points of a DMDA with `DOF` unknowns each, written
/// once for all number types.
///
/// # Examples
/// See [`TsRef::set_i_residual_autodiff`](crate::TsRef::set_i_residual_autodiff).
pub trait GridTransient<const DOF: usize> {
    /// Computes the residual at `place` and time `t` from the unknowns `u` at this point and its
    /// neighbors, and their time derivatives at this point. See [`GridResidual::at`].
    ///
    /// # Errors
    /// Any error ends the solve.
    fn at<N: Number>(
        &self,
        place: &Place<'_>,
        t: Real,
        u: &Stencil<'_, N, DOF>,
        change: [N; DOF],
    ) -> Result<[N; DOF]>;
}

impl TsRef {
    /// Sets the implicit function, and its Jacobian `∂F/∂u + shift·∂F/∂u̇` by automatic
    /// differentiation, from one residual. See [`SnesRef::set_residual_autodiff`]. Logically
    /// collective.
    ///
    /// # Errors
    /// The errors of [`SnesRef::set_residual_autodiff`].
    ///
    /// # Examples
    /// Heat conduction on a ring with an implicit method:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::autodiff::{GridTransient, Number, Place, Stencil};
    /// use petsc_rs::dm::BoundaryType;
    /// use petsc_rs::ts::ExactFinalTime;
    /// use petsc_rs::{Dmda, Norm, Real, Result, Scalar, ScalarExt, Ts, TsType};
    ///
    /// struct Heat;
    ///
    /// impl GridTransient<1> for Heat {
    ///     fn at<N: Number>(
    ///         &self,
    ///         _: &Place<'_>,
    ///         _: Real,
    ///         u: &Stencil<'_, N, 1>,
    ///         [change]: [N; 1],
    ///     ) -> Result<[N; 1]> {
    ///         Ok([change - u.value(-1) + u.value(0) * 2.0 - u.value(1)])
    ///     }
    /// }
    ///
    /// let grid = Dmda::builder(comm)
    ///     .sizes([12])
    ///     .boundaries([BoundaryType::Periodic])
    ///     .build()?;
    /// let mut ts = Ts::new(comm)?;
    /// ts.set_dm(&grid)?;
    /// ts.set_type(TsType::CN)?;
    /// ts.set_i_residual_autodiff(Heat)?;
    /// let mut u = grid.create_global_vector()?;
    /// for i in grid.corners()?.x() {
    ///     let angle = f64::from(i as i32) * std::f64::consts::PI / 6.0;
    ///     grid.array_mut(&mut u)?[i] = Scalar::from_real(angle.cos());
    /// }
    /// ts.set_time_step(0.01)?;
    /// ts.set_max_time(1.0)?;
    /// ts.set_exact_final_time(ExactFinalTime::MatchStep)?;
    /// let _ = ts.solve(&mut u)?;
    /// let rate = 2.0 - 2.0 * (std::f64::consts::PI / 6.0).cos();
    /// assert!((u.norm(Norm::Infinity)? - (-rate).exp()).abs() < 1e-4);
    /// # Ok(()) })
    /// ```
    pub fn set_i_residual_autodiff<R, const DOF: usize>(&mut self, residual: R) -> Result<()>
    where
        R: GridTransient<DOF> + 'static,
    {
        Plan::new::<DOF>(self.dm()?.as_dmda()?)?;
        let of_function = Rc::new(residual);
        let of_jacobian = Rc::clone(&of_function);
        self.set_grid_i_function(
            move |grid: &DmdaRef, t: Real, u: &VectorRef, v: &VectorRef, y: &mut VectorRef| {
                let v = v.array()?;
                let moment = Moment::new(&*of_function, grid, t, 0.0, &v)?;
                grid::function(&moment, grid, u, y)
            },
        )?;
        self.set_grid_i_jacobian(
            move |grid: &DmdaRef,
                  t: Real,
                  u: &VectorRef,
                  v: &VectorRef,
                  shift: Real,
                  p: &mut MatrixRef| {
                let v = v.array()?;
                let moment = Moment::new(&*of_jacobian, grid, t, shift, &v)?;
                grid::jacobian(&moment, grid, u, p)?;
                p.assemble()
            },
        )
    }
}

/// A transient residual at a fixed time, which depends on the unknowns only.
struct Moment<'a, R> {
    residual: &'a R,
    t: Real,
    shift: Scalar,
    change: &'a [Scalar],
}

impl<'a, R> Moment<'a, R> {
    fn new(
        residual: &'a R,
        grid: &DmdaRef,
        t: Real,
        shift: Real,
        change: &'a [Scalar],
    ) -> Result<Self> {
        let layout = grid.layout()?;
        ffi::same_len(
            "number of entries of the time derivative",
            layout.owned.len() * layout.dof,
            change.len(),
        )?;
        Ok(Self { residual, t, shift: Scalar::from_real(shift), change })
    }
}

impl<R: GridTransient<DOF>, const DOF: usize> GridResidual<DOF> for Moment<'_, R> {
    #[inline(always)]
    fn at<N: Number>(&self, place: &Place<'_>, u: &Stencil<'_, N, DOF>) -> Result<[N; DOF]> {
        let own = place.grid.owned;
        let [ny, nz] = strides(&own);
        let at = (place.i - own.start[0])
            + ny * (place.j - own.start[1])
            + nz * (place.k - own.start[2]);
        let first = ffi::index_to_usize(at) * DOF;
        // The time derivative of an unknown is `shift` times the unknown, plus a term that does not
        // depend on it.
        let change = std::array::from_fn(|c| {
            u.centre(c, self.change[first + c]).chain(self.change[first + c], self.shift)
        });
        self.residual.at(place, self.t, u, change)
    }
}
