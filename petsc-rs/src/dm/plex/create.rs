//! Creation of meshes, and their distribution over the ranks.

use std::path::Path;
use std::ptr;

use mpi::collective::Root as _;
use mpi::topology::Communicator as _;
use petsc_macros::wraps;

use super::{DmPlex, DmPlexRef, file, kuhn};
use crate::comm::{self, Comm};
use crate::dm::Dm;
use crate::dm::dmda::BoundaryType;
use crate::error::{Error, ErrorCode, Result};
use crate::object::Object as _;
use crate::options::{self, Options};
use crate::{Int, Real, call, ffi, get_raw, partitioning, sys};

/// Parameters of a box mesh. See [`DmPlex::box_mesh`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct BoxMesh<'a> {
    comm: &'a Comm,
    faces: Vec<usize>,
    lower: Vec<Real>,
    upper: Vec<Real>,
    boundaries: Vec<BoundaryType>,
    simplex: bool,
}

impl DmPlex {
    /// Returns a builder for the mesh of a box.
    ///
    /// The box is divided into `faces[d]` pieces in each of its one to three dimensions `d`. By
    /// default, each piece is cut into two triangles or six tetrahedra (Kuhn triangulation, which
    /// needs no mesh generator). The whole mesh is on rank 0 until it is
    /// [distributed](Self::distribute). The label `marker` has the value 1 on the boundary.
    pub fn box_mesh(comm: &Comm, faces: impl Into<Vec<usize>>) -> BoxMesh<'_> {
        BoxMesh {
            comm,
            faces: faces.into(),
            lower: Vec::new(),
            upper: Vec::new(),
            boundaries: Vec::new(),
            simplex: true,
        }
    }

    /// Creates a mesh from the corners of its cells, given as vertex numbers from 0, and the
    /// coordinates of its vertices. Collective.
    ///
    /// The arguments of rank 0 define the mesh; those of other ranks are ignored. Edges and faces
    /// are created. The cells have `dim` dimensions: 2 corners define a segment, 3 a triangle, 4 a
    /// quadrilateral (`dim` 2, counterclockwise) or a tetrahedron (`dim` 3), 8 a hexahedron.
    ///
    /// # Errors
    /// On all ranks: `ARG_WRONG` if `dim` and `CORNERS` match none of these shapes, or `SPACE` is
    /// less than `dim`; `ARG_OUTOFRANGE` if a corner is not among the vertices or occurs twice in a
    /// cell; `INT_OVERFLOW` if too many cells meet at a vertex. On rank 0: errors of
    /// `DMPlexCreateFromCellListPetsc` for inconsistent cells.
    ///
    /// # Examples
    /// Two triangles:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// # use petsc_rs::dm::DmPlex;
    /// let corners = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]];
    /// let mesh = DmPlex::from_cells(comm, 2, &[[0, 1, 2], [1, 3, 2]], &corners)?;
    /// if comm.rank() == 0 {
    ///     assert_eq!(mesh.faces()?.count(), 5);
    /// }
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexCreateFromCellListPetsc)]
    #[track_caller]
    pub fn from_cells<const CORNERS: usize, const SPACE: usize>(
        comm: &Comm,
        dim: usize,
        cells: &[[Int; CORNERS]],
        vertices: &[[Real; SPACE]],
    ) -> Result<Self> {
        let known = matches!((dim, CORNERS), (1, 2) | (2, 3 | 4) | (3, 4 | 8));
        if !known || SPACE < dim || SPACE > 3 {
            return Err(Error::argument(format!(
                "there are no cells of {dim} dimensions with {CORNERS} corners of {SPACE} coordinates"
            )));
        }
        let (cells, vertices) = if comm.rank() == 0 {
            (cells.as_flattened(), vertices.as_flattened())
        } else {
            (&[][..], &[][..])
        };
        // Rank 0 checks the cells, and all ranks receive the result.
        let below = 0..Int::try_from(vertices.len() / SPACE).unwrap_or(0);
        let wrong = |cell: &[Int]| {
            let there = cell.iter().all(|corner| below.contains(corner));
            let twice = (1..cell.len()).any(|i| cell[..i].contains(&cell[i]));
            !there || twice
        };
        let mut found =
            cells.chunks_exact(CORNERS).any(wrong) || ffi::petsc_int(cells.len()).is_err();
        comm.mpi().process_at_rank(0).broadcast_into(&mut found);
        if found {
            let text = "a corner of a cell is not among the vertices, or occurs twice in the cell";
            return Err(Error::collective(ErrorCode::ARG_OUTOFRANGE, text));
        }
        let corners = ffi::petsc_int(CORNERS)?;
        let (dim, space) = (ffi::petsc_int(dim)?, ffi::petsc_int(SPACE)?);
        let (n, m) = (cells.len() / CORNERS, vertices.len() / SPACE);
        let (n, m) = (ffi::petsc_int(n)?, ffi::petsc_int(m)?);
        // SAFETY: a live communicator, `n` cells whose corners are among the `m` vertices (above),
        // which PETSc copies.
        let raw = unsafe {
            get_raw!(DMPlexCreateFromCellListPetsc(
                comm.as_raw(),
                dim,
                n,
                m,
                corners,
                ffi::raw_bool(true),
                cells.as_ptr(),
                space,
                vertices.as_ptr(),
                _
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        unsafe { made(raw) }
    }

    /// Reads a mesh from a file on rank 0. Collective.
    ///
    /// The suffix of the name determines the format: Gmsh (`.msh`, versions 2.2, 4.0 and 4.1),
    /// binary PLY (`.ply`, on one rank) and, if PETSc was built with the corresponding libraries,
    /// Exodus, CGNS and MED. Edges and faces are created. Physical groups and sets become
    /// [labels](DmPlexRef::labels).
    ///
    /// # Errors
    /// On all ranks: `FILE_OPEN` if the file cannot be opened; `FILE_UNEXPECTED`, with the line or
    /// byte, if a Gmsh or PLY file is damaged, refers to a node or entity that does not exist, or
    /// has no cells; `SUP` for PLY on several ranks, and for `.cas`, `.dat` and `.h5` files
    /// (Fluent, lists of cells and vertices, HDF5), which PETSc reads without checks. Other errors
    /// of PETSc are returned at least on rank 0.
    #[wraps(DMPlexCreateFromFile)]
    #[track_caller]
    pub fn from_file(comm: &Comm, path: impl AsRef<Path>) -> Result<Self> {
        let Some(path) = path.as_ref().to_str() else {
            return Err(Error::argument("the path is not UTF-8"));
        };
        file::check(comm, path)?;
        let name = ffi::c_string(path)?;
        // SAFETY: a live communicator, NUL-terminated names; what the file refers to is there
        // (above).
        let raw = unsafe {
            get_raw!(DMPlexCreateFromFile(
                comm.as_raw(),
                name.as_ptr(),
                c"mesh".as_ptr(),
                ffi::raw_bool(true),
                _
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        unsafe { made(raw) }
    }

    /// Creates a mesh from options: `-dm_plex_filename`, `-dm_plex_dim`, `-dm_plex_box_faces`,
    /// `-dm_plex_simplex`, `-dm_refine`, `-dm_distribute` and many others. Collective.
    ///
    /// # Errors
    /// See [`from_file`](Self::from_file) for the file of `-dm_plex_filename`; also errors of
    /// `DMSetFromOptions`.
    ///
    /// # Examples
    /// ```
    /// # petsc_rs::doctest_session(|petsc| {
    /// use petsc_rs::dm::DmPlex;
    /// petsc.options().insert_str("-dm_plex_dim 3 -dm_plex_simplex 0 -dm_plex_box_faces 2,2,2")?;
    /// let mesh = DmPlex::from_options(petsc.world())?;
    /// assert_eq!(mesh.dimension()?, 3);
    /// # Ok(()) })
    /// ```
    #[wraps(DMPlexCreate, DMCreate, DMSetType)]
    #[track_caller]
    pub fn from_options(comm: &Comm) -> Result<Self> {
        // SAFETY: a live communicator.
        let raw = unsafe { get_raw!(DMCreate(comm.as_raw(), _)) }?;
        // SAFETY: just created; the reference is ours.
        let grid = unsafe { Dm::created(raw) }?;
        // SAFETY: a live DM; PETSc copies the name.
        unsafe { call!(DMSetType(raw, c"plex".as_ptr())) }?;
        grid.choose_partitioner()?;
        for option in ["-dm_plex_filename", "-dm_plex_boundary_filename"] {
            if let Some(path) = Options::of_program().string(option)? {
                file::check(comm, &path)?;
            }
        }
        // SAFETY: a live DM of the type; entities to which its file refers exist (above).
        unsafe { call!(DMSetFromOptions(raw)) }?;
        grid.finished()
    }

    /// Distributes the mesh over the ranks. Each rank also has `overlap` layers of cells of other
    /// ranks around its own cells. Collective. Option: `-petscpartitioner_type`.
    ///
    /// On one rank, returns the mesh unchanged.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the mesh has a [section](DmPlexRef::with_section); `SUP` if the options
    /// select a PT-Scotch whose indices are shorter than those of PETSc; also errors of
    /// `DMPlexDistribute`.
    #[wraps(DMPlexDistribute, DMPlexGetPartitioner, PetscPartitionerSetType)]
    #[track_caller]
    pub fn distribute(self, overlap: usize) -> Result<Self> {
        let overlap = ffi::petsc_int(overlap)?;
        let bare = self.without_section()?;
        bare.choose_partitioner()?;
        // SAFETY: a live mesh; the map of the points is not wanted.
        let raw =
            unsafe { get_raw!(DMPlexDistribute(bare.as_ptr(), overlap, ptr::null_mut(), _)) }?;
        if raw.is_null() {
            return Ok(self);
        }
        // SAFETY: just created; the reference is ours.
        unsafe { made(raw) }
    }
}

impl DmPlexRef {
    /// Returns a uniformly refined mesh: each edge is cut in half. Collective. Option:
    /// `-dm_plex_transform_type`.
    ///
    /// # Errors
    /// `ARG_WRONGSTATE` if the mesh has a [section](DmPlexRef::with_section); `INT_OVERFLOW` if the
    /// refined mesh might have too many points; also errors of `DMRefine`.
    #[wraps(DMRefine, DMPlexSetRefinementUniform)]
    #[track_caller]
    pub fn refine_uniformly(&self) -> Result<DmPlex> {
        // The refined mesh has eight cells for each cell, with all their faces, edges and vertices.
        let many = ffi::petsc_int(self.count()?.saturating_mul(64)).is_err();
        let text = "the refined mesh might have more points on a rank than PetscInt can count";
        self.refuse_on_any(many, ErrorCode::INT_OVERFLOW, text)?;
        let bare = self.without_section()?;
        let yes = ffi::raw_bool(true);
        // SAFETY: a live mesh.
        unsafe { call!(DMPlexSetRefinementUniform(bare.as_ptr(), yes)) }?;
        let comm = comm::of_object(self.object_ptr());
        // SAFETY: a live mesh and its communicator.
        let raw = unsafe { get_raw!(DMRefine(bare.as_ptr(), comm, _)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { made(raw) }
    }

    /// Returns the mesh for functions that create another mesh from it: PETSc would transfer
    /// unknowns, or fail because of the empty section that it creates for a vector of a mesh
    /// without unknowns. Collective.
    fn without_section(&self) -> Result<Dm> {
        if self.layout()?.is_some() {
            return Err(Error::new(
                ErrorCode::ARG_WRONGSTATE,
                "the mesh has unknowns, which cannot be transferred: refine and distribute the mesh first",
            ));
        }
        // SAFETY: a live mesh.
        let raw = unsafe { get_raw!(DMClone(self.as_ptr(), _)) }?;
        // SAFETY: just created; the reference is ours.
        unsafe { Dm::created(raw) }
    }
}

impl BoxMesh<'_> {
    /// Sets the lower corner of the box. Default: the origin.
    pub fn lower(mut self, corner: impl Into<Vec<Real>>) -> Self {
        self.lower = corner.into();
        self
    }

    /// Sets the upper corner of the box. Default: 1 in each direction.
    pub fn upper(mut self, corner: impl Into<Vec<Real>>) -> Self {
        self.upper = corner.into();
        self
    }

    /// Sets the boundary type of each direction: `None` or `Periodic`. Default: `None`.
    pub fn boundaries(mut self, boundaries: impl Into<Vec<BoundaryType>>) -> Self {
        self.boundaries = boundaries.into();
        self
    }

    /// Sets whether the cells are simplices (triangles or tetrahedra, the default) or tensor
    /// products (quadrilaterals or hexahedra).
    pub fn simplex(mut self, simplex: bool) -> Self {
        self.simplex = simplex;
        self
    }

    /// Creates the mesh. Collective.
    ///
    /// # Errors
    /// `ARG_SIZ` if a list does not have one item for each dimension; `ARG_OUTOFRANGE` for 0
    /// pieces, fewer than three pieces in a periodic direction, or an upper corner that is not
    /// above the lower one; `SUP` for other boundary types, and for periodic boundaries with
    /// triangles or tetrahedra.
    #[wraps(DMPlexCreateBoxMesh)]
    #[track_caller]
    pub fn build(self) -> Result<DmPlex> {
        let dim = self.faces.len();
        self.check(dim)?;
        if self.simplex && dim > 1 {
            return self.cut();
        }
        let (mut faces, mut lower, mut upper) = ([1; 3], [0.0; 3], [1.0; 3]);
        let mut boundaries = [sys::DM_BOUNDARY_NONE; 3];
        for (to, &from) in faces.iter_mut().zip(&self.faces) {
            *to = ffi::petsc_int(from)?;
        }
        for (to, &from) in boundaries.iter_mut().zip(&self.boundaries) {
            *to = from.to_raw();
        }
        for (d, (lower, upper)) in lower.iter_mut().zip(&mut upper).enumerate() {
            (*lower, *upper) = self.ends(d);
        }
        let (dim, simplex) = (ffi::petsc_int(dim)?, ffi::raw_bool(self.simplex));
        // SAFETY: a live communicator, three items for at most three dimensions.
        let raw = unsafe {
            get_raw!(PetscRsPlexCreateBox(
                self.comm.as_raw(),
                dim,
                simplex,
                faces.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
                boundaries.as_ptr(),
                _
            ))
        }?;
        // SAFETY: just created; the reference is ours.
        unsafe { made(raw) }
    }

    /// Returns the lower and upper end of a direction.
    fn ends(&self, d: usize) -> (Real, Real) {
        let end = |list: &[Real], or| list.get(d).copied().unwrap_or(or);
        (end(&self.lower, 0.0), end(&self.upper, 1.0))
    }

    /// Creates triangles or tetrahedra. PETSc itself needs a mesh generator, which most builds do
    /// not have.
    #[track_caller]
    fn cut(&self) -> Result<DmPlex> {
        let first = self.comm.rank() == 0;
        let mut mesh = if let [m, n] = self.faces[..] {
            let (cells, vertices) = match first {
                true => (kuhn::triangles([m, n])?, kuhn::vertices([m, n], |d| self.ends(d))),
                false => Default::default(),
            };
            DmPlex::from_cells(self.comm, 2, &cells, &vertices)?
        } else {
            let faces = [self.faces[0], self.faces[1], self.faces[2]];
            let (cells, vertices) = match first {
                true => (kuhn::tetrahedra(faces)?, kuhn::vertices(faces, |d| self.ends(d))),
                false => Default::default(),
            };
            DmPlex::from_cells(self.comm, 3, &cells, &vertices)?
        };
        mesh.mark_boundary("marker", 1)?;
        Ok(mesh)
    }

    fn check(&self, dim: usize) -> Result<()> {
        if !(1..=3).contains(&dim) {
            let text = format!("a box has one to three dimensions, not {dim}");
            return Err(Error::new(ErrorCode::ARG_SIZ, text));
        }
        let lists = [
            ("number of coordinates of the lower corner", self.lower.len()),
            ("number of coordinates of the upper corner", self.upper.len()),
            ("number of boundary types", self.boundaries.len()),
        ];
        for (what, len) in lists {
            if len != 0 {
                ffi::same_len(what, dim, len)?;
            }
        }
        let flat = (0..dim)
            .map(|d| self.ends(d))
            .any(|(lower, upper)| !(lower < upper && lower.is_finite() && upper.is_finite()));
        if self.faces.contains(&0) || flat {
            return Err(Error::new(
                ErrorCode::ARG_OUTOFRANGE,
                "a box needs at least one piece in each direction, and an upper corner above its lower one",
            ));
        }
        use BoundaryType::{None, Periodic};
        if let Some(other) = self.boundaries.iter().find(|b| !matches!(b, None | Periodic)) {
            let text = format!("box meshes do not support the boundary type {other:?}");
            return Err(Error::new(ErrorCode::SUP, text));
        }
        if self.simplex && dim > 1 && self.boundaries.contains(&Periodic) {
            let text = "a periodic box cannot be cut into triangles or tetrahedra";
            return Err(Error::new(ErrorCode::SUP, text));
        }
        let few = |(d, &n): (usize, &usize)| n < 3 && self.boundaries.get(d) == Some(&Periodic);
        if self.faces.iter().enumerate().any(few) {
            let text = "a periodic direction needs at least three pieces";
            return Err(Error::new(ErrorCode::ARG_OUTOFRANGE, text));
        }
        // Up to six tetrahedra for each piece, with the points that bound them.
        let pieces =
            self.faces.iter().fold(64_usize, |n, &f| n.saturating_mul(f.saturating_add(1)));
        ffi::petsc_int(pieces).map(drop)
    }
}

impl Dm {
    /// Selects the partitioner of a mesh from options. By default PETSc uses PT-Scotch even if its
    /// indices have another width, and PT-Scotch then writes outside arrays. Collective.
    fn choose_partitioner(&self) -> Result<()> {
        // SAFETY: a live mesh.
        let partitioner = unsafe { get_raw!(DMPlexGetPartitioner(self.as_ptr(), _)) }?;
        if partitioning::scotch_fits() {
            return Ok(());
        }
        let wanted = options::of_object(self.options_prefix()?, c"-petscpartitioner_type")?;
        if wanted.as_deref() == Some("ptscotch") {
            return Err(partitioning::scotch_refused());
        }
        // SAFETY: the partitioner of a live mesh; PETSc copies the name. Options come later and win.
        unsafe { call!(PetscPartitionerSetType(partitioner, c"simple".as_ptr())) }
    }

    /// Checks assumptions of PETSc, and creates the local coordinates: without them, computing the
    /// geometry of one point is collective. Collective.
    #[track_caller]
    fn finished(self) -> Result<DmPlex> {
        let mesh = self.into_plex()?;
        let raw = mesh.as_ptr();
        // SAFETY: a live mesh.
        let (cone, support) = unsafe { get_raw!(DMPlexGetMaxSizes(raw, _, _)) }?;
        // C allocates this number of points around one point, and computes the number in PetscInt.
        let most = u128::try_from(cone.max(support).max(1))?;
        let levels = u32::try_from(mesh.depth()?.max(0))? + 1;
        let room = (0..=levels).fold(0, |sum: u128, k| sum.saturating_add(most.saturating_pow(k)));
        let large = room.saturating_mul(6) > Int::MAX as u128;
        let shifted = mesh.points()?.start != 0;
        let text = "too many edges or cells meet at a point of the mesh: their number does not fit into PetscInt";
        mesh.refuse_on_any(large || shifted, ErrorCode::INT_OVERFLOW, text)?;
        // SAFETY: a live mesh.
        unsafe { call!(DMGetCoordinatesLocalSetUp(raw)) }?;
        Ok(mesh)
    }
}

/// # Safety
/// `raw` is NULL or a new mesh, whose reference the caller gives up.
#[track_caller]
unsafe fn made(raw: sys::DM) -> Result<DmPlex> {
    // SAFETY: by contract.
    unsafe { Dm::created(raw) }?.finished()
}
