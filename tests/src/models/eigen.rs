//! What the tutorials of eigensolvers print at their end.

use petsc_rs::Viewer;
use petsc_rs::ViewerFormat;
use petsc_rs::prelude::*;
use slepc_rs::eps::ErrorType;
use slepc_rs::prelude::*;

/// Method and number of eigenvalues.
///
/// # Errors
/// What asking the solver returns.
pub fn requested(petsc: &Petsc, eps: &Eps) -> Result<()> {
    let (kind, nev) = (eps.type_name()?.unwrap_or_default(), eps.dimensions()?.nev);
    petsc.print(format_args!(" Solution method: {kind}\n\n"))?;
    petsc.print(format_args!(" Number of requested eigenvalues: {nev}\n"))
}

/// The results: in few words with `-terse`, else in a table.
///
/// # Errors
/// What the viewer returns.
pub fn report(petsc: &Petsc, eps: &Eps) -> Result<()> {
    let stdout = Viewer::stdout(petsc.world())?;
    if petsc.options().has("-terse")? {
        return eps.error_view(ErrorType::Relative, &stdout);
    }
    stdout.with_format(ViewerFormat::InfoDetail, |viewer| {
        eps.converged_reason_view(viewer)?;
        eps.error_view(ErrorType::Relative, viewer)
    })
}
