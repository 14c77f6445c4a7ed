//! The selected spectrum with the decoded one over it; what is picked and pinned beside them.

use std::sync::Arc;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::legend::thousands;
use super::save_menu::{SaveMenu, is_simulated};
use crate::page::canvas::{follow_size, paint, redraw_on, timed};
use crate::page::context::{Page, use_page};
use crate::page::state::{AppState, MOST_PINS, Pin, Pixels, Source};
use crate::plot::{LineMark, PinnedCurve, REGIONS, Region, Rgb, SpectrumPlot, Spread, Theme, figure};
use crate::spectrum::lines::{LINES, SpectralLine};

/// All that the plot shows, held while it is drawn.
#[derive(Clone, Default)]
struct Shown {
    pixels: Option<Arc<Pixels>>,
    decoded: Option<(u32, Arc<Vec<f32>>)>,
    band: Option<Arc<Vec<f32>>>,
    spread: Option<Arc<Spread>>,
    pins: Vec<Pin>,
    range: Option<(f64, f64)>,
    brush: Option<(f64, f64)>,
}

/// The narrowest interval that a drag zooms to, Angstrom.
const NARROWEST: f64 = 20.0;

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Option<Arc<Vec<f32>>>, b: &Option<Arc<Vec<f32>>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        self.pixels.as_ref().map(|p| p.serial) == other.pixels.as_ref().map(|p| p.serial)
            && self.decoded.as_ref().map(|d| d.0) == other.decoded.as_ref().map(|d| d.0)
            && same(&self.band, &other.band)
            && self.spread.as_ref().map(Arc::as_ptr) == other.spread.as_ref().map(Arc::as_ptr)
            && self.pins == other.pins
            && (self.range, self.brush) == (other.range, other.brush)
    }
}

impl Shown {
    fn of(state: &AppState) -> Self {
        Self {
            pixels: state.shown_pixels(),
            decoded: state.decoded.as_ref().map(|decoded| (decoded.serial, decoded.flux.clone())),
            band: state.shown_band(),
            spread: state.picked.as_ref().and_then(|picked| picked.spread.clone()),
            pins: state.pins.clone(),
            range: state.spectrum_range,
            brush: None,
        }
    }

    fn with_plot<T>(
        &self,
        theme: &Theme,
        lines: &[LineMark],
        legend: bool,
        draw: impl FnOnce(&SpectrumPlot<'_>) -> T,
    ) -> T {
        let pins: Vec<PinnedCurve<'_>> = (self.pins.iter().enumerate())
            .map(|(index, pin)| PinnedCurve { label: &pin.label, flux: &pin.flux, color: theme.pinned(index) })
            .collect();
        draw(&SpectrumPlot {
            observed: self.pixels.as_ref().map(|pixels| (pixels.flux.as_slice(), pixels.ivar.as_slice())),
            decoded: self.decoded.as_ref().map(|(_, flux)| flux.as_slice()),
            lines,
            range: self.range,
            band: self.band.as_ref().map(|band| band.as_slice()),
            spread: self.spread.as_deref(),
            pinned: &pins,
            brush: self.brush,
            legend,
        })
    }
}

/// The spectrum's card.
#[component]
pub fn Spectrum() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let lines = StoredValue::new(marks());
    let brush = RwSignal::new(None::<(f64, f64)>);
    let shown = Memo::new(move |_| Shown { brush: brush.get(), ..page.state.with(Shown::of) });
    let key = Memo::new(move |_| (shown.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let (size, shown, theme) = (size.get_untracked(), shown.get_untracked(), page.theme());
        timed("spectrum", || {
            lines.with_value(|lines| {
                shown.with_plot(&theme, lines, false, |plot| {
                    paint(
                        &canvas,
                        size,
                        |_| (),
                        |pen| {
                            let _ = plot.draw(pen, &theme, size.width, size.height);
                        },
                    );
                });
            });
        });
        let drawn = shown.decoded.is_some() && size.width > 0.0;
        if drawn && !page.state.with_untracked(|state| state.decoded_shown) {
            page.act(|state| state.decoded_shown = true);
        }
    });

    let reading = RwSignal::new(None::<String>);
    let start = StoredValue::new(None::<f64>);
    let wavelength = move |x: f64| {
        SpectrumPlot::wavelength_at(x, size.get_untracked().width, shown.with_untracked(|shown| shown.range))
    };
    let down = move |event: ev::PointerEvent| {
        // A finger scrolls; the presets zoom for it.
        if event.pointer_type() != "touch" && event.button() == 0 {
            if let Some(canvas) = canvas.get_untracked() {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            start.set_value(Some(f64::from(event.offset_x())));
        }
    };
    let moved = move |event: ev::PointerEvent| {
        let x = f64::from(event.offset_x());
        if let Some(from) = start.get_value().filter(|from| (from - x).abs() > 4.0) {
            brush.set(Some((wavelength(from), wavelength(x))));
        }
        let width = size.get_untracked().width;
        let words =
            shown.with_untracked(|shown| shown.with_plot(&page.theme(), &[], false, |plot| plot.reading(x, width)));
        reading.set(words.map(in_words));
    };
    let up = move |_: ev::PointerEvent| {
        start.set_value(None);
        if let Some((a, b)) = brush.get_untracked() {
            brush.set(None);
            let (from, to) = (a.min(b), a.max(b));
            if to - from >= NARROWEST {
                page.act(|state| state.show_wavelengths(Some((from, to))));
            }
        }
    };
    let gone = move |_: ev::PointerEvent| {
        start.set_value(None);
        brush.set(None);
        reading.set(None);
    };
    let keys = move |event: ev::KeyboardEvent| {
        let part = match event.key().as_str() {
            "ArrowLeft" => (-0.25, -0.25),
            "ArrowRight" => (0.25, 0.25),
            "+" | "=" => (0.2, -0.2),
            "-" => (-0.3, 0.3),
            "0" | "Escape" => return page.act(|state| state.show_wavelengths(None)),
            _ => return,
        };
        event.prevent_default();
        page.act(|state| state.shift_wavelengths(part));
    };

    let id = Memo::new(move |_| page.state.with(AppState::title));
    let class = Memo::new(move |_| page.state.with(AppState::selected_class));
    let origin = Memo::new(move |_| {
        page.state.with(|state| {
            let source = state.selection.as_ref()?.source;
            Some(match (is_simulated(state), source) {
                (true, _) => "simulated",
                (false, Source::File(_)) => "observed, your file",
                (false, Source::Row(_)) => "observed",
            })
        })
    });
    let chi2 = Memo::new(move |_| page.state.with(AppState::chi2));
    let moved_away = Memo::new(move |_| page.state.with(AppState::moved));
    let description = Memo::new(move |_| page.state.with(describe));
    let save = move |_: &str| lines.with_value(|lines| svg(page, size.get_untracked(), lines));
    view! {
        <div class="card-head">
            <div>
                <h2 id="light-title">"Spectrum " <span class="id" data-testid="selected-id">{move || id.get()}</span></h2>
                <p class="sub">
                    {move || class.get().map(|class| view! {
                        <span class="dot" style:background=Theme::of(page.dark.get()).class(class).css()></span>
                        {class.name()}
                    })}
                    {move || origin.get().map(|origin| view! { <span class="muted">" · "{origin}</span> })}
                </p>
            </div>
            <div class="fit">
                {move || chi2.get().map(|chi2| view! {
                    <span class="number" data-testid="chi2" title="Mean over unmasked pixels of (observed − decoded)² / σ²">
                        "χ² / pixel " <b>{format!("{chi2:.2}")}</b>
                    </span>
                })}
                {move || moved_away.get().then(|| view! {
                    <button type="button" class="quiet" on:click=move |_| page.act(AppState::return_to_selection)>
                        "Back to its own latents"
                    </button>
                })}
                <PinButton />
                <SaveMenu what="spectrum" canvases=vec![canvas] svg=save />
            </div>
        </div>
        <Presets />
        <div class="plot spectrum-plot">
            <canvas data-testid="spectrum" node_ref=canvas tabindex="0" role="application" aria-roledescription="spectrum plot"
                aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointerleave=gone on:pointercancel=gone
                on:keydown=keys on:dblclick=move |_| page.act(|state| state.show_wavelengths(None))
            ></canvas>
            <p class="reading number" aria-hidden="true">{move || reading.get()}</p>
        </div>
        <Strokes shown />
    }
}

/// The line regions of the paper, one click away.
#[component]
fn Presets() -> impl IntoView {
    let page = use_page();
    let range = Memo::new(move |_| page.state.with(|state| state.spectrum_range));
    let button = move |region: Region| {
        let is_whole = region.key == REGIONS[0].key;
        let pressed = move || match range.get() {
            None => is_whole,
            Some(range) => range == region.range(),
        };
        view! {
            <button type="button" class="chip" data-testid=format!("region-{}", region.key)
                aria-pressed=move || pressed().to_string()
                on:click=move |_| page.act(|state| state.show_region(region.key))>{region.label}</button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label="Wavelengths shown">
            {REGIONS.map(button).collect_view()}
            {move || {
                let custom = range.get().filter(|range| REGIONS.iter().all(|region| region.range() != *range));
                custom.map(|(from, to)| view! { <span class="muted number">{format!("{from:.0} to {to:.0} Å")}</span> })
            }}
        </div>
    }
}

#[component]
fn PinButton() -> impl IntoView {
    let page = use_page();
    let full = Memo::new(move |_| page.state.with(|state| state.pins.len() >= MOST_PINS));
    view! {
        <button type="button" class="quiet" data-testid="pin" disabled=move || full.get()
            title=move || if full.get() { "Four spectra are pinned: let one go first" } else { "Keep this spectrum for comparison" }
            on:click=move |_| page.act(AppState::pin)>"Pin"</button>
    }
}

/// What each stroke of the plot is.
#[component]
fn Strokes(shown: Memo<Shown>) -> impl IntoView {
    let page = use_page();
    let stroke =
        |name: String, color: Rgb| view! { <li><span class="stroke" style:background=color.css()></span>{name}</li> };
    let main = move || {
        let theme = Theme::of(page.dark.get());
        let has_spread = shown.with(|shown| shown.spread.clone());
        let picked = page.state.with(|state| state.picked.as_ref().map_or(0, |picked| picked.rows.len()));
        let entries = SpectrumPlot::legend(&theme).into_iter().map(move |(name, color)| stroke(name.to_owned(), color));
        let spread = has_spread.map(|spread| {
            let label = match spread.count {
                count if count < picked => format!("mean of {count} of the {} picked, 16–84 %", thousands(picked)),
                _ => spread.label(),
            };
            stroke(label, theme.spread)
        });
        view! { {entries.collect_view()} {spread} }
    };
    let pins = move || {
        let theme = Theme::of(page.dark.get());
        let pin = move |(index, pin): (usize, Pin)| {
            let name = pin.label.clone();
            view! {
                <li class="pinned" data-testid="pinned">
                    <span class="stroke" style:background=theme.pinned(index).css()></span>{pin.label}
                    <button type="button" class="mini" title="Play the straight way from here to where the sliders are"
                        aria-label=format!("Path from {name} to here") data-testid="path-from-pin"
                        on:click=move |_| page.act(|state| state.path_from_pin(index))>"path to here"</button>
                    <button type="button" class="mini" aria-label=format!("Let {name} go")
                        on:click=move |_| page.act(|state| state.unpin(index))>"×"</button>
                </li>
            }
        };
        shown.with(|shown| shown.pins.clone()).into_iter().enumerate().map(pin).collect_view()
    };
    let has_band = Memo::new(move |_| shown.with(|shown| shown.band.is_some()));
    view! {
        <ul class="strokes">
            {main}
            <Show when=move || has_band.get()><li><span class="patch band"></span>"± 1σ of the latents"</li></Show>
            <li><span class="patch"></span>"masked"</li>
            {pins}
        </ul>
    }
}

fn svg(page: Page, size: crate::page::canvas::CanvasSize, lines: &[LineMark]) -> Result<String, String> {
    let shown = page.state.with_untracked(Shown::of);
    let theme = page.theme();
    let title = page.state.with_untracked(|state| {
        let origin = if is_simulated(state) { "simulated" } else { "observed" };
        format!("Spectrum {} ({origin}) and what {} makes of it", state.title(), state.link.model)
    });
    shown.with_plot(&theme, lines, true, |plot| {
        figure(size.width, size.height, &title, theme, |sheet| {
            plot.draw(&mut sheet.pen, &theme, size.width, size.height)
        })
    })
}

/// The lines to mark: all of them, the strongest named first.
fn marks() -> Vec<LineMark> {
    let mark =
        |line: &SpectralLine| LineMark { label: line.label.to_owned(), wavelength: line.wavelength, main: line.main };
    LINES.iter().map(mark).collect()
}

fn in_words(reading: crate::plot::Reading) -> String {
    let mut words = format!("{:.1} Å", reading.wavelength);
    match (reading.observed, reading.masked) {
        (_, true) => words.push_str(" · masked"),
        (Some(flux), _) => words.push_str(&format!(" · observed {flux:.3}")),
        _ => {}
    }
    if let Some(flux) = reading.decoded {
        words.push_str(&format!(" · decoded {flux:.3}"));
    }
    if let Some(sigma) = reading.residual {
        words.push_str(&format!(" · {sigma:+.1} σ"));
    }
    words.replace('-', "−")
}

fn describe(state: &AppState) -> String {
    let what = match (&state.selection, &state.decoded) {
        (Some(_), Some(_)) => "observed and decoded flux with the residual in standard errors below",
        (Some(_), None) => "observed flux",
        (None, Some(_)) => "decoded flux",
        (None, None) => "nothing yet",
    };
    let fit = state.chi2().map_or(String::new(), |chi2| format!("; chi squared a pixel {chi2:.2}"));
    let (from, to) = state.spectrum_range.unwrap_or((3388.0, 8310.0));
    let pins = match state.pins.len() {
        0 => String::new(),
        count => format!("; {count} pinned for comparison"),
    };
    format!(
        "Spectrum {}: {what}, against rest-frame vacuum wavelength from {from:.0} to {to:.0} Ångström{fit}{pins}. Plus and \
         minus zoom, arrow keys move, 0 shows all.",
        state.title()
    )
}
