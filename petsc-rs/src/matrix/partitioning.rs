//! Partitioning of graphs: assigns vertices to ranks (`MatPartitioning` in C).

use std::ptr;

use petsc_macros::{setting, wraps};

use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::at_least_one;
use crate::index_set::{IndexSet, IndexSetRef};
use crate::matrix::MatrixRef;
use crate::object::petsc_object;
use crate::type_names::type_names;
use crate::{Int, Object as _, call, ffi, sys};

type_names! {
    /// Name of a partitioner, for `-mat_partitioning_type` and [`PartitioningRef::set_type`].
    #[doc(alias = "MatPartitioningType")]
    PartitioningType;
    /// Keeps the current partition.
    CURRENT = c"current",
    /// Parts with equal numbers of vertices, in the order of the vertices.
    AVERAGE = c"average",
    /// Square parts of equal size, for the graph of a square grid.
    SQUARE = c"square",
    /// The library ParMETIS.
    PARMETIS = c"parmetis",
    /// The library Chaco.
    CHACO = c"chaco",
    /// The library Party.
    PARTY = c"party",
    /// The library PT-Scotch.
    PTSCOTCH = c"ptscotch",
    /// Hierarchical partitioning: coarse parts first, then finer parts inside them.
    HIERARCH = c"hierarch",
}

petsc_object! {
    /// A partitioner and its graph.
    ///
    /// A program creates a partitioner for a graph, chooses its type and the number of parts, reads
    /// the options, and [applies](PartitioningRef::apply) it. Dropping the handle destroys the
    /// partitioner.
    ///
    /// # Examples
    /// See [`Partitioning::new`].
    ///
    /// # Options
    /// `-mat_partitioning_type`, `-mat_partitioning_view`, and the options of the partitioning
    /// library.
    ///
    /// # See also
    /// [`PartitioningType`], [`IndexSetRef::partitioning_to_numbering`],
    /// [`DmPlex`](crate::dm::DmPlex).
    #[wraps(MatPartitioning)]
    Partitioning,
    /// A borrowed [`Partitioning`].
    PartitioningRef,
    MatPartitioning,
    MatPartitioningDestroy,
}

impl Partitioning {
    /// Creates a partitioner of the graph whose edges are the entries of `adjacency`. Collective.
    ///
    /// The libraries require a structurally symmetric matrix. The partitioner holds a reference to
    /// `adjacency`.
    ///
    /// # Errors
    /// `ARG_SIZ` if the matrix is not square; `ARG_WRONGSTATE` before assembly.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::{Matrix, Partitioning, PartitioningType, Scalar, ScalarExt};
    /// let graph = Matrix::constant_diagonal(comm, 4, Scalar::from_real(1.0))?
    ///     .convert(petsc_rs::MatrixType::AIJ)?;
    /// let mut partitioning = Partitioning::new(&graph)?;
    /// partitioning.set_type(PartitioningType::AVERAGE)?;
    /// partitioning.set_parts(2)?;
    /// let parts = partitioning.apply()?;
    /// assert_eq!(parts.len()?, 4);
    /// # Ok(()) })
    /// ```
    #[wraps(MatPartitioningCreate, MatPartitioningSetAdjacency)]
    #[track_caller]
    pub fn new(adjacency: &MatrixRef) -> Result<Self> {
        adjacency.check_square()?;
        adjacency.check_assembled()?;
        let comm = adjacency.comm()?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(MatPartitioningCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let partitioning = unsafe { Self::from_raw(raw) };
        // PETSc stores the pointer without a reference: this reference keeps the matrix alive.
        // SAFETY: live objects; PETSc counts the matrix and copies the name.
        unsafe {
            call!(PetscObjectCompose(
                partitioning.object_ptr(),
                c"petsc-rs.adjacency".as_ptr(),
                adjacency.object_ptr()
            ))
        }?;
        // SAFETY: live objects; the matrix is square and assembled (above).
        unsafe { call!(MatPartitioningSetAdjacency(partitioning.as_ptr(), adjacency.as_ptr())) }?;
        Ok(partitioning)
    }
}

/// Returns whether the indices of PT-Scotch have the size of `PetscInt`. If not, PT-Scotch reads
/// and writes outside arrays.
pub(crate) fn scotch_fits() -> bool {
    // SAFETY: compares two sizes.
    unsafe { sys::PetscRsScotchFits() != 0 }
}

pub(crate) fn scotch_refused() -> Error {
    Error::collective(
        ErrorCode::SUP,
        "the indices of PT-Scotch differ in size from PetscInt: choose another partitioner",
    )
}

impl PartitioningRef {
    /// Sets the type of the partitioner. Logically collective. Default: `parmetis` or `ptscotch`,
    /// if available. Option: `-mat_partitioning_type`.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for a type that this build does not have.
    ///
    /// # Examples
    /// See [`Partitioning::new`].
    #[wraps(MatPartitioningSetType)]
    pub fn set_type(&mut self, kind: PartitioningType<'_>) -> Result<()> {
        // SAFETY: a live partitioner and a NUL-terminated name.
        unsafe { call!(MatPartitioningSetType(*self.busy()?, kind.as_ptr())) }
    }

    /// The number of parts.
    #[setting(MatPartitioningSetNParts, check = at_least_one)]
    #[option("-mat_partitioning_nparts", default = "the number of ranks")]
    pub fn set_parts(parts: usize);

    /// Sets the weight of each vertex of this rank. The weights are copied. Logically collective.
    ///
    /// # Errors
    /// `ARG_SIZ` unless there is one weight for each local row of the graph; `ARG_OUTOFRANGE` for a
    /// negative weight.
    #[wraps(MatPartitioningSetVertexWeights)]
    pub fn set_vertex_weights(&mut self, weights: &[Int]) -> Result<()> {
        let rows = self.adjacency()?.local_size()?.0;
        ffi::same_len("number of vertex weights", rows, weights.len())?;
        ffi::check_indices(weights, &(0..Int::MAX))?;
        let mut memory = ptr::null_mut();
        // SAFETY: a valid out-pointer.
        unsafe { call!(PetscRsMalloc(size_of_val(weights).max(1), &raw mut memory)) }?;
        let copy: *mut Int = memory.cast();
        // SAFETY: the memory was allocated for as many numbers, with the alignment of any type.
        unsafe { ptr::copy_nonoverlapping(weights.as_ptr(), copy, weights.len()) };
        // SAFETY: a live partitioner, which takes over memory of PETSc's allocator with a number for each row.
        unsafe { call!(MatPartitioningSetVertexWeights(*self.busy()?, copy)) }
    }

    /// Whether the values of the entries of the adjacency matrix are edge weights.
    #[setting(MatPartitioningSetUseEdgeWeights, MatPartitioningGetUseEdgeWeights)]
    #[option("-mat_partitioning_use_edge_weights", default = "false")]
    pub fn set_use_edge_weights(use_edge_weights: bool);

    /// Applies options, and sets the default type if none is set. Collective.
    ///
    /// # Errors
    /// `ARG_UNKNOWN_TYPE` for an unknown type.
    #[wraps(MatPartitioningSetFromOptions)]
    pub fn set_from_options(&mut self) -> Result<()> {
        // SAFETY: a live partitioner with its graph.
        unsafe { call!(MatPartitioningSetFromOptions(*self.busy()?)) }
    }

    /// Computes the partition: the number of the part, from 0, of each vertex of this rank.
    /// Collective.
    ///
    /// # Errors
    /// Errors of the library; `ARG_WRONGSTATE` if the graph is not assembled; `SUP` if the indices
    /// of PT-Scotch differ in size from `PetscInt`, as in Debian's 64-bit builds.
    #[wraps(MatPartitioningApply)]
    #[track_caller]
    pub fn apply(&mut self) -> Result<IndexSet> {
        self.adjacency()?.check_assembled()?;
        if self.type_name()?.is_none() {
            self.set_from_options()?;
        }
        if self.is_type("ptscotch")? && !scotch_fits() {
            return Err(scotch_refused());
        }
        let mut raw = ptr::null_mut();
        // SAFETY: a live partitioner with type and graph, whose library has the same indices (above), a valid
        // out-pointer.
        unsafe { call!(MatPartitioningApply(*self.busy()?, &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { IndexSet::from_raw(raw) })
    }

    fn adjacency(&self) -> Result<&MatrixRef> {
        // SAFETY: a live object.
        let found = unsafe { crate::callback::composed(self.object_ptr(), c"petsc-rs.adjacency") }?;
        if found.is_null() {
            return Err(Error::new(
                ErrorCode::ORDER,
                "the partitioner has no graph, or its graph was set without petsc-rs",
            ));
        }
        let matrix: sys::Mat = found.cast();
        // SAFETY: `new` composed a matrix under this name, and the partitioner keeps it.
        Ok(unsafe { MatrixRef::from_ptr(matrix) })
    }
}

impl IndexSetRef {
    /// Computes new global numbers of the vertices from the parts that [`PartitioningRef::apply`]
    /// returned: first all vertices of part 0, then those of part 1, and so on. Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a negative part.
    #[wraps(ISPartitioningToNumbering)]
    #[track_caller]
    pub fn partitioning_to_numbering(&self) -> Result<IndexSet> {
        ffi::check_indices(&self.indices()?, &(0..Int::MAX))?;
        let mut raw = ptr::null_mut();
        // SAFETY: a live index set without negative numbers (above) and a valid out-pointer.
        unsafe { call!(ISPartitioningToNumbering(self.as_ptr(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        Ok(unsafe { IndexSet::from_raw(raw) })
    }

    /// Computes the number of vertices in each of the `parts` parts, over all ranks. This index set
    /// contains the number of the part of each vertex, as [`PartitioningRef::apply`] returns it.
    /// Collective.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for a part outside `0..parts`.
    #[wraps(ISPartitioningCount)]
    pub fn partitioning_count(&self, parts: usize) -> Result<Vec<Int>> {
        let n = ffi::petsc_int(parts)?;
        ffi::check_indices(&self.indices()?, &(0..n))?;
        let mut counts = vec![0; parts];
        // SAFETY: a live index set of numbers below `n` (above), and room for `n` counts.
        unsafe { call!(ISPartitioningCount(self.as_ptr(), n, counts.as_mut_ptr())) }?;
        Ok(counts)
    }
}
