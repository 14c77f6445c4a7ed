//! Every colour of the program: a light and a dark theme, classes that colour-blind people can tell apart, one sequential scale. A test holds
//! the page's style sheet against them.

use crate::spectrum::Class;

/// A colour, 8 bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The colours of plots on a light or a dark page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Whether the page is dark.
    pub dark: bool,
    /// Background of the plot.
    pub background: Rgb,
    /// Colour of titles and marks.
    pub ink: Rgb,
    /// Colour of tick labels.
    pub muted: Rgb,
    /// Colour of the frame and its grid.
    pub grid: Rgb,
    /// Colour of observed flux.
    pub observed: Rgb,
    /// Colour of decoded flux.
    pub decoded: Rgb,
    /// Colour of the mean and spread of a selection of spectra.
    pub spread: Rgb,
    /// Colour over masked pixels.
    pub masked: Rgb,
    /// Colour of the training loss.
    pub train: Rgb,
}

/// The colours of the page around its plots, which the style sheet reads as custom properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Surface {
    /// Background of the page.
    page: Rgb,
    /// Borders.
    line: Rgb,
    /// Text on the accent.
    on_accent: Rgb,
    /// Background of a chosen element.
    soft: Rgb,
    /// Background of a warning.
    warn: Rgb,
    /// Border of a warning.
    warn_line: Rgb,
    /// Text of a badge.
    badge: Rgb,
    /// Background of a badge.
    badge_back: Rgb,
    /// Text of a state that is done or ready.
    ok: Rgb,
    /// Colour of the density behind a slider.
    density: Rgb,
    /// Colour of shadows, drawn translucent.
    shade: Rgb,
}

/// The sequential scale, viridis, cut so that both ends are visible on the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colormap {
    dark: bool,
}

/// The palette index of a point that has no value.
pub const MISSING: u8 = 255;

/// Nine stops of viridis (Smith & van der Walt, CC0).
const VIRIDIS: [Rgb; 9] = [
    Rgb(0x44, 0x01, 0x54),
    Rgb(0x47, 0x2d, 0x7b),
    Rgb(0x3b, 0x52, 0x8b),
    Rgb(0x2c, 0x72, 0x8e),
    Rgb(0x21, 0x91, 0x8c),
    Rgb(0x28, 0xae, 0x80),
    Rgb(0x5e, 0xc9, 0x62),
    Rgb(0xad, 0xdc, 0x30),
    Rgb(0xfd, 0xe7, 0x25),
];

/// The colours of the methods that the report compares, on white.
pub mod method {
    use super::Rgb;

    /// Colour of PCA.
    pub const PCA: Rgb = Rgb(0x00, 0x72, 0xb2);
    /// Colour of NMF.
    pub const NMF: Rgb = Rgb(0x00, 0x9e, 0x73);
    /// Colour of the plain autoencoder.
    pub const AUTOENCODER: Rgb = Rgb(0xd5, 0x5e, 0x00);
    /// Colour of the variational autoencoder.
    pub const VAE: Rgb = Rgb(0x4a, 0x34, 0xd0);
}

/// Ten colours for series that have no colour of their own, on white.
pub const SERIES: [Rgb; 10] = [
    Rgb(0x00, 0x72, 0xb2),
    Rgb(0xd5, 0x5e, 0x00),
    Rgb(0x00, 0x9e, 0x73),
    Rgb(0xc0, 0x4f, 0x92),
    Rgb(0x9a, 0x8a, 0x00),
    Rgb(0x4a, 0x34, 0xd0),
    Rgb(0x2c, 0x72, 0x8e),
    Rgb(0x8c, 0x51, 0x0a),
    Rgb(0x5d, 0x66, 0x75),
    Rgb(0xb2, 0x18, 0x2b),
];

/// The colours of categories on white.
const CATEGORIES: [Rgb; 8] = [
    Rgb(0x00, 0x72, 0xb2),
    Rgb(0xd5, 0x5e, 0x00),
    Rgb(0x00, 0x9e, 0x73),
    Rgb(0xc0, 0x4f, 0x92),
    Rgb(0x9a, 0x8a, 0x00),
    Rgb(0x5e, 0x3c, 0x99),
    Rgb(0x1f, 0xa5, 0xc4),
    Rgb(0x8c, 0x51, 0x0a),
];

/// The same on the dark page.
const CATEGORIES_DARK: [Rgb; 8] = [
    Rgb(0x56, 0xb4, 0xe9),
    Rgb(0xff, 0x8a, 0x4c),
    Rgb(0x3a, 0xd6, 0xa6),
    Rgb(0xea, 0x97, 0xc7),
    Rgb(0xf6, 0xe0, 0x84),
    Rgb(0xb3, 0xa6, 0xff),
    Rgb(0x7d, 0xe3, 0xf4),
    Rgb(0xd0, 0x9a, 0x5b),
];

impl Surface {
    const LIGHT: Self = Self {
        page: Rgb(0xf4, 0xf5, 0xf8),
        line: Rgb(0xdf, 0xe3, 0xea),
        on_accent: Rgb(0xff, 0xff, 0xff),
        soft: Rgb(0xec, 0xea, 0xfb),
        warn: Rgb(0xfd, 0xf5, 0xe1),
        warn_line: Rgb(0xd3, 0xa9, 0x4f),
        badge: Rgb(0x8a, 0x4b, 0x00),
        badge_back: Rgb(0xfd, 0xee, 0xd3),
        ok: Rgb(0x00, 0x73, 0x4f),
        density: Rgb(0xd9, 0xd6, 0xf3),
        shade: Rgb(0x14, 0x19, 0x28),
    };

    const DARK: Self = Self {
        page: Rgb(0x0d, 0x10, 0x17),
        line: Rgb(0x2a, 0x31, 0x3e),
        on_accent: Rgb(0x17, 0x12, 0x2f),
        soft: Rgb(0x26, 0x21, 0x42),
        warn: Rgb(0x2b, 0x24, 0x14),
        warn_line: Rgb(0x8f, 0x6f, 0x2c),
        badge: Rgb(0xff, 0xcf, 0x87),
        badge_back: Rgb(0x3a, 0x2b, 0x12),
        ok: Rgb(0x3a, 0xd6, 0xa6),
        density: Rgb(0x37, 0x30, 0x6a),
        shade: Rgb(0x14, 0x19, 0x28),
    };
}

impl Rgb {
    /// Returns the colour in CSS: `#rrggbb`.
    pub fn css(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// Returns the colour a fraction of the way to another.
    pub fn toward(self, other: Rgb, fraction: f64) -> Rgb {
        let mix = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * fraction).round() as u8;
        Rgb(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

impl Theme {
    /// The light theme.
    pub const LIGHT: Theme = Theme {
        dark: false,
        background: Rgb(0xff, 0xff, 0xff),
        ink: Rgb(0x1b, 0x20, 0x2b),
        muted: Rgb(0x5d, 0x66, 0x75),
        grid: Rgb(0xe4, 0xe7, 0xec),
        observed: Rgb(0x66, 0x78, 0x8a),
        decoded: Rgb(0x4a, 0x34, 0xd0),
        spread: Rgb(0x1b, 0x20, 0x2b),
        masked: Rgb(0xd8, 0xb8, 0x84),
        train: Rgb(0x8a, 0x93, 0xa3),
    };

    /// The dark theme.
    pub const DARK: Theme = Theme {
        dark: true,
        background: Rgb(0x15, 0x19, 0x22),
        ink: Rgb(0xe8, 0xeb, 0xf1),
        muted: Rgb(0x9a, 0xa4, 0xb4),
        grid: Rgb(0x2a, 0x31, 0x3e),
        observed: Rgb(0xc0, 0xb4, 0x9c),
        decoded: Rgb(0xb3, 0xa6, 0xff),
        spread: Rgb(0xe8, 0xeb, 0xf1),
        masked: Rgb(0x7a, 0x63, 0x3c),
        train: Rgb(0x7d, 0x88, 0x9b),
    };

    /// Returns the dark or the light theme.
    pub fn of(dark: bool) -> Theme {
        if dark { Self::DARK } else { Self::LIGHT }
    }

    /// Returns the colour of a class, after Okabe & Ito: red for galaxies that no longer form stars, blue for those that do.
    pub fn class(&self, class: Class) -> Rgb {
        match (class, self.dark) {
            (Class::Quiescent, false) => Rgb(0xd5, 0x5e, 0x00),
            (Class::EmissionLine, false) => Rgb(0x00, 0x72, 0xb2),
            (Class::NarrowLineAgn, false) => Rgb(0x00, 0x9e, 0x73),
            (Class::BroadLineAgn, false) => Rgb(0xc0, 0x4f, 0x92),
            (Class::Star, false) => Rgb(0x9a, 0x8a, 0x00),
            (Class::Unknown, false) => Rgb(0x7b, 0x84, 0x93),
            (Class::Quiescent, true) => Rgb(0xff, 0x8a, 0x4c),
            (Class::EmissionLine, true) => Rgb(0x56, 0xb4, 0xe9),
            (Class::NarrowLineAgn, true) => Rgb(0x3a, 0xd6, 0xa6),
            (Class::BroadLineAgn, true) => Rgb(0xea, 0x97, 0xc7),
            (Class::Star, true) => Rgb(0xf6, 0xe0, 0x84),
            (Class::Unknown, true) => Rgb(0x93, 0x9c, 0xab),
        }
    }

    /// Returns the colour of the pinned spectrum `index`, of a cycle of four: ochre, blue, rose, plum (on the dark page: yellow, sky,
    /// red, violet). Found by a search for the four that differ most from each other, and enough from the colours of
    /// observed, decoded and selected spectra, as eyes without red, green or blue cones see them (Machado et al. 2009).
    pub fn pinned(&self, index: usize) -> Rgb {
        let colors = if self.dark {
            [Rgb(0xf0, 0xeb, 0x18), Rgb(0x74, 0xcc, 0xe6), Rgb(0xb3, 0x3c, 0x36), Rgb(0xa7, 0x0e, 0xfd)]
        } else {
            [Rgb(0xbd, 0x8a, 0x0c), Rgb(0x59, 0x8d, 0xf9), Rgb(0xc6, 0x17, 0x4f), Rgb(0x5e, 0x0b, 0x6b)]
        };
        colors[index % colors.len()]
    }

    /// Returns the custom properties of the style sheet and their colours. The page writes them when it starts and when the scheme
    /// changes; the style sheet itself has only the two that show before that.
    pub fn css_variables(&self) -> [(&'static str, Rgb); 16] {
        let surface = if self.dark { Surface::DARK } else { Surface::LIGHT };
        [
            ("--page", surface.page),
            ("--card", self.background),
            ("--ink", self.ink),
            ("--muted", self.muted),
            ("--line", surface.line),
            ("--accent", self.decoded),
            ("--on-accent", surface.on_accent),
            ("--soft", surface.soft),
            ("--warn", surface.warn),
            ("--warn-line", surface.warn_line),
            ("--badge", surface.badge),
            ("--badge-back", surface.badge_back),
            ("--ok", surface.ok),
            ("--density", surface.density),
            ("--masked", self.masked),
            ("--shade", surface.shade),
        ]
    }

    /// Returns the colours `[256]` of palette indices that are class codes.
    pub fn class_palette(&self) -> Vec<Rgb> {
        (0..256).map(|code| self.class(Class::from_code(code))).collect()
    }

    /// Returns the colour of the category `index`, of a cycle of eight after Okabe & Ito and Tol, which colour-blind people can tell apart.
    pub fn category(&self, index: usize) -> Rgb {
        let colors = if self.dark { CATEGORIES_DARK } else { CATEGORIES };
        colors[index % colors.len()]
    }

    /// Returns the colours `[256]` of palette indices that are codes with these names: a category each, a grey for "none" and for no name.
    pub fn category_palette(&self, names: &[&str]) -> Vec<Rgb> {
        let grey = self.class(Class::Unknown);
        let offset = usize::from(names.first() == Some(&"none"));
        let color = |code: usize| match code.checked_sub(offset) {
            Some(index) if code < names.len() => self.category(index),
            _ => grey,
        };
        (0..256).map(color).collect()
    }

    /// Returns the sequential scale for this background.
    pub fn colormap(&self) -> Colormap {
        Colormap { dark: self.dark }
    }
}

impl Colormap {
    /// Returns the colour at a fraction 0..1 of the scale.
    pub fn at(self, fraction: f64) -> Rgb {
        let (low, high) = if self.dark { (0.18, 1.0) } else { (0.0, 0.9) };
        let position = (low + (high - low) * fraction.clamp(0.0, 1.0)) * (VIRIDIS.len() - 1) as f64;
        let stop = (position as usize).min(VIRIDIS.len() - 2);
        VIRIDIS[stop].toward(VIRIDIS[stop + 1], position - stop as f64)
    }

    /// Returns the colours `[256]` of palette indices along the scale: 0..254 the scale, [`MISSING`] a grey.
    pub fn palette(self) -> Vec<Rgb> {
        let missing = Theme::of(self.dark).class(Class::Unknown);
        (0..255).map(|index| self.at(f64::from(index) / 254.0)).chain([missing]).collect()
    }

    /// Returns the palette index of a value within the range of the scale.
    pub fn index(value: f32, range: (f32, f32)) -> u8 {
        if !value.is_finite() {
            return MISSING;
        }
        let width = range.1 - range.0;
        let fraction = if width > 0.0 { (value - range.0) / width } else { 0.5 };
        (fraction.clamp(0.0, 1.0) * 254.0).round() as u8
    }

    /// Returns the scale as a CSS gradient from left to right.
    pub fn css_gradient(self) -> String {
        let stops: Vec<String> = (0..=8).map(|stop| self.at(f64::from(stop) / 8.0).css()).collect();
        format!("linear-gradient(to right, {})", stops.join(", "))
    }
}
