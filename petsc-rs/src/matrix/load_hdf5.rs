//! Checks of sparse matrices in HDF5 files.

use std::ffi::CStr;
use std::ptr;

use mpi::collective::CommunicatorCollectives as _;

use crate::comm::Comm;
use crate::error::{Error, ErrorCode, Result};
use crate::index_set::IndexSet;
use crate::object::Object as _;
use crate::viewer::ViewerRef;
use crate::{Int, call};

impl ViewerRef {
    /// Checks the sparse matrix with this name, whose indices PETSc uses as memory offsets.
    /// Collective.
    pub(super) fn check_sparse(&self, name: &str) -> Result<()> {
        let entries = self.check_rows(name)?;
        self.check_columns(name, entries)
    }

    /// Checks the row starts in the arrays of columns and values, and returns the number of
    /// entries.
    fn check_rows(&self, name: &str) -> Result<i64> {
        const NONE: i64 = -1;
        const WRONG: i64 = -2;
        let comm = self.comm()?;
        let begins = self.with_group(name, |viewer| viewer.load_indices(&comm, c"jc"))?;
        let begins = begins.indices()?;
        let mine = match (begins.first(), begins.last()) {
            (Some(&first), Some(&last)) if first >= 0 && begins.is_sorted() => {
                [i64::from(first), i64::from(last)]
            }
            (Some(_), _) => [WRONG; 2],
            (None, _) => [NONE; 2],
        };
        let mut ends = vec![0; 2 * usize::try_from(comm.size())?];
        comm.mpi().all_gather_into(&mine[..], &mut ends[..]);
        ends.retain(|end| *end != NONE);
        match (ends.first(), ends.last()) {
            (Some(&0), Some(&entries)) if ends.is_sorted() => return Ok(entries),
            _ => {}
        }
        Err(Error::collective(
            ErrorCode::FILE_UNEXPECTED,
            format!(
                "the row offsets of the matrix {name} must start at 0 and must not decrease (dataset {name}/jc)"
            ),
        ))
    }

    /// Checks the column indices: optimized PETSc does not compare them with the number of columns
    /// on one rank.
    fn check_columns(&self, name: &str, entries: i64) -> Result<()> {
        let comm = self.comm()?;
        let columns: Int = self.read_attribute(name, "MATLAB_sparse")?;
        let found = self.with_group(name, |viewer| viewer.load_indices(&comm, c"ir"))?;
        let length = found.len()?;
        if i64::try_from(length) != Ok(entries) {
            return Err(Error::collective(
                ErrorCode::FILE_UNEXPECTED,
                format!(
                    "the matrix {name} has {entries} entries but {length} column indices (dataset {name}/ir)"
                ),
            ));
        }
        let wrong = found.indices()?.iter().any(|j| !(0..columns).contains(j));
        if !crate::comm::any_rank(self.object_ptr(), wrong)? {
            return Ok(());
        }
        Err(Error::collective(
            ErrorCode::FILE_UNEXPECTED,
            format!(
                "the matrix {name} has column indices outside 0..{columns} (dataset {name}/ir)"
            ),
        ))
    }

    /// Loads the index set with this name in the current group, with PETSc's parallel layout.
    /// Collective.
    fn load_indices(&self, comm: &Comm, name: &CStr) -> Result<IndexSet> {
        let mut raw = ptr::null_mut();
        // SAFETY: a live communicator and a valid out-pointer.
        unsafe { call!(ISCreate(comm.as_raw(), &raw mut raw)) }?;
        // SAFETY: just created; the reference is ours.
        let set = unsafe { IndexSet::from_raw(raw) };
        // SAFETY: a live object; PETSc copies the name.
        unsafe { call!(PetscObjectSetName(set.object_ptr(), name.as_ptr())) }?;
        // SAFETY: a live index set with a name, and an HDF5 viewer (the caller).
        unsafe { call!(ISLoad(set.as_ptr(), self.as_ptr())) }?;
        Ok(set)
    }
}
