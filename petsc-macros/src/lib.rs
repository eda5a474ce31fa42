//! Attribute macros of petsc-rs and slepc-rs. They are for these crates only: the generated code
//! uses their internal items.
//!
//! - [`macro@wraps`] lists the C functions that an item wraps. The search of rustdoc finds the item
//!   under these names, and the page of the item links to their manual pages.
//! - [`macro@setting`] generates the setter and the getter of a setting of a C object from one
//!   declaration.
//! - [`macro@getter`] generates a getter of a value that a C object computes.

mod arguments;
mod call;
mod declaration;
mod getter;
mod manual;
mod setting;
mod text;
mod wraps;

use proc_macro::TokenStream;

/// `#[wraps(KSPSetOperators)]` lists the C functions, types or macros that an item wraps.
///
/// Each name becomes a `doc(alias)`. Links to the existing manual pages are added to the
/// documentation. A function that returns a `Result` and has no section `# Errors` gets one: "The
/// errors of `KSPSetOperators`." With `errors = method` after the names, the section refers to the
/// errors of that method instead; a path is allowed: `errors = MatrixRef::mult`. With
/// `not_collective` after the names, the function begins with `not_collective!();`, and the
/// documentation states that it is not collective.
#[proc_macro_attribute]
pub fn wraps(names: TokenStream, item: TokenStream) -> TokenStream {
    wraps::expand(names.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Generates the setter and the getter of a setting.
///
/// ```text
/// /// Whether the solution vector holds the initial guess. Otherwise the initial guess is zero.
/// #[setting(KSPSetInitialGuessNonzero, KSPGetInitialGuessNonzero)]
/// #[option("-ksp_initial_guess_nonzero", default = "false")]
/// pub fn set_initial_guess_nonzero(initial_guess_nonzero: bool);
/// ```
///
/// The function has the name of the setter, and its argument has the name of the getter. With
/// several arguments, `get = name` names the getter, which returns a tuple. With only one C
/// function, only a setter is generated.
///
/// The documentation describes the value and begins with a noun phrase or "Whether"; on the page of
/// the setter, "Sets" is added before it. The page of the getter contains the first paragraph. The
/// rest of both pages is generated.
///
/// Two attributes may follow:
/// - `#[option("-name", …, default = "value")]`: the names in the options database, and the
///   default;
/// - `#[types("gmres", …)]`: the types of the object that have the setting. For other types, both
///   functions return `ARG_WRONG`. If each type has its own pair of C functions, the macro takes
///   the names of all setters, then those of all getters; the methods call the pair of the current
///   type.
///
/// Further arguments:
/// - `composed`: an object has the setting only if the C function is composed with the object (for
///   example, as `KSPGMRESSetRestart_C`);
/// - `check = function`: a function that checks each value: a function of `petsc_rs::ffi::range`, or one
///   with the same signature;
/// - `check_all = function`: a function that checks the tuple of all values;
/// - `errors = "…"`: a description of the values that are refused, if the name of the check does
///   not describe them;
/// - `require = method`, `get_require = method`: the method that the setter, or the getter, calls
///   first;
/// - `then = method`: the method that the setter calls last;
/// - `by_pointer`: the setter belongs to the shim, and takes scalars by pointer;
/// - `running`: the method may be called while the solver is running, in its callbacks;
/// - `not_collective`, `collective = "…"`: the collectivity of the setter, if it is not logically
///   collective;
/// - `c = ["KSPSetX", …]`: names of the manual pages, if the functions belong to the shim.
#[proc_macro_attribute]
pub fn setting(arguments: TokenStream, item: TokenStream) -> TokenStream {
    setting::expand(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Generates a getter.
///
/// ```text
/// /// Number of evaluations of the function in the last solve.
/// #[getter(SNESGetNumberFunctionEvals)]
/// pub fn function_evaluations() -> usize;
/// ```
///
/// The arguments `composed`, `errors`, `get_require` and `c`, and the attribute `#[types(…)]`, are
/// those of [`macro@setting`].
#[proc_macro_attribute]
pub fn getter(arguments: TokenStream, item: TokenStream) -> TokenStream {
    getter::expand(arguments.into(), item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
