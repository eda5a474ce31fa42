//! Block Jacobi and additive Schwarz.

use std::ptr;

use petsc_macros::{setting, wraps};

use super::{CompositeType, PcRef};
use crate::c_enum::c_enum;
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::{at_least_one, count, out_of_range};
use crate::index_set::IndexSetRef;
use crate::object::type_among;
use crate::{Int, Object, call, comm, ffi, get_raw, sys};

c_enum! {
    /// Use of the overlap in additive Schwarz.
    #[doc(alias = "PCASMType")]
    AsmType of PCASMType;
    /// Restriction and interpolation use the overlap.
    Basic = PC_ASM_BASIC,
    /// Only restriction uses the overlap (default).
    Restrict = PC_ASM_RESTRICT,
    /// Only interpolation uses the overlap.
    Interpolate = PC_ASM_INTERPOLATE,
    /// Neither restriction nor interpolation uses the overlap.
    None = PC_ASM_NONE,
}

c_enum! {
    /// Use of the overlap in additive Schwarz with subdomains that span several ranks.
    #[doc(alias = "PCGASMType")]
    GasmType of PCGASMType;
    /// Restriction and interpolation use the overlap.
    Basic = PC_GASM_BASIC,
    /// Only restriction uses the overlap (default).
    Restrict = PC_GASM_RESTRICT,
    /// Only interpolation uses the overlap.
    Interpolate = PC_GASM_INTERPOLATE,
    /// Neither restriction nor interpolation uses the overlap.
    None = PC_GASM_NONE,
}

impl PcRef {
    /// Sets the total number of blocks of `bjacobi`. Logically collective. Default: one on each
    /// rank. Option: `-pc_bjacobi_blocks`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` for a different number after
    /// [`set_up`](Self::set_up) or [`set_bjacobi_local_blocks`](Self::set_bjacobi_local_blocks),
    /// even if the preconditioner was reset. [`set_up`](Self::set_up) returns an error if the
    /// blocks cannot be distributed over the ranks.
    #[wraps(PCBJacobiSetTotalBlocks)]
    pub fn set_bjacobi_blocks(&mut self, blocks: usize) -> Result<()> {
        let n = count(blocks, "the number of blocks")?;
        self.check_total_blocks(n)?;
        // SAFETY: a live preconditioner, without solvers for another number of blocks (above); NULL lets PETSc choose the
        // sizes.
        unsafe { call!(PCBJacobiSetTotalBlocks(*self.busy()?, n, ptr::null())) }
    }

    /// Sets the sizes of all blocks of `bjacobi`. The sizes must add up to the number of rows of
    /// the operator, and one rank must own all rows of a block. Logically collective.
    ///
    /// # Errors
    /// The errors of [`set_bjacobi_blocks`](Self::set_bjacobi_blocks); `ARG_SIZ` if the sizes do
    /// not add up to the number of rows of the operator. The operator must be set first.
    #[wraps(PCBJacobiSetTotalBlocks)]
    pub fn set_bjacobi_block_sizes(&mut self, sizes: &[usize]) -> Result<()> {
        let (n, sizes) = block_sizes(sizes, self.operators()?.1.size()?.0)?;
        self.check_total_blocks(n)?;
        // SAFETY: a live preconditioner, without solvers for another number of blocks (above); PETSc copies the `n` sizes,
        // and compares them with the operator in the setup.
        unsafe { call!(PCBJacobiSetTotalBlocks(*self.busy()?, n, sizes.as_ptr())) }
    }

    /// Sets the sizes of the blocks of `bjacobi` on this rank. The sizes must add up to the local
    /// number of rows. Not collective, but all ranks must make this call.
    ///
    /// # Errors
    /// `ARG_SIZ` if the sizes do not add up to the local number of rows of the operator;
    /// `ARG_WRONGSTATE` after [`set_bjacobi_blocks`](Self::set_bjacobi_blocks) or
    /// [`set_up`](Self::set_up), even if the preconditioner was reset. The operator must be set
    /// first.
    #[wraps(PCBJacobiSetLocalBlocks)]
    pub fn set_bjacobi_local_blocks(&mut self, sizes: &[usize]) -> Result<()> {
        crate::not_collective!();
        let (n, sizes) = block_sizes(sizes, self.operators()?.1.local_size()?.0)?;
        if self.bjacobi_blocks()?.is_some_and(|[total, _]| total > 0) {
            return Err(known());
        }
        // SAFETY: a live preconditioner without solvers (above); PETSc copies the `n` sizes, and compares them with the
        // operator in the setup, as no number of all blocks was set.
        unsafe { call!(PCBJacobiSetLocalBlocks(*self.busy()?, n, sizes.as_ptr())) }
    }

    fn check_total_blocks(&self, n: sys::PetscInt) -> Result<()> {
        match self.bjacobi_blocks()? {
            Some([total, local]) if local > 0 && total != n => Err(known()),
            _ => Ok(()),
        }
    }

    /// Returns the total and the local number of blocks, negative if not set. C allocates memory
    /// for the blocks once; its setters do not check a number that is set later, and some do not
    /// check it after a reset.
    fn bjacobi_blocks(&self) -> Result<Option<[sys::PetscInt; 2]>> {
        if !self.is_type("bjacobi")? {
            return Ok(None);
        }
        // SAFETY: a live `bjacobi`; NULL for the sizes, which are not needed.
        let total =
            unsafe { get_raw!(PCBJacobiGetTotalBlocks(self.as_ptr(), _, ptr::null_mut())) }?;
        // SAFETY: as above.
        let local =
            unsafe { get_raw!(PCBJacobiGetLocalBlocks(self.as_ptr(), _, ptr::null_mut())) }?;
        Ok(Some([total, local]))
    }

    /// The number of layers of rows by which the subdomains of `asm` overlap.
    #[setting(
        PCASMSetOverlap,
        composed,
        errors = "`ARG_WRONGSTATE` after [`set_up`](Self::set_up)"
    )]
    #[option("-pc_asm_overlap", default = "1")]
    pub fn set_asm_overlap(asm_overlap: usize);

    /// How restriction and interpolation of `asm` use the overlap.
    #[setting(PCASMSetType, PCASMGetType, composed)]
    #[option("-pc_asm_type", default = "restrict")]
    pub fn set_asm_type(asm_type: AsmType);

    /// Whether `asm` sorts the rows of each subdomain.
    #[setting(PCASMSetSortIndices, composed)]
    #[option(default = "true")]
    pub fn set_asm_sort_indices(asm_sort_indices: bool);

    /// Whether `asm` uses the domain decomposition of the DM.
    #[setting(
        PCASMSetDMSubdomains,
        PCASMGetDMSubdomains,
        errors = "`ARG_WRONGSTATE` after [`set_up`](Self::set_up)"
    )]
    #[types("asm")]
    #[option("-pc_asm_dm_subdomains", default = "false")]
    pub fn set_asm_dm_subdomains(asm_dm_subdomains: bool);

    /// Sets the number of subdomains of `asm` on this rank. Not collective, but all ranks must make
    /// this call. Default: 1. Option: `-pc_asm_local_blocks`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` for 0; `ARG_WRONGSTATE` for a number that differs from an earlier one, and
    /// after [`set_up`](Self::set_up), even if the preconditioner was reset.
    #[wraps(PCASMSetLocalSubdomains)]
    pub fn set_asm_local_subdomains(&mut self, subdomains: usize) -> Result<()> {
        crate::not_collective!();
        let n = count(subdomains, "the number of subdomains")?;
        self.check_asm_subdomains(n)?;
        let none = ptr::null_mut();
        // SAFETY: a live preconditioner, without solvers for another number of subdomains (above);
        // NULL lets PETSc choose the subdomains.
        unsafe { call!(PCASMSetLocalSubdomains(*self.busy()?, n, none, ptr::null_mut())) }
    }

    /// Sets the total number of subdomains of `asm`. They are distributed evenly over the ranks.
    /// Collective. Option: `-pc_asm_blocks`.
    ///
    /// # Errors
    /// `ARG_OUTOFRANGE` if there are fewer subdomains than ranks; the errors of
    /// [`set_asm_local_subdomains`](Self::set_asm_local_subdomains).
    #[wraps(PCASMSetTotalSubdomains)]
    pub fn set_asm_subdomains(&mut self, subdomains: usize) -> Result<()> {
        let ranks = comm::size_of_object(self.object_ptr())?;
        let rank = comm::rank_in_object(self.object_ptr())?;
        if subdomains < ranks {
            let text = format!(
                "at least one subdomain for each of the {ranks} ranks is required, got {subdomains}"
            );
            return Err(out_of_range(text));
        }
        let own = subdomains / ranks + usize::from(subdomains % ranks > rank);
        self.check_asm_subdomains(ffi::petsc_int(own)?)?;
        let (n, none) = (ffi::petsc_int(subdomains)?, ptr::null_mut());
        // SAFETY: as for `set_asm_local_subdomains`.
        unsafe { call!(PCASMSetTotalSubdomains(*self.busy()?, n, none, ptr::null_mut())) }
    }

    fn check_asm_subdomains(&self, n: sys::PetscInt) -> Result<()> {
        if !self.is_type("asm")? {
            return Ok(());
        }
        let (none, nothing) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: a live `asm`; NULL for the subdomains, which are not needed.
        match unsafe { get_raw!(PCASMGetLocalSubdomains(self.as_ptr(), _, none, nothing)) }? {
            before if before > 0 && before != n => Err(known()),
            _ => Ok(()),
        }
    }

    /// Returns the rows of each subdomain of `asm` on this rank, including the overlap. The list is
    /// empty before [`set_up`](Self::set_up).
    ///
    /// # Errors
    /// `ARG_WRONG` for other types.
    #[wraps(PCASMGetLocalSubdomains, not_collective)]
    pub fn asm_subdomains(&self) -> Result<Vec<Vec<Int>>> {
        type_among(self, &["asm"], "asm_subdomains")?;
        let none = ptr::null_mut();
        // SAFETY: a live `asm`; NULL for the subdomains without overlap, which are not needed.
        let (n, sets) = unsafe { get_raw!(PCASMGetLocalSubdomains(self.as_ptr(), _, _, none)) }?;
        let n = if sets.is_null() { 0 } else { ffi::size(n)? };
        // SAFETY: PETSc stores that many index sets.
        let sets: &[sys::IS] = unsafe { ffi::slice(sets, n) };
        // SAFETY: a live index set.
        let rows = |&set| Ok(unsafe { IndexSetRef::from_ptr(set) }.indices()?.to_vec());
        sets.iter().map(rows).collect()
    }

    /// How `asm` combines the solvers of the subdomains of a rank: additive or multiplicative.
    #[setting(
        PCASMSetLocalType,
        PCASMGetLocalType,
        composed,
        errors = "`SUP` for other combinations"
    )]
    #[option("-pc_asm_local_type", default = "additive")]
    pub fn set_asm_local_type(asm_local_type: CompositeType);

    /// The total number of subdomains of `gasm`.
    #[setting(PCGASMSetTotalSubdomains, check = at_least_one)]
    #[types("gasm")]
    #[option("-pc_gasm_total_subdomains", default = "one on each rank")]
    pub fn set_gasm_subdomains(gasm_subdomains: usize);

    /// The number of layers of rows by which the subdomains of `gasm` overlap.
    #[setting(PCGASMSetOverlap, errors = "`ARG_WRONGSTATE` after [`set_up`](Self::set_up)")]
    #[types("gasm")]
    #[option("-pc_gasm_overlap", default = "0")]
    pub fn set_gasm_overlap(gasm_overlap: usize);

    /// How restriction and interpolation of `gasm` use the overlap.
    #[setting(PCGASMSetType, composed)]
    #[option("-pc_gasm_type", default = "restrict")]
    pub fn set_gasm_type(gasm_type: GasmType);

    /// Whether `gasm` sorts the rows of each subdomain.
    #[setting(PCGASMSetSortIndices, composed)]
    #[option(default = "true")]
    pub fn set_gasm_sort_indices(gasm_sort_indices: bool);
}

/// Returns the number of blocks and their sizes for C.
fn block_sizes(sizes: &[usize], rows: usize) -> Result<(sys::PetscInt, Vec<sys::PetscInt>)> {
    let sum = sizes.iter().try_fold(0usize, |sum, &n| sum.checked_add(n));
    if sizes.is_empty() || sizes.contains(&0) || sum != Some(rows) {
        let text = format!("the sizes of the blocks must be positive and add up to {rows} rows");
        return Err(Error::new(ErrorCode::ARG_SIZ, text));
    }
    let raw: Result<Vec<_>> = sizes.iter().map(|&n| ffi::petsc_int(n)).collect();
    Ok((ffi::petsc_int(sizes.len())?, raw?))
}

#[cold]
fn known() -> Error {
    let text = "the number of blocks is already set and cannot change: set it once, before set_up, or set the type again";
    Error::new(ErrorCode::ARG_WRONGSTATE, text)
}
