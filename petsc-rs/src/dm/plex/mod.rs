//! Unstructured meshes (`DMPlex` in C).

mod cell;
mod create;
mod file;
mod geometry;
mod kuhn;
mod labels;
mod layout;
mod metric;
pub(crate) mod paraview;
mod shared;
mod topology;

pub use cell::CellType;
pub use create::BoxMesh;
pub use geometry::{AffineMap, PointGeometry};
pub use topology::Interpolated;

use petsc_macros::wraps;

use super::types::dm_kind;

dm_kind! {
    /// An unstructured mesh of cells of any type, in one to three dimensions.
    ///
    /// Its *points* are cells, faces, edges and vertices, numbered on each rank from 0. The *cone*
    /// of a point contains the points that bound it; its *support* contains the points that it
    /// bounds. *Depth* counts from the vertices (0), *height* from the cells (0).
    ///
    /// A mesh has no unknowns. [`with_section`](DmPlexRef::with_section) creates a DM with unknowns
    /// on the mesh. This DM creates vectors and matrices with the methods of any [`Dm`](crate::Dm).
    /// Many such DMs can share one mesh.
    ///
    /// # Examples
    /// Linear finite elements on triangles, where the matrix is applied to the harmonic function
    /// `1 + 2x`:
    /// ```
    /// # petsc_rs::doctest(|comm| {
    /// use petsc_rs::dm::DmPlex;
    /// use petsc_rs::prelude::*;
    ///
    /// let mesh = DmPlex::box_mesh(comm, [4, 4]).build()?.distribute(0)?;
    /// let vertices = mesh.vertices()?;
    /// let layout = mesh.section(comm)?.field("u", 1, |p| usize::from(vertices.contains(&p))).build()?;
    /// let grid = mesh.with_section(&layout)?;
    /// let mut a = grid.create_matrix()?;
    /// for cell in grid.cells()? {
    ///     let map = grid.affine_map(cell)?;
    ///     let at = grid.closure_indices(cell)?;
    ///     // Gradients of the barycentric coordinates, on a triangle with corners -1 and 1.
    ///     let [[a0, a1, _], [b0, b1, _], _] = map.inverse;
    ///     let slopes = [[-a0 - b0, -a1 - b1], [a0, a1], [b0, b1]].map(|g| g.map(|d| d / 2.0));
    ///     let area = 2.0 * map.determinant;
    ///     for i in 0..3 {
    ///         for j in 0..3 {
    ///             let k = area * (slopes[i][0] * slopes[j][0] + slopes[i][1] * slopes[j][1]);
    ///             a.set_values_local(&[at[i]], &[at[j]], &[k.into()], InsertMode::Add)?;
    ///         }
    ///     }
    /// }
    /// a.assemble()?;
    /// let mut u = grid.create_local_vector()?;
    /// let mut values = u.array_mut()?;
    /// for vertex in grid.vertices()? {
    ///     let at = layout.range(vertex)?.start;
    ///     values[at] = (1.0 + 2.0 * grid.cell_coordinates(vertex)?[0][0]).into();
    /// }
    /// drop(values);
    /// let (mut x, mut flux) = a.vectors()?;
    /// grid.local_to_global(&u, InsertMode::Insert, &mut x)?;
    /// a.mult(&x, &mut flux)?;
    /// // The flux enters on the left and leaves on the right; it is zero in between.
    /// assert!((flux.norm(Norm::One)? - 4.0).abs() < 1e-12);
    /// # Ok(()) })
    /// ```
    ///
    /// # Options
    /// `-dm_plex_filename`, `-dm_plex_box_faces`, `-dm_refine`, `-dm_distribute` and others, with
    /// [`DmPlex::from_options`].
    ///
    /// # See also
    /// [`Section`](crate::Section) (unknowns on the points), [`StarForest`](crate::StarForest)
    /// (shared points), [`CellType`] (shapes of cells).
    #[wraps(DMPlex)]
    DmPlex,
    /// A borrowed [`DmPlex`].
    DmPlexRef,
    c"plex",
    as_plex,
    into_plex,
}
