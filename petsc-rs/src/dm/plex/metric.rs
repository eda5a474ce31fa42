//! Parameters of the Riemannian metrics that remeshers use to adapt a mesh.

use petsc_macros::setting;

use super::DmPlexRef;
use crate::ffi::range::positive;
use crate::{Real, sys};

impl DmPlexRef {
    /// Whether the metric is isotropic.
    #[setting(DMPlexMetricSetIsotropic, DMPlexMetricIsIsotropic)]
    #[option("-dm_plex_metric_isotropic", default = "false")]
    pub fn set_metric_isotropic(metric_isotropic: bool);

    /// Whether the metric is uniform, and thus isotropic.
    #[setting(DMPlexMetricSetUniform, DMPlexMetricIsUniform)]
    #[option("-dm_plex_metric_uniform", default = "false")]
    pub fn set_metric_uniform(metric_uniform: bool);

    /// Whether the anisotropy is restricted before the metric is normalized.
    #[setting(DMPlexMetricSetRestrictAnisotropyFirst, DMPlexMetricRestrictAnisotropyFirst)]
    #[option("-dm_plex_metric_restrict_anisotropy_first", default = "false")]
    pub fn set_metric_restrict_anisotropy_first(metric_restrict_anisotropy_first: bool);

    /// Whether the remesher is forbidden to insert or delete vertices.
    #[setting(DMPlexMetricSetNoInsertion, DMPlexMetricNoInsertion)]
    #[option("-dm_plex_metric_no_insert", default = "false")]
    pub fn set_metric_no_insertion(metric_no_insertion: bool);

    /// Whether the remesher is forbidden to swap facets.
    #[setting(DMPlexMetricSetNoSwapping, DMPlexMetricNoSwapping)]
    #[option("-dm_plex_metric_no_swap", default = "false")]
    pub fn set_metric_no_swapping(metric_no_swapping: bool);

    /// Whether the remesher is forbidden to move vertices.
    #[setting(DMPlexMetricSetNoMovement, DMPlexMetricNoMovement)]
    #[option("-dm_plex_metric_no_move", default = "false")]
    pub fn set_metric_no_movement(metric_no_movement: bool);

    /// Whether the remesher is forbidden to change the surface.
    #[setting(DMPlexMetricSetNoSurf, DMPlexMetricNoSurf)]
    #[option("-dm_plex_metric_no_surf", default = "false")]
    pub fn set_metric_no_surface(metric_no_surface: bool);

    /// The smallest length of an edge.
    #[setting(DMPlexMetricSetMinimumMagnitude, DMPlexMetricGetMinimumMagnitude, check = positive)]
    #[option("-dm_plex_metric_h_min", default = "1e-30")]
    pub fn set_metric_minimum(metric_minimum: Real);

    /// The largest length of an edge.
    #[setting(DMPlexMetricSetMaximumMagnitude, DMPlexMetricGetMaximumMagnitude, check = positive)]
    #[option("-dm_plex_metric_h_max", default = "1e30")]
    pub fn set_metric_maximum(metric_maximum: Real);

    /// The largest anisotropy of the metric: the ratio of the largest to the smallest size of a
    /// cell.
    #[setting(
        DMPlexMetricSetMaximumAnisotropy,
        DMPlexMetricGetMaximumAnisotropy,
        errors = "`ARG_OUTOFRANGE` below 1"
    )]
    #[option("-dm_plex_metric_a_max", default = "1e5")]
    pub fn set_metric_maximum_anisotropy(metric_maximum_anisotropy: Real);

    /// The complexity of the metric, which determines the number of vertices.
    #[setting(DMPlexMetricSetTargetComplexity, DMPlexMetricGetTargetComplexity, check = positive)]
    #[option("-dm_plex_metric_target_complexity", default = "none")]
    pub fn set_metric_target_complexity(metric_target_complexity: Real);

    /// The order p of the norm in which the metric is normalized.
    #[setting(
        DMPlexMetricSetNormalizationOrder,
        DMPlexMetricGetNormalizationOrder,
        errors = "`ARG_OUTOFRANGE` below 1"
    )]
    #[option("-dm_plex_metric_p", default = "1")]
    pub fn set_metric_normalization_order(metric_normalization_order: Real);

    /// The largest ratio of the lengths of adjacent edges.
    #[setting(DMPlexMetricSetGradationFactor, DMPlexMetricGetGradationFactor, check = positive)]
    #[option("-dm_plex_metric_gradation_factor", default = "1.3")]
    pub fn set_metric_gradation(metric_gradation: Real);

    /// The largest distance between the surfaces before and after the remeshing.
    #[setting(DMPlexMetricSetHausdorffNumber, DMPlexMetricGetHausdorffNumber, check = positive)]
    #[option("-dm_plex_metric_hausdorff_number", default = "0.01")]
    pub fn set_metric_hausdorff(metric_hausdorff: Real);

    /// The level of output of the remesher.
    #[setting(DMPlexMetricSetVerbosity, DMPlexMetricGetVerbosity)]
    #[option("-dm_plex_metric_verbosity", default = "none")]
    pub fn set_metric_verbosity(metric_verbosity: usize);

    /// The number of iterations of the remesher ParMmg.
    #[setting(DMPlexMetricSetNumIterations, DMPlexMetricGetNumIterations)]
    #[option("-dm_plex_metric_num_iterations", default = "3")]
    pub fn set_metric_iterations(metric_iterations: usize);
}
