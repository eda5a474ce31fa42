//! Settings of individual methods, and the names of their schemes.

use std::ffi::c_char;
use std::ptr;

use petsc_macros::{getter, setting, wraps};

use super::{TsRef, TsType};
use crate::error::{Error, ErrorCode, Result};
use crate::ffi::range::{at_least_one, not_nan};
use crate::object::type_among;
use crate::type_names::type_names;
use crate::vector::VectorRef;
use crate::{Object, Real, call, ffi};

type_names! {
    /// Name of an explicit Runge–Kutta scheme, for `-ts_rk_type` and [`TsRef::set_rk_type`].
    #[doc(alias = "TSRKType")]
    RkType;
    /// Forward Euler.
    RK1FE = c"1fe",
    /// Order 2, Heun.
    RK2A = c"2a",
    /// Order 2, the midpoint rule.
    RK2B = c"2b",
    /// Order 3.
    RK3 = c"3",
    /// Order 3 with an embedded method, Bogacki and Shampine. The default.
    RK3BS = c"3bs",
    /// Order 4, the classical scheme, with constant time steps.
    RK4 = c"4",
    /// Order 5, Fehlberg.
    RK5F = c"5f",
    /// Order 5, Dormand and Prince.
    RK5DP = c"5dp",
    /// Order 5, Bogacki and Shampine.
    RK5BS = c"5bs",
    /// Order 6, Verner.
    RK6VR = c"6vr",
    /// Order 7, Verner.
    RK7VR = c"7vr",
    /// Order 8, Verner.
    RK8VR = c"8vr",
}

type_names! {
    /// Name of an additive Runge–Kutta scheme, for `-ts_arkimex_type` and
    /// [`TsRef::set_arkimex_type`].
    #[doc(alias = "TSARKIMEXType")]
    ArkimexType;
    /// Backward Euler with extrapolation, order 2.
    BEE1 = c"1bee",
    /// Order 2, midpoint.
    A2 = c"a2",
    /// Order 2, L-stable.
    L2 = c"l2",
    /// Order 2, Ascher, Ruuth and Spiteri.
    ARS122 = c"ars122",
    /// Order 2, with an L-stable implicit part.
    C2 = c"2c",
    /// Order 2, with an L-stable implicit part.
    D2 = c"2d",
    /// Order 2, with an L-stable implicit part.
    E2 = c"2e",
    /// Order 2, strong-stability-preserving.
    PRSSP2 = c"prssp2",
    /// Order 3, Kennedy and Carpenter. The default.
    ARK3 = c"3",
    /// Order 3, Boscarino, Pareschi and Russo.
    BPR3 = c"bpr3",
    /// Order 3, Ascher, Ruuth and Spiteri.
    ARS443 = c"ars443",
    /// Order 4, Kennedy and Carpenter.
    ARK4 = c"4",
    /// Order 5, Kennedy and Carpenter.
    ARK5 = c"5",
}

type_names! {
    /// Name of a Rosenbrock-W scheme, for `-ts_rosw_type` and [`TsRef::set_rosw_type`].
    #[doc(alias = "TSRosWType")]
    RoswType;
    /// Order 2, L-stable.
    M2 = c"2m",
    /// Order 2, A-stable.
    P2 = c"2p",
    /// Order 3, for differential-algebraic equations.
    RA3PW = c"ra3pw",
    /// Order 3, L-stable, for differential-algebraic equations of index 1. The default.
    RA34PW2 = c"ra34pw2",
    /// Order 3.
    RODAS3 = c"rodas3",
    /// Order 3, Sandu.
    SANDU3 = c"sandu3",
    /// Order 3, A-stable, strong-stability-preserving.
    ASSP3P3S1C = c"assp3p3s1c",
    /// Order 3, L-stable, strong-stability-preserving.
    LASSP3P4S2C = c"lassp3p4s2c",
    /// Order 3, L-stable, strong-stability-preserving.
    LLSSP3P4S2C = c"llssp3p4s2c",
    /// Order 3, derived from an additive scheme.
    ARK3 = c"ark3",
    /// Backward Euler.
    THETA1 = c"theta1",
    /// Crank–Nicolson.
    THETA2 = c"theta2",
    /// Order 4, Kaps and Rentrop.
    GRK4T = c"grk4t",
    /// Order 4, Shampine.
    SHAMP4 = c"shamp4",
    /// Order 4, van Veldhuizen.
    VELDD4 = c"veldd4",
    /// Order 4, L-stable.
    L4 = c"4l",
}

type_names! {
    /// Name of a strong-stability-preserving scheme, for `-ts_ssp_type` and
    /// [`TsRef::set_ssp_type`].
    #[doc(alias = "TSSSPType")]
    SspType;
    /// Order 2, any number of stages.
    RKS2 = c"rks2",
    /// Order 3; the number of stages is a square number.
    RKS3 = c"rks3",
    /// Order 4, ten stages.
    RK104 = c"rk104",
}

type_names! {
    /// Name of a general linear scheme with a global error estimate, for `-ts_glee_type` and
    /// [`TsRef::set_glee_type`].
    #[doc(alias = "TSGLEEType")]
    GleeType;
    /// Backward Euler with extrapolation.
    BE1 = c"BE1",
    /// Order 2, three stages.
    GLEE23 = c"23",
    /// Order 2, four stages.
    GLEE24 = c"24",
    /// Order 2, five stages.
    GLEE25I = c"25i",
    /// Order 3, five stages. The default.
    GLEE35 = c"35",
    /// Derived from a Runge–Kutta scheme of order 2.
    EXRK2A = c"exrk2a",
    /// Order 3.
    RK32G1 = c"rk32g1",
    /// Order 2, eight stages.
    RK285EX = c"rk285ex",
}

type_names! {
    /// Name of a symplectic scheme, for `-ts_basicsymplectic_type` and
    /// [`TsRef::set_basic_symplectic_type`].
    #[doc(alias = "TSBasicSymplecticType")]
    BasicSymplecticType;
    /// Symplectic Euler.
    SIEULER = c"1",
    /// Velocity Verlet.
    VELVERLET = c"2",
    /// Order 3.
    ORDER3 = c"3",
    /// Order 4.
    ORDER4 = c"4",
}

/// Parameters of a generalized α method, see [`TsRef::alpha_parameters`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct AlphaParameters {
    /// The parameter α_m: the fraction of the step at which the derivative is evaluated.
    pub alpha_m: Real,
    /// The parameter α_f: the fraction of the step at which the state is evaluated.
    pub alpha_f: Real,
    /// The parameter γ: the weight of the new derivative.
    pub gamma: Real,
}

/// Defines the getter and the setter of a scheme, which has a name.
macro_rules! schemes {
    ($(
        $kind:ident, $what:literal: $set:ident, $get:ident of $name:ident by $c_set:ident $c_set_name:literal, $c_get:ident $c_get_name:literal;
    )*) => {
        impl TsRef {$(
            #[doc = concat!("Sets the scheme of the method `", $what, "`. Logically collective. Option: `-ts_", $what, "_type`.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for another method, `ARG_UNKNOWN_TYPE` if no scheme has that name.
            #[doc(alias = $c_set_name)]
            pub fn $set(&mut self, scheme: $name<'_>) -> Result<()> {
                self.check_method(&[TsType::$kind])?;
                // SAFETY: a live integrator of this type; the name is NUL-terminated, and PETSc copies
                // or compares it only, though it takes it as `char *`.
                unsafe { call!($c_set(*self.busy()?, scheme.as_ptr().cast_mut())) }
            }

            #[doc = concat!("Returns the name of the scheme of the method `", $what, "`. Not collective.")]
            ///
            /// # Errors
            /// `ARG_WRONG` for another method.
            #[doc(alias = $c_get_name)]
            pub fn $get(&self) -> Result<String> {
                crate::not_collective!();
                self.check_method(&[TsType::$kind])?;
                let mut name: *const c_char = ptr::null();
                // SAFETY: a live integrator of this type and a valid out-pointer.
                unsafe { call!($c_get(self.as_ptr(), (&raw mut name).cast())) }?;
                // SAFETY: NULL, or a name that lives as long as the scheme is set.
                Ok(unsafe { ffi::str_from_ptr(name) }.unwrap_or_default())
            }
        )*}
    };
}

schemes! {
    RK, "rk": set_rk_type, rk_type of RkType by TSRKSetType "TSRKSetType", TSRKGetType "TSRKGetType";
    ARKIMEX, "arkimex": set_arkimex_type, arkimex_type of ArkimexType by TSARKIMEXSetType "TSARKIMEXSetType", TSARKIMEXGetType "TSARKIMEXGetType";
    ROSW, "rosw": set_rosw_type, rosw_type of RoswType by TSRosWSetType "TSRosWSetType", TSRosWGetType "TSRosWGetType";
    SSP, "ssp": set_ssp_type, ssp_type of SspType by TSSSPSetType "TSSSPSetType", TSSSPGetType "TSSSPGetType";
    BASICSYMPLECTIC, "basicsymplectic": set_basic_symplectic_type, basic_symplectic_type
        of BasicSymplecticType by TSBasicSymplecticSetType "TSBasicSymplecticSetType", TSBasicSymplecticGetType "TSBasicSymplecticGetType";
}

impl TsRef {
    /// Sets the scheme of the method `glee`. Call it before [`set_up`](Self::set_up). Logically
    /// collective. Option: `-ts_glee_type`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method, `ARG_WRONGSTATE` after the setup.
    #[wraps(TSGLEESetType)]
    pub fn set_glee_type(&mut self, scheme: GleeType<'_>) -> Result<()> {
        self.check_method(&[TsType::GLEE])?;
        self.check_before_set_up()?;
        // SAFETY: a live integrator of this type that has no work space yet; the name is
        // NUL-terminated, and PETSc compares it only.
        unsafe { call!(TSGLEESetType(*self.busy()?, scheme.as_ptr().cast_mut())) }
    }

    /// Computes the estimate of the global error since the start of the integration. The method
    /// `glee` integrates this estimate together with the state. Collective.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method, `ARG_WRONGSTATE` before the first step; the errors of
    /// [`interpolate`](Self::interpolate).
    #[wraps(TSGetTimeError)]
    pub fn time_error(&mut self, error: &mut VectorRef) -> Result<()> {
        self.check_method(&[TsType::GLEE])?;
        self.check_stepped("estimate")?;
        self.check_result(error)?;
        let mut raw = error.as_ptr();
        // SAFETY: a live integrator of this type with work space; PETSc writes to the vector, whose kind and sizes are
        // those of the state.
        unsafe { call!(TSGetTimeError(*self.busy()?, 0, &raw mut raw)) }
    }

    /// The parameter θ of the type `theta`: 1 is backward Euler, ½ is the midpoint rule.
    #[setting(TSThetaSetTheta, errors = "`ARG_OUTOFRANGE` unless `0 < θ ≤ 1`")]
    #[types("theta")]
    #[option("-ts_theta_theta", default = "0.5")]
    pub fn set_theta(theta: Real);

    /// Returns the parameter θ of the types `theta`, `beuler` and `cn`.
    #[getter(TSThetaGetTheta)]
    #[types("theta", "beuler", "cn")]
    pub fn theta() -> Real;

    /// Whether the type `theta` uses the endpoint variant: like the trapezoidal rule, it evaluates
    /// the function at both ends of the step, with the weights `1 − θ` and `θ`.
    #[setting(
        TSThetaSetEndpoint,
        require = check_before_set_up,
        errors = "`ARG_WRONGSTATE` after [`set_up`](Self::set_up)"
    )]
    #[types("theta")]
    #[option("-ts_theta_endpoint", default = "false")]
    pub fn set_theta_endpoint(theta_endpoint: bool);

    /// Returns whether the endpoint variant is used by `theta`, `beuler` or `cn`, see
    /// [`set_theta_endpoint`](Self::set_theta_endpoint).
    #[getter(TSThetaGetEndpoint)]
    #[types("theta", "beuler", "cn")]
    pub fn theta_endpoint() -> bool;

    /// Sets the spectral radius at infinity of the methods `alpha` and `alpha2`: 1 gives no
    /// damping, 0 the maximum damping of high frequencies. Logically collective. Options:
    /// `-ts_alpha_radius`, `-ts_alpha2_radius`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method, `ARG_OUTOFRANGE` unless `0 ≤ radius ≤ 1`.
    #[wraps(TSAlphaSetRadius, TSAlpha2SetRadius)]
    pub fn set_alpha_radius(&mut self, radius: Real) -> Result<()> {
        self.check_method(&[TsType::ALPHA, TsType::ALPHA2])?;
        if self.is_type("alpha2")? {
            // SAFETY: a live integrator of this type; PETSc checks the range in every build.
            unsafe { call!(TSAlpha2SetRadius(*self.busy()?, radius)) }
        } else {
            // SAFETY: as above.
            unsafe { call!(TSAlphaSetRadius(*self.busy()?, radius)) }
        }
    }

    /// Returns the parameters of the method `alpha`.
    ///
    /// # Errors
    /// `ARG_WRONG` for another method.
    #[wraps(TSAlphaGetParams, not_collective)]
    pub fn alpha_parameters(&self) -> Result<AlphaParameters> {
        let (alpha_m, alpha_f, gamma) = self.raw_alpha_parameters()?;
        Ok(AlphaParameters { alpha_m, alpha_f, gamma })
    }

    /// The parameters α_m, α_f and γ of the type `alpha`. Its order is 2 if `γ = ½ + α_m − α_f`.
    #[setting(TSAlphaSetParams, check = not_nan)]
    #[types("alpha")]
    #[option("-ts_alpha_alpha_m", "-ts_alpha_alpha_f", "-ts_alpha_gamma", default = "½ each")]
    pub fn set_alpha_parameters(alpha_m: Real, alpha_f: Real, gamma: Real);

    #[getter(TSAlphaGetParams)]
    #[types("alpha")]
    fn raw_alpha_parameters() -> (Real, Real, Real);

    /// The order of the type `bdf`, 1 to 6.
    #[setting(TSBDFSetOrder, TSBDFGetOrder, errors = "`ARG_OUTOFRANGE` for another order")]
    #[types("bdf")]
    #[option("-ts_bdf_order", default = "2")]
    pub fn set_bdf_order(bdf_order: usize);

    /// Returns the order of the scheme of the type `rk`.
    #[getter(TSRKGetOrder)]
    #[types("rk")]
    pub fn rk_order() -> usize;

    /// Whether the type `arkimex` treats the whole equation implicitly.
    #[setting(TSARKIMEXSetFullyImplicit, TSARKIMEXGetFullyImplicit)]
    #[types("arkimex")]
    #[option("-ts_arkimex_fully_implicit", default = "false")]
    pub fn set_arkimex_fully_implicit(arkimex_fully_implicit: bool);

    /// The number of stages of `ssp`.
    #[setting(TSSSPSetNumStages, TSSSPGetNumStages, composed, check = at_least_one)]
    #[option("-ts_ssp_nstages", default = "5")]
    pub fn set_ssp_stages(ssp_stages: usize);

    /// Whether `rosw` computes the Jacobian in each stage.
    #[setting(TSRosWSetRecomputeJacobian, composed)]
    #[option("-ts_rosw_recompute_jacobian", default = "false")]
    pub fn set_rosw_recompute_jacobian(rosw_recompute_jacobian: bool);

    /// Whether `eimex` adapts the order.
    #[setting(TSEIMEXSetOrdAdapt, composed)]
    #[option("-ts_eimex_order_adapt", default = "false")]
    pub fn set_eimex_order_adapt(eimex_order_adapt: bool);

    /// The row and the column, counted from 1, of the entry of the extrapolation tableau that
    /// `eimex` uses as the result of a step.
    #[setting(
        TSEIMEXSetRowCol,
        composed,
        errors = "`ARG_OUTOFRANGE` unless `1 ≤ column ≤ row ≤` the number of rows"
    )]
    #[option("-ts_eimex_row_col", default = "3, 3")]
    pub fn set_eimex_row_column(row: usize, column: usize);

    pub(super) fn check_method(&self, methods: &[TsType<'_>]) -> Result<()> {
        let names = methods.iter().map(|m| m.name().to_string_lossy());
        let names: Vec<_> = names.collect();
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        type_among(self, &names, "this setting of an integrator").map(drop)
    }

    pub(super) fn check_before_set_up(&self) -> Result<()> {
        if self.is_set_up()? {
            let text = "this setting cannot change after the setup: call reset first";
            return Err(Error::new(ErrorCode::ARG_WRONGSTATE, text));
        }
        Ok(())
    }

    #[getter(PetscRsTSIsSetUp)]
    pub(super) fn is_set_up() -> bool;
}
