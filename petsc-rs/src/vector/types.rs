//! Vector types, and checks before calls of C: vectors must have the same type and structure, which
//! optimized builds of PETSc do not check, and no array guard may conflict with the call.

use std::ffi::{c_char, c_int};

use super::VectorRef;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::type_names::type_names;
use crate::{ffi, get, sys};

type_names! {
    /// Type of a vector. Plugins may register more types.
    #[doc(alias = "VecType")]
    VectorType;
    /// All entries are on one rank.
    #[doc(alias = "VECSEQ")]
    SEQ = c"seq",
    /// The entries are distributed over the ranks.
    #[doc(alias = "VECMPI")]
    MPI = c"mpi",
    /// [`SEQ`](Self::SEQ) on one rank, otherwise [`MPI`](Self::MPI).
    #[doc(alias = "VECSTANDARD")]
    STANDARD = c"standard",
    /// A vector of vectors. See [`Vector::nest`](super::Vector::nest).
    #[doc(alias = "VECNEST")]
    NEST = c"nest",
}

/// First letter of the type name `nest` (the sign of `c_char` depends on the platform).
const N: c_char = c_char::from_ne_bytes([b'n']);

impl VectorRef {
    fn type_ptr(&self) -> Result<*const c_char> {
        // SAFETY: a live vector.
        unsafe { get!(VecGetType(self.as_ptr(), _)) }
    }

    /// Returns whether this is a vector of vectors.
    #[inline]
    pub(crate) fn is_nest(&self) -> Result<bool> {
        // SAFETY: a live vector.
        if unsafe { sys::PetscRsTypeLetter(self.object_ptr()) } != c_int::from(N) {
            return Ok(false);
        }
        self.is_type_nest()
    }

    #[cold]
    fn is_type_nest(&self) -> Result<bool> {
        self.is_type("nest")
    }

    /// Returns an error for a nested vector, for a function that the type `nest` does not have.
    /// PETSc does not check this.
    pub(crate) fn refuse_nest(&self, call: &str) -> Result<()> {
        if self.is_nest()? {
            let text = format!("vectors of type nest do not support {call}");
            return Err(Error::collective(ErrorCode::SUP, text));
        }
        Ok(())
    }

    /// Visits this vector and, if it is nested, its parts. Other handles share the memory of parts.
    pub(crate) fn each_part(&self, visit: &mut dyn FnMut(&Self) -> Result<()>) -> Result<()> {
        visit(self)?;
        if self.is_nest()? {
            for i in 0..self.nest_len()? {
                self.sub_vector(i)?.each_part(visit)?;
            }
        }
        Ok(())
    }

    /// Checks for operations whose implementation reads private data of the other vector: optimized
    /// PETSc checks neither that both types agree, nor that nested vectors have the same parts.
    #[inline]
    pub(crate) fn check_same_kind(&self, other: &Self) -> Result<()> {
        // SAFETY: live vectors.
        if unsafe { sys::PetscRsVecAlike(self.as_ptr(), other.as_ptr()) } != 0 {
            return Ok(());
        }
        self.check_same_type(other)
    }

    #[cold]
    fn check_same_type(&self, other: &Self) -> Result<()> {
        let mine = self.type_ptr()?;
        // SAFETY: a live vector, the NUL-terminated name of a live vector.
        let compare = || unsafe { get!(PetscObjectTypeCompare(other.object_ptr(), mine, _)) };
        if mine.is_null() || !compare()? {
            return Err(self.kinds_differ(other));
        }
        // SAFETY: not NULL (above); a string has at least its NUL.
        if unsafe { *mine } == N {
            self.check_same_parts(other)?;
        }
        Ok(())
    }

    #[cold]
    fn check_same_parts(&self, other: &Self) -> Result<()> {
        if !self.is_nest()? {
            return Ok(());
        }
        let n = self.nest_len()?;
        ffi::same_len("number of parts of the nested vector", n, other.nest_len()?)?;
        for i in 0..n {
            self.sub_vector(i)?.check_same_kind(&*other.sub_vector(i)?)?;
        }
        Ok(())
    }

    #[cold]
    fn kinds_differ(&self, other: &Self) -> Error {
        let name = |v: &Self| v.type_name().ok().flatten().unwrap_or_default();
        let (mine, others) = (name(self), name(other));
        let text = format!("the vectors have different types: {mine:?} and {others:?}");
        Error::new(ErrorCode::ARG_NOTSAMETYPE, text)
    }

    /// Refuses one vector in both places.
    pub(crate) fn check_distinct(&self, other: &Self) -> Result<()> {
        if self.same_object(other) {
            return Err(Error::new(ErrorCode::ARG_IDN, "the two arguments are the same vector"));
        }
        Ok(())
    }

    /// Checks equal layouts for operations that copy between arrays without this check.
    pub(crate) fn check_same_layout(&self, other: &Self) -> Result<()> {
        // SAFETY: live vectors, of which C compares the layouts.
        match unsafe { sys::PetscRsVecsFit(self.as_ptr(), other.as_ptr()) } {
            1 => Ok(()),
            fits => other.refuse_layout(
                "length of the vector",
                (self.local_len()?, self.len()?),
                fits == 0,
            ),
        }
    }

    /// Returns the error for a vector with other local and global lengths.
    #[cold]
    pub(crate) fn refuse_layout(
        &self,
        what: &str,
        expected: (usize, usize),
        on_all_ranks: bool,
    ) -> Result<()> {
        let text = ffi::lengths_differ(what, expected, (self.local_len()?, self.len()?));
        Err(match on_all_ranks {
            true => Error::collective(ErrorCode::ARG_SIZ, text),
            false => Error::new(ErrorCode::ARG_SIZ, text),
        })
    }
}

impl VectorRef {
    /// Checks the communicator for constructors that combine vectors.
    pub(crate) fn check_on(&self, comm: &crate::Comm) -> Result<()> {
        crate::comm::check_on(self.object_ptr(), comm)
    }
}
