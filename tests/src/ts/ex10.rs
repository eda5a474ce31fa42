//! Port of PETSc's `src/ts/tutorials/ex10.c`: radiation diffusion with finite differences or finite
//! elements in one dimension, with an analytic Jacobian or finite differences with a coloring. The
//! implicit function reads the time step and `theta` from its `Ts`, and computes the states at both
//! ends of the step from them. Figures and files of the result are omitted.

use petsc_rs::prelude::*;
use petsc_rs::ts::{ExactFinalTime, ImplicitState, ProblemType};
use petsc_rs::{DmdaRef, MatrixRef, Ts, TsRef, TsType, VectorRef};

use crate::models::radiation::{Left, Model, Node};

/// The weights and the points, between 0 and 1, of a quadrature rule.
type Rule = Vec<(Real, Real)>;

#[derive(Clone)]
struct Problem {
    model: Model,
    /// The quadrature rule of finite elements; `None` for finite differences.
    rule: Option<Rule>,
    /// Whether the state is evaluated at the end of the step, not within it.
    endpoint: bool,
    limit_at_boundary: bool,
    midpoint_at_boundary: bool,
}

/// Runs the port.
///
/// # Errors
/// Errors of the integration; an invalid value of an option.
pub fn main(petsc: &Petsc) -> Result<()> {
    let (world, options) = (petsc.world(), petsc.options());
    let flag = |name: &str| Ok::<_, Error>(options.bool(name)?.unwrap_or(false));
    let elements = options.elist("-rd_discretization", &["fd", "fe"])?.unwrap_or(0) == 1;
    let problem = Problem {
        model: Model::from_options(&options)?,
        rule: if elements { Some(rule(&options)?) } else { None },
        endpoint: flag("-rd_endpoint")?,
        limit_at_boundary: flag("-rd_bclimit")?,
        midpoint_at_boundary: flag("-rd_bcmidpoint")?,
    };
    let kinds = ["analytic", "matrixfree", "fd_coloring", "fd_full"];
    let jacobian = options.elist("-rd_jacobian", &kinds)?.unwrap_or(0);

    let mut grid =
        Dmda::builder(world).sizes([20]).dof(2).field_names(["E", "T"]).from_options().build()?;
    grid.set_mat_type(MatrixType::AIJ)?;
    let b = grid.create_matrix()?;
    let mut x = grid.create_global_vector()?;
    let h = problem.spacing(&grid)?;
    {
        let mut x = grid.array_as_mut::<[Scalar; 2]>(&mut x)?;
        for i in grid.corners()?.x() {
            let Node { e, t } = problem.model.first_state(i as Real * h);
            x[i] = [e, t].map(Scalar::from_real);
        }
    }
    let mut ts = Ts::new(world)?;
    ts.set_problem_type(ProblemType::Nonlinear)?;
    ts.set_type(TsType::THETA)?;
    ts.set_dm(&grid)?;
    let of = problem.clone();
    ts.set_i_function(&*x.duplicate()?, move |ts, _, x, v, f| of.residual(ts, x, v, f))?;
    if jacobian == 0 {
        let of = problem.clone();
        ts.set_i_jacobian(&b, &b, move |ts, state, a, b| {
            of.jacobian(ts, state, b)?;
            if a.same_object(b) { Ok(()) } else { a.assemble() }
        })?;
    }
    ts.set_max_time(problem.model.final_time)?;
    ts.set_time_step(1e-3)?;
    ts.set_exact_final_time(ExactFinalTime::StepOver)?;
    ts.set_from_options()?;
    match jacobian {
        2 => ts.snes()?.set_jacobian_fd_coloring(&b, &b)?,
        3 => ts.snes()?.set_jacobian_fd(&b, &b)?,
        _ => {}
    }
    let _ = ts.solve(&mut x)?;
    let (steps, time) = (ts.step_number()?, ts.solve_time()?);
    petsc.print(format_args!("Steps {steps}  final time {time}\n"))
}

/// Returns the quadrature rule that the options select.
fn rule(options: &petsc_rs::Options) -> Result<Rule> {
    let names = ["gauss1", "gauss2", "gauss3", "gauss4", "lobatto2", "lobatto3"];
    // Gauss and Lobatto rules are symmetric. The list has half of the points, from the left end to
    // the middle.
    let (mut rule, middle): (Rule, _) = match options.elist("-rd_quadrature", &names)?.unwrap_or(1)
    {
        0 => (vec![], Some(1.0)),
        1 => (vec![(0.5, 0.211_324_865_405_187_13)], None),
        2 => (vec![(5.0 / 18.0, 0.112_701_665_379_258_3)], Some(8.0 / 18.0)),
        3 => (
            vec![
                (0.173_927_422_568_726_92, 0.069_431_844_202_973_66),
                (0.326_072_577_431_273_1, 0.330_009_478_207_571_87),
            ],
            None,
        ),
        4 => (vec![(0.5, 0.0)], None),
        _ => (vec![(1.0 / 6.0, 0.0)], Some(4.0 / 6.0)),
    };
    let right: Rule = rule.iter().rev().map(|&(weight, at)| (weight, 1.0 - at)).collect();
    rule.extend(middle.map(|weight| (weight, 0.5)));
    rule.extend(right);
    Ok(rule)
}

/// State and derivative with ghost points, at both ends of the step.
struct Step {
    theta: Real,
    dt: Real,
    /// The first ghost point.
    begin: Int,
    x0: Vec<Node>,
    x: Vec<Node>,
    v: Vec<Node>,
}

impl Step {
    fn of(problem: &Problem, ts: &TsRef, x: &VectorRef, v: &VectorRef) -> Result<Self> {
        let grid = ts.dm()?.into_dmda()?;
        let is_theta = ts.type_name()?.as_deref() == Some("theta");
        let theta = if is_theta && problem.endpoint { ts.theta()? } else { 1.0 };
        let nodes = |global: &VectorRef| -> Result<Vec<Node>> {
            let local = grid.ghosted(global)?;
            let values = grid.array_as::<[Scalar; 2]>(&local)?;
            Ok(values.as_slice().iter().copied().map(Node::of).collect())
        };
        let (mut x, v, dt) = (nodes(x)?, nodes(v)?, ts.time_step()?);
        let ahead = |x: &[Node], dt| -> Vec<Node> {
            x.iter().zip(&v).map(|(x, v)| x.mix(1.0, *v, dt)).collect()
        };
        let x0 = ahead(&x, -theta * dt);
        if problem.endpoint {
            x = ahead(&x0, dt);
        }
        let begin = grid.ghost_corners()?.x().start;
        Ok(Self { theta, dt, begin, x0, x, v })
    }

    fn place(&self, i: Int) -> Result<usize> {
        Ok(usize::try_from(i - self.begin)?)
    }

    /// Returns the old state, the new state and the derivative at a point.
    fn at(&self, i: Int) -> Result<[Node; 3]> {
        let i = self.place(i)?;
        Ok([self.x0[i], self.x[i], self.v[i]])
    }
}

/// Returns the neighbors of a point, and the point.
fn around(x: &[Node], i: usize) -> [Node; 3] {
    [x[i - 1], x[i], x[i + 1]]
}

/// Returns value and slope at a relative position within an element.
fn within(x: &[Node], i: usize, part: Real, h: Real) -> (Node, Node) {
    let (a, b) = (x[i], x[i + 1]);
    (a.mix(1.0 - part, b, part), b.mix(1.0 / h, a, -1.0 / h))
}

impl Problem {
    fn spacing(&self, grid: &DmdaRef) -> Result<Real> {
        Ok(self.model.length / (grid.layout()?.sizes[0] - 1) as Real)
    }

    fn residual(&self, ts: &TsRef, x: &VectorRef, v: &VectorRef, f: &mut VectorRef) -> Result<()> {
        let grid = ts.dm()?.into_dmda()?;
        let step = Step::of(self, ts, x, v)?;
        match &self.rule {
            None => self.differences(&grid, &step, f),
            Some(rule) => self.elements(&grid, &step, rule, f),
        }
    }

    fn jacobian(&self, ts: &TsRef, state: &ImplicitState<'_>, b: &mut MatrixRef) -> Result<()> {
        let grid = ts.dm()?.into_dmda()?;
        let step = Step::of(self, ts, state.u, state.v)?;
        b.zero_entries()?;
        match &self.rule {
            None => self.differences_jacobian(&grid, &step, state.shift, b),
            Some(rule) => self.elements_jacobian(&grid, &step, rule, state.shift, b),
        }
    }

    /// Returns the rate of change of the matter's energy.
    fn heating(&self, step: &Step, [x0, x, v]: [Node; 3]) -> Real {
        let (energy, slope) = self.model.material_energy(x);
        if self.endpoint {
            (energy - self.model.material_energy(x0).0) / step.dt
        } else {
            slope.e * v.e + slope.t * v.t
        }
    }

    /// Returns the radiated energy, weighted over the step.
    fn radiation(&self, step: &Step, x0: Node, x: Node) -> Real {
        let radiation = |n| self.model.radiation(n).0;
        (1.0 - step.theta) * radiation(x0) + step.theta * radiation(x)
    }

    fn boundary_theta(&self, step: &Step) -> Real {
        if self.midpoint_at_boundary { step.theta } else { 1.0 }
    }

    /// Returns state and slope at the left end.
    fn left_end(&self, step: &Step, theta: Real, h: Real) -> Result<(Node, Node)> {
        let ([a0, a, _], [b0, b, _]) = (step.at(0)?, step.at(1)?);
        let slope = |a: Node, b: Node| b.mix(1.0 / h, a, -1.0 / h);
        let nx = slope(a0, b0).mix(1.0 - theta, slope(a, b), theta);
        Ok((a0.mix(1.0 - theta, a, theta), nx))
    }

    /// Computes the residuals of finite differences, multiplied by the mesh width.
    fn differences(&self, grid: &DmdaRef, step: &Step, f: &mut VectorRef) -> Result<()> {
        let (model, h, last) = (&self.model, self.spacing(grid)?, grid.layout()?.sizes[0] - 1);
        let mut f = grid.array_as_mut::<[Scalar; 2]>(f)?;
        for i in grid.corners()?.x() {
            let here @ [x0, x, v] = step.at(i)?;
            let radiation = self.radiation(step, x0, x);
            let heat = h * (model.rho * self.heating(step, here) + radiation);
            let energy = if i == 0 {
                match model.left {
                    Left::Robin => {
                        let (n, nx) = self.left_end(step, self.boundary_theta(step), h)?;
                        let d = model.coefficient(self.limit_at_boundary, n, nx).d;
                        h * (n.e - 2.0 * d * nx.e - model.applied)
                    }
                    Left::Neumann => step.at(1)?[1].e - x.e,
                }
            } else if i == last {
                x.e - step.at(i - 1)?[1].e
            } else {
                let at = step.place(i)?;
                let diffusion = |x: &[Node]| model.diffusion(h, around(x, at)).0;
                let diffused =
                    (1.0 - step.theta) * diffusion(&step.x0) + step.theta * diffusion(&step.x);
                h * (v.e - diffused - radiation)
            };
            f[i] = [energy, heat].map(Scalar::from_real);
        }
        Ok(())
    }

    fn differences_jacobian(
        &self,
        grid: &DmdaRef,
        step: &Step,
        shift: Real,
        b: &mut MatrixRef,
    ) -> Result<()> {
        let (model, h, last) = (&self.model, self.spacing(grid)?, grid.layout()?.sizes[0] - 1);
        let theta = step.theta;
        let mut rows = grid.stencil_assembler(b, InsertMode::Insert)?;
        for i in grid.corners()?.x() {
            let [_, x, v] = step.at(i)?;
            let by_radiation = model.radiation(x).1;
            let by_energy = model.material_energy(x).1;
            let heating = if self.endpoint {
                by_energy.mix(1.0 / (theta * step.dt), Node::default(), 0.0)
            } else {
                // The second derivative is approximated with a finite difference.
                let epsilon = x.t * Real::EPSILON.sqrt();
                let further = model.material_energy(Node { e: x.e, t: x.t + epsilon }).1;
                let second = (further.t - by_energy.t) / epsilon;
                Node { e: by_energy.e * shift, t: by_energy.t * shift + second * v.t }
            };
            // The derivatives with respect to the unknowns of the left neighbor, of this point, and
            // of the right neighbor.
            let mut by = [Node::default(); 3];
            if i == 0 {
                match model.left {
                    Left::Robin => {
                        let boundary = self.boundary_theta(step);
                        let (n, nx) = self.left_end(step, boundary, h)?;
                        let c = model.coefficient(self.limit_at_boundary, n, nx);
                        let scale = boundary / theta * h;
                        let slope = 2.0 * c.d / h + 2.0 * nx.e * c.by_nx.e / h;
                        by[1].e = scale * (1.0 + slope - 2.0 * nx.e * c.by_n.e);
                        by[1].t = scale * (-2.0 * nx.e * c.by_n.t);
                        by[2].e = scale * (-slope - 2.0 * nx.e * c.by_n.e);
                    }
                    Left::Neumann => (by[1].e, by[2].e) = (-1.0 / theta, 1.0 / theta),
                }
            } else if i == last {
                (by[0].e, by[1].e) = (-1.0 / theta, 1.0 / theta);
            } else {
                let diffusion = model.diffusion(h, around(&step.x, step.place(i)?)).1;
                by = diffusion.map(|d| d.mix(-h, Node::default(), 0.0));
                by[1].e += h * (shift - by_radiation.e);
                by[1].t -= h * by_radiation.t;
            }
            let heat = heating.mix(h * model.rho, by_radiation, h);
            let block = |at: usize| {
                let heat = if at == 1 { heat } else { Node::default() };
                [by[at], heat].map(|row| [row.e, row.t].map(Scalar::from_real))
            };
            let blocks = [(i - 1, block(0)), (i, block(1)), (i + 1, block(2))];
            let inside = usize::from(i == 0)..if i == last { 2 } else { 3 };
            rows.blocks(i, &blocks[inside])?;
        }
        rows.finish()
    }

    /// Computes the residuals of this rank's finite elements; ghost values are sent to their
    /// owners.
    fn elements(&self, grid: &DmdaRef, step: &Step, rule: &Rule, f: &mut VectorRef) -> Result<()> {
        let (model, h) = (&self.model, self.spacing(grid)?);
        let mut local = grid.local_vector()?;
        local.set(Scalar::from_real(0.0))?;
        {
            let mut sums = grid.array_as_mut::<[Scalar; 2]>(&mut local)?;
            for i in self.own_elements(grid)? {
                let at = step.place(i)?;
                for &(weight, part) in rule {
                    let (n, nx) = within(&step.x, at, part, h);
                    let (n0, n0x) = within(&step.x0, at, part, h);
                    let (nt, _) = within(&step.v, at, part, h);
                    let radiation = self.radiation(step, n0, n);
                    let heat = model.rho * self.heating(step, [n0, n, nt]) + radiation;
                    let flux = |n, nx: Node| model.coefficient(true, n, nx).d * nx.e;
                    let flux = (1.0 - step.theta) * flux(n0, n0x) + step.theta * flux(n, nx);
                    for (j, shape, slope) in [(i, 1.0 - part, -1.0 / h), (i + 1, part, 1.0 / h)] {
                        let energy = slope * flux + shape * (nt.e - radiation);
                        sums[j][0] += Scalar::from_real(weight * h * energy);
                        sums[j][1] += Scalar::from_real(weight * h * shape * heat);
                    }
                }
            }
            if grid.corners()?.x().start == 0 && model.left == Left::Robin {
                let (n, ratio) = self.ratio_at_left(step, self.boundary_theta(step), h)?;
                sums[0][0] -= Scalar::from_real(ratio * 0.5 * (model.applied - n.e));
            }
        }
        f.set(Scalar::from_real(0.0))?;
        grid.local_to_global(&local, InsertMode::Add, f)
    }

    fn elements_jacobian(
        &self,
        grid: &DmdaRef,
        step: &Step,
        rule: &Rule,
        shift: Real,
        b: &mut MatrixRef,
    ) -> Result<()> {
        let (model, h) = (&self.model, self.spacing(grid)?);
        let mut rows = grid.stencil_assembler(b, InsertMode::Add)?;
        for i in self.own_elements(grid)? {
            let at = step.place(i)?;
            // The first index is the point of the row, the second that of the column.
            let mut sums = [[[[Scalar::from_real(0.0); 2]; 2]; 2]; 2];
            for &(weight, part) in rule {
                let (n, nx) = within(&step.x, at, part, h);
                let radiation = model.radiation(n).1;
                let c = model.coefficient(true, n, nx);
                let energy = model.material_energy(n).1;
                let shapes = [(1.0 - part, -1.0 / h), (part, 1.0 / h)];
                for (sums, (row, row_x)) in sums.iter_mut().zip(shapes) {
                    for (sum, (column, column_x)) in sums.iter_mut().zip(shapes) {
                        let flux_e = (c.d + c.by_nx.e * nx.e) * column_x + c.by_n.e * nx.e * column;
                        let flux_t = (c.by_nx.t * column_x + c.by_n.t * column) * nx.e;
                        let heat_t = shift * model.rho * energy.t + radiation.t;
                        let block = [
                            [
                                row * (shift - radiation.e) * column + row_x * flux_e,
                                -row * radiation.t * column + row_x * flux_t,
                            ],
                            [row * radiation.e * column, row * heat_t * column],
                        ];
                        for (sum, value) in
                            sum.as_flattened_mut().iter_mut().zip(block.as_flattened())
                        {
                            *sum += Scalar::from_real(weight * h * value);
                        }
                    }
                }
            }
            for (row, [left, right]) in [(i, sums[0]), (i + 1, sums[1])] {
                rows.blocks(row, &[(i, left), (i + 1, right)])?;
            }
        }
        if grid.corners()?.x().start == 0 && model.left == Left::Robin {
            let (_, ratio) = self.ratio_at_left(step, step.theta, h)?;
            let mut block = [[Scalar::from_real(0.0); 2]; 2];
            block[0][0] = Scalar::from_real(ratio * 0.5);
            rows.blocks(0, &[(0, block)])?;
        }
        rows.finish()
    }

    /// Returns the elements whose left point belongs to this rank.
    fn own_elements(&self, grid: &DmdaRef) -> Result<std::ops::Range<Int>> {
        let (own, points) = (grid.corners()?.x(), grid.layout()?.sizes[0]);
        Ok(own.start..own.end.min(points - 1))
    }

    /// Returns the state at the left end, and the reduction of the diffusion by the flux limiter
    /// there.
    fn ratio_at_left(&self, step: &Step, theta: Real, h: Real) -> Result<(Node, Real)> {
        let (n, _) = self.left_end(step, theta, h)?;
        let (_, nx) = self.left_end(step, 1.0, h)?;
        let d = |limit| self.model.coefficient(limit, n, nx).d;
        let ratio = d(true) / d(self.limit_at_boundary);
        if !(1e-3..=1.0).contains(&ratio) {
            return Err(Error::input(format!(
                "the ratio {ratio} of diffusivities at the left end"
            )));
        }
        Ok((n, ratio))
    }
}
