//! Attribute macros of petsc-rs and slepc-rs. They are for these crates alone: what they generate names their internals.
//!
//! - [`macro@wraps`] names the C functions that an item wraps: rustdoc finds the item by these names, and its page links
//!   to the manual pages.
//! - [`macro@setting`] writes setter and getter of a setting of a C object from one declaration.
//! - [`macro@getter`] writes a getter of a value that a C object computes.

mod arguments;
mod call;
mod declaration;
mod getter;
mod manual;
mod setting;
mod text;
mod wraps;

use proc_macro::TokenStream;

/// `#[wraps(KSPSetOperators)]`: the C functions, types or macros that an item wraps.
///
/// Each name becomes a `doc(alias)`. The documentation ends with links to the manual pages of those that have one.
#[proc_macro_attribute]
pub fn wraps(names: TokenStream, item: TokenStream) -> TokenStream {
    wraps::expand(names.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Writes the setter and the getter of a setting.
///
/// ```text
/// /// Whether the solution vector holds the initial guess. Otherwise the initial guess is zero.
/// #[setting(KSPSetInitialGuessNonzero, KSPGetInitialGuessNonzero)]
/// #[option("-ksp_initial_guess_nonzero", default = "false")]
/// pub fn set_initial_guess_nonzero(initial_guess_nonzero: bool);
/// ```
///
/// The function has the name of the setter, its argument that of the getter; with several arguments, `get = name` names the
/// getter, which returns a tuple. Without a second C function there is only a
/// setter. The documentation describes the value, and begins with a noun phrase or "Whether": the page of the setter puts
/// "Sets" before it. The page of the getter has the first paragraph. What else the pages say is generated.
///
/// Two attributes may follow:
/// - `#[option("-name", …, default = "value")]`: the names in the options database, and the default;
/// - `#[types("gmres", …)]`: the types of the object that have the setting. For others both functions return `ARG_WRONG`.
///   With a pair of C functions for each type (setters first), those of the type are called.
///
/// Further arguments:
/// - `composed`: types that have the setting are those that compose the C function, `KSPGMRESSetRestart_C`;
/// - `check = function`: a function of `petsc_rs::ffi::range` (or of its form) that refuses values;
/// - `errors = "…"`: what is refused, where the name of the check does not say it;
/// - `require = method`, `get_require = method`: what the setter or the getter asks first;
/// - `then = method`: what the setter calls at its end;
/// - `by_pointer`: the setter is of the shim, and takes scalars by pointer;
/// - `running`: may be called while the solver runs, in its callbacks;
/// - `not_collective`, `collective = "…"`: of the setter, if it is not logically collective;
/// - `c = ["KSPSetX", …]`: names in the manual, where the functions are of the shim.
#[proc_macro_attribute]
pub fn setting(arguments: TokenStream, item: TokenStream) -> TokenStream {
    setting::expand(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Writes a getter.
///
/// ```text
/// /// Number of evaluations of the function in the last solve.
/// #[getter(SNESGetNumberFunctionEvals)]
/// pub fn function_evaluations() -> usize;
/// ```
#[proc_macro_attribute]
pub fn getter(arguments: TokenStream, item: TokenStream) -> TokenStream {
    getter::expand(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
