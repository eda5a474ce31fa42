//! Null spaces of singular matrices, and near-null spaces for multigrid.

use std::ptr;

use petsc_macros::wraps;

use super::MatrixRef;
use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Loan;
use crate::object::petsc_object;
use crate::vector::{Norm, Vector, VectorRef};
use crate::{ScalarExt as _, call, ffi, sys};

petsc_object! {
    /// A null space: the span of given vectors and, optionally, the constant vector.
    ///
    /// # Examples
    /// A singular system with a solution that is unique up to a constant. `a` is the second
    /// difference on a ring of four points.
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::matrix::NullSpace;
    /// # let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// # for i in a.ownership_range()? {
    /// #     let values = [-1.0, 2.0, -1.0].map(Scalar::from_real);
    /// #     a.set_values(&[i], &[(i + 3) % 4, i, (i + 1) % 4], &values, InsertMode::Insert)?;
    /// # }
    /// # a.assemble()?;
    /// let constants = NullSpace::new(comm, true, &[])?;
    /// a.set_null_space(Some(&constants))?;
    /// let b = Vector::from_fn(comm, 4, |i| Ok(Scalar::from_real(((1 - i) % 2) as Real)))?;
    /// let mut x = b.duplicate()?;
    /// let mut ksp = Ksp::new(comm)?;
    /// ksp.set_operators(&a, &a)?;
    /// ksp.pc()?.set_type(PcType::JACOBI)?;
    /// let _ = ksp.solve(&b, &mut x)?;
    /// assert!(x.sum()?.real().abs() < 1e-9); // x = b/2 is orthogonal to the constants
    /// assert!((x.norm(Norm::Infinity)? - 0.5).abs() < 1e-6);
    /// # Ok(()) })
    /// ```
    ///
    /// # See also
    /// [`MatrixRef::set_null_space`](crate::MatrixRef::set_null_space),
    /// [`MatrixRef::set_near_null_space`](crate::MatrixRef::set_near_null_space) (for algebraic
    /// multigrid).
    #[wraps(MatNullSpace)]
    NullSpace,
    /// A borrowed [`NullSpace`].
    NullSpaceRef,
    MatNullSpace,
    MatNullSpaceDestroy,
}

impl NullSpace {
    /// Creates the space spanned by `vectors` and, if `constant` is true, the constant vector.
    /// Collective.
    ///
    /// `vectors` must be orthonormal, and orthogonal to the constant vector if it is included. The
    /// space holds references to the vectors, not copies.
    ///
    /// # Errors
    /// `ARG_WRONG` if the vectors are not orthonormal to 1e-8; `ARG_NOTSAMECOMM` if a vector is on
    /// a different communicator.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Scalar, ScalarExt, Vector, matrix::NullSpace};
    /// # let r = Scalar::from_real;
    /// let space = NullSpace::new(comm, true, &[])?;
    /// let mut x = Vector::from_slice(comm, &[r(1.0), r(3.0)])?;
    /// space.remove(&mut x)?; // subtracts the mean
    /// assert_eq!(&*x.array()?, &[r(-1.0), r(1.0)]);
    /// # Ok(()) })
    /// ```
    #[wraps(MatNullSpaceCreate)]
    #[track_caller]
    pub fn new(comm: &Comm, constant: bool, vectors: &[&VectorRef]) -> Result<Self> {
        for (i, x) in vectors.iter().enumerate() {
            x.check_on(comm)?;
            let norm = x.norm(Norm::Two)?;
            let mut worst = (norm - 1.0).abs();
            for y in &vectors[..i] {
                worst = worst.max(x.dot(y)?.modulus());
            }
            if constant {
                let n = f64::from(u32::try_from(x.len()?).unwrap_or(u32::MAX));
                worst = worst.max(x.sum()?.modulus() / n.sqrt().max(1.0));
            }
            if worst.is_nan() || worst > 1e-8 {
                return Err(Error::collective(
                    ErrorCode::ARG_WRONG,
                    format!(
                        "vector {i} of the null space is not normalized, or not orthogonal to the others: the error is {worst:e}"
                    ),
                ));
            }
        }
        let list: Vec<sys::Vec> = vectors.iter().map(|x| x.as_ptr()).collect();
        let (n, constant) = (ffi::petsc_int(list.len())?, ffi::raw_bool(constant));
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator, `n` live vectors, which PETSc counts, a valid out-pointer. The vectors are of one kind
        // and length, as their inner products were computed (above); sizes are checked where the
        // space is used.
        unsafe {
            call!(MatNullSpaceCreate(comm.as_raw(), constant, n, list.as_ptr(), &raw mut raw))
        }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }

    /// Creates the space of rigid body modes, the near-null space of elasticity: the translations
    /// and rotations of the points with the given `coordinates`. The block size of `coordinates` is
    /// the dimension. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` if the block size of `coordinates` is not 1, 2 or 3.
    #[wraps(MatNullSpaceCreateRigidBody)]
    #[track_caller]
    pub fn rigid_body(coordinates: &VectorRef) -> Result<Self> {
        coordinates.check_readable()?;
        let mut size = 0;
        // SAFETY: a live vector and a valid out-pointer.
        unsafe { call!(VecGetBlockSize(coordinates.as_ptr(), &raw mut size)) }?;
        if !(1..=3).contains(&size) {
            return Err(Error::argument(format!(
                "the block size of the coordinates is the dimension: expected 1 to 3, got {size}"
            )));
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live vector with the block size that C expects (above); a valid out-pointer.
        unsafe { call!(MatNullSpaceCreateRigidBody(coordinates.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { Self::from_raw(raw) })
    }
}

impl NullSpaceRef {
    /// Projects `x` onto the orthogonal complement of the space. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the length of the vector does not match.
    #[wraps(MatNullSpaceRemove)]
    pub fn remove(&self, x: &mut VectorRef) -> Result<()> {
        x.check_writable()?;
        for v in self.vectors()? {
            v.check_same_kind(x)?;
            v.check_same_layout(x)?;
            v.check_readable()?;
        }
        // SAFETY: live objects that fit (above).
        unsafe { call!(MatNullSpaceRemove(self.as_ptr(), x.as_ptr())) }
    }

    /// Returns whether the matrix maps the space to zero, up to a tolerance of about 1e-8.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if the lengths of the vectors do not match; `ARG_WRONGSTATE` before assembly.
    ///
    /// # Examples
    /// The constant vector is in the null space of a matrix whose row sums are zero:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::matrix::NullSpace;
    /// let mut a = Matrix::builder(comm).global_size(4, 4).build()?;
    /// for i in a.ownership_range()? {
    ///     let next = (i + 1) % 4;
    ///     a.set_values(&[i], &[i, next], &[1.0.into(), (-1.0).into()], InsertMode::Insert)?;
    /// }
    /// a.assemble()?;
    /// assert!(NullSpace::new(comm, true, &[])?.test(&a)?);
    /// a.shift(1.0.into())?;
    /// assert!(!NullSpace::new(comm, true, &[])?.test(&a)?);
    /// # Ok(()) })
    /// ```
    #[wraps(MatNullSpaceTest)]
    pub fn test(&self, a: &MatrixRef) -> Result<bool> {
        a.check_assembled()?;
        a.check_operation(sys::MATOP_MULT, "MatMult, which PETSc calls to test the null space")?;
        for v in self.vectors()? {
            a.check_right(&v)?;
        }
        // MatNullSpaceTest calls the product of the type without the set-up that MatMult does.
        // SAFETY: a live, assembled matrix.
        unsafe { call!(MatSetUp(a.as_ptr())) }?;
        let mut flag = ffi::raw_bool(false);
        // SAFETY: live objects that fit (above) and a valid out-pointer.
        unsafe { call!(MatNullSpaceTest(self.as_ptr(), a.as_ptr(), &raw mut flag)) }?;
        Ok(ffi::to_bool(flag))
    }

    /// Returns whether the space was created with the constant vector.
    #[wraps(MatNullSpaceGetVecs, not_collective)]
    pub fn has_constant(&self) -> Result<bool> {
        Ok(self.raw_vectors()?.0)
    }

    /// Returns the vectors of the space other than the constant vector.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::prelude::*;
    /// use petsc_rs::matrix::NullSpace;
    /// let mut v = Vector::new(comm, 4)?;
    /// v.set(0.5.into())?; // of norm 1
    /// let space = NullSpace::new(comm, false, &[&v])?;
    /// assert_eq!(space.vectors()?.len(), 1);
    /// assert_eq!(space.vectors()?[0].sum()?.real(), 2.0);
    /// # Ok(()) })
    /// ```
    #[wraps(MatNullSpaceGetVecs, not_collective)]
    #[track_caller]
    pub fn vectors(&self) -> Result<Vec<Loan<'_, Vector>>> {
        let (_, n, list) = self.raw_vectors()?;
        // SAFETY: PETSc gave `n` vectors, which the space keeps.
        let list = unsafe { ffi::slice(list, n) };
        // SAFETY: live vectors.
        let lend = |&x| Ok(Loan::new(unsafe { Vector::retain(x) }?));
        list.iter().map(lend).collect()
    }

    fn raw_vectors(&self) -> Result<(bool, usize, *const sys::Vec)> {
        let (mut constant, mut n, mut list) = (ffi::raw_bool(false), 0, ptr::null());
        // SAFETY: a live space and valid out-pointers.
        unsafe {
            call!(MatNullSpaceGetVecs(self.as_ptr(), &raw mut constant, &raw mut n, &raw mut list))
        }?;
        Ok((ffi::to_bool(constant), ffi::size(n)?, list))
    }
}

macro_rules! spaces {
    ($($(#[$meta:meta])* $set:ident $get:ident $c_set:ident $c_get:ident $set_alias:literal $get_alias:literal;)*) => {
        impl MatrixRef {
            $(
                $(#[$meta])*
                ///
                /// The matrix holds a reference to the space; `None` removes the space. Collective.
                ///
                /// # Errors
                /// `ARG_SIZ` if the lengths of the vectors of the space do not match.
                #[doc(alias = $set_alias)]
                pub fn $set(&mut self, space: Option<&NullSpaceRef>) -> Result<()> {
                    if let Some(space) = space {
                        for v in space.vectors()? {
                            self.check_right(&v).or_else(|_| self.check_left(&v))?;
                        }
                    }
                    let raw: sys::MatNullSpace = space.map_or(ptr::null_mut(), NullSpaceRef::as_ptr);
                    // SAFETY: live objects, or NULL to take it away.
                    unsafe { call!($c_set(self.as_ptr(), raw)) }
                }

                #[doc = concat!("Returns the space set with [`", stringify!($set), "`](Self::", stringify!($set), "), or `None`. Not collective.")]
                ///
                /// # Errors
                /// The errors of the C function.
                #[doc(alias = $get_alias)]
                #[track_caller]
                pub fn $get(&self) -> Result<Option<NullSpace>> {
                    crate::not_collective!();
                    let mut raw = ptr::null_mut();
                    // SAFETY: a live matrix and a valid out-pointer.
                    unsafe { call!($c_get(self.as_ptr(), &raw mut raw)) }?;
                    // SAFETY: NULL, or a live space.
                    unsafe { NullSpace::retain_nullable(raw) }
                }
            )*
        }
    };
}

spaces! {
    /// Sets the null space of the matrix. Solvers project it out of the solution and, for a
    /// symmetric matrix, out of the right-hand side. See [`NullSpace`] for an example.
    #[doc(alias("null space", "nullspace", "singular"))]
    set_null_space null_space MatSetNullSpace MatGetNullSpace "MatSetNullSpace" "MatGetNullSpace";
    /// Sets the near-null space: vectors that the matrix nearly maps to zero. Algebraic multigrid
    /// builds its coarse spaces from them.
    set_near_null_space near_null_space MatSetNearNullSpace MatGetNearNullSpace "MatSetNearNullSpace" "MatGetNearNullSpace";
    /// Sets the null space of the transpose. Solvers project it out of the right-hand side.
    set_transpose_null_space transpose_null_space MatSetTransposeNullSpace MatGetTransposeNullSpace "MatSetTransposeNullSpace" "MatGetTransposeNullSpace";
}
