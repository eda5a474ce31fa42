//! Fonts and colors. The font is part of the program, so that figures have text on any machine.

use std::sync::Once;

use plotters::style::{FontStyle, RGBColor, register_font};

/// The name of the registered font.
pub(super) const FONT: &str = "workshop";

/// Registers the font with plotters.
pub(super) fn use_font() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Registration fails only for an invalid font, and this font is part of the program.
        let _ = register_font(FONT, FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT);
    });
}

/// Returns a color of a color map, for `t` in 0..1.
pub(super) fn map(stops: &[(u8, u8, u8)], t: f64) -> RGBColor {
    let t = if t.is_finite() { t.clamp(0.0, 1.0) } else { 0.0 } * (stops.len() - 1) as f64;
    let i = (t as usize).min(stops.len() - 2);
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * (t - i as f64)) as u8;
    let ((r0, g0, b0), (r1, g1, b1)) = (stops[i], stops[i + 1]);
    RGBColor(mix(r0, r1), mix(g0, g1), mix(b0, b1))
}

/// The color map from blue over green to yellow, for angles.
pub(super) const VIRIDIS: &[(u8, u8, u8)] =
    &[(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)];
/// The color map from gray to red, for loading.
pub(super) const HEAT: &[(u8, u8, u8)] =
    &[(205, 205, 210), (170, 170, 180), (240, 170, 60), (220, 50, 30), (140, 0, 20)];
