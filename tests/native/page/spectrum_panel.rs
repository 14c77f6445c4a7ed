//! Tests what the spectrum panel says and shows: at a spectrum's own latents, and away from them.

use spectrascape::page::view::peek::peek;
use spectrascape::page::view::spectrum::ShownSpectrum;
use spectrascape::page::view::spectrum_texts::{
    crosshair, curve_toggle, figure_title, heading, reading_text, spectrum_text,
};
use spectrascape::page::{AppState, Curve};
use spectrascape::plot::{Reading, SpectrumPlot};
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::spectrum::lines::{H_ALPHA, LINES, nearest_line};

use crate::page::fixture::*;

/// Answers every request for a decoded spectrum.
fn decode(state: &mut AppState) {
    for request in state.take_outbox() {
        if let ExploreCommand::Decode { latent } = request.command {
            answer(state, request.id, ExploreEvent::Decoded { latent, flux: vec![1.0; PIXELS] });
        }
    }
}

/// A page with row 12 selected, its pixels fetched, and its latents decoded.
fn on_row_12() -> AppState {
    let mut state = opened("");
    state.select_row(12);
    fetch(&mut state, 12);
    decode(&mut state);
    state
}

#[test]
fn the_panel_names_the_spectrum_at_its_own_latents_and_the_position_elsewhere() {
    let mut state = on_row_12();
    let here = heading(&state);
    assert_eq!((here.title.as_str(), here.id.as_str(), here.own), ("Spectrum", "266-51602-13", true));
    assert!(state.chi2().is_some() && figure_title(&state).starts_with("Spectrum 266-51602-13"));

    let title = |state: &mut AppState| {
        decode(state);
        let away = heading(state);
        assert!(!away.own && state.chi2().is_none(), "{away:?}");
        assert!(!spectrum_text(state).contains("266-51602-13"), "{}", spectrum_text(state));
        assert!(figure_title(state).starts_with(&away.title), "{}", figure_title(state));
        (away.title, away.position)
    };
    state.set_latent(2, 1.5);
    assert_eq!(title(&mut state), ("Decoded at the sliders".to_owned(), None));
    state.open_path("S").unwrap();
    let (along, position) = title(&mut state);
    assert_eq!(along, "Decoded along track S");
    assert!(position.is_some_and(|position| position.starts_with("0 to 30 %")));
    state.open_path("sweep3").unwrap();
    assert_eq!(title(&mut state).0, "Decoded along VAE 3");
    state.set_latent(0, 2.5);
    assert_eq!(title(&mut state).0, "Decoded at the sliders", "a slider has left the path");
    let (x, y) = (vec![0.0; COUNT], vec![0.0; COUNT]);
    state.draw_path(&[(0.0, 0.0), (1.0, 1.0)], &x, &y, (1.0, 1.0));
    assert_eq!(title(&mut state).0, "Decoded along the drawn path");
    state.return_to_selection();
    decode(&mut state);
    assert!(heading(&state).own && state.chi2().is_some());
}

#[test]
fn a_linked_position_on_a_track_is_on_it() {
    let mut state = opened("");
    state.open_path("S").unwrap();
    state.step_to(1.3);
    let link = state.permalink().to_string();
    let mut state = opened(&link);
    decode(&mut state);
    assert_eq!(heading(&state).title, "Decoded along track S");
}

#[test]
fn observed_flux_is_hidden_away_from_its_spectrum_until_it_is_asked_for() {
    let mut state = on_row_12();
    let shown = |state: &AppState| {
        let shown = ShownSpectrum::of(state);
        (shown.pixels.is_some(), shown.decoded.is_some(), shown.unrelated)
    };
    let label = |state: &AppState, curve| curve_toggle(state, curve).expect("a curve").label;
    assert_eq!(shown(&state), (true, true, false));
    assert_eq!(label(&state, Curve::Observed), "observed");
    state.toggle_curve(Curve::Observed);
    assert_eq!(shown(&state), (false, true, false));
    state.toggle_curve(Curve::Observed);
    state.toggle_curve(Curve::Decoded);
    assert_eq!(shown(&state), (true, false, false));
    assert!(spectrum_text(&state).contains(": observed flux,"), "{}", spectrum_text(&state));
    state.toggle_curve(Curve::Decoded);

    state.set_latent(0, 2.0);
    decode(&mut state);
    assert_eq!(shown(&state), (false, true, true));
    assert_eq!(label(&state, Curve::Observed), "observed: 266-51602-13", "it says whose");
    state.toggle_curve(Curve::Observed);
    assert_eq!(shown(&state), (true, true, true));
    assert!(spectrum_text(&state).contains("pale the observed flux of 266-51602-13"));
    state.return_to_selection();
    state.toggle_curve(Curve::Observed);
    assert!(!shown(&state).0);
    state.set_latent(0, 2.0);
    assert!(shown(&state).0, "the two choices are apart");
}

#[test]
fn a_draw_of_noise_is_compared_with_what_is_decoded_of_it() {
    let mut state = on_row_12();
    state.add_noise(5.0);
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::Degrade { .. }));
    let mut mean = state.latent().to_vec();
    mean[0] += 0.4;
    let (flux, ivar) = (vec![1.1; PIXELS], vec![4.0; PIXELS]);
    answer(&mut state, id, ExploreEvent::Degraded { snr: 5.0, flux, ivar, encoding: encoding(&mean) });
    decode(&mut state);
    assert!(state.moved() && !state.is_elsewhere() && state.chi2().is_some());
    state.set_latent(0, 3.0);
    assert!(state.is_elsewhere());
}

#[test]
fn smoothing_takes_the_widths_that_the_page_offers() {
    let mut state = on_row_12();
    for (asked, taken) in [(5, 5), (4, 5), (9, 9), (0, 9), (1, 1)] {
        state.smooth(asked);
        assert_eq!((state.smoothing(), ShownSpectrum::of(&state).smoothing), (taken, taken));
    }
    state.smooth(3);
    assert!(spectrum_text(&state).contains("averaged over 3 pixels"));
    // A pinned observed spectrum is smoothed, too, and keeps its gap.
    state.pin();
    ShownSpectrum::of(&state).with_plot(&spectrascape::plot::Theme::LIGHT, &[], |plot| {
        assert!(plot.pinned[0].flux[3].is_nan() && plot.pinned[0].flux[2] == 12.0);
    });
}

#[test]
fn the_crosshair_names_wavelength_and_nearest_line() {
    for line in LINES {
        assert_eq!(nearest_line(line.wavelength).wavelength, line.wavelength);
    }
    assert_eq!((nearest_line(3000.0).label, nearest_line(9999.0).label), ("[O II]", "[S II]"));
    assert_eq!(nearest_line(f64::NAN).label, "[O II]");
    let reading = |wavelength: f64| Reading {
        pixel: 0,
        wavelength,
        observed: Some(-0.25),
        masked: false,
        decoded: Some(1.0),
        residual: Some(-2.0),
    };
    assert_eq!(reading_text(reading(H_ALPHA)), "6564.6 Å · Hα · observed −0.250 · decoded 1.000 · −2.0 σ");
    assert!(reading_text(reading(5900.0)).starts_with("5900.0 Å · Na D + 4 Å · "));
    assert!(reading_text(reading(4800.0)).starts_with("4800.0 Å · Hβ − 63 Å · "));
    let masked = Reading { observed: None, masked: true, decoded: None, residual: None, ..reading(H_ALPHA) };
    assert_eq!(reading_text(masked), "6564.6 Å · Hα · masked");

    let shown = ShownSpectrum::of(&on_row_12());
    let x = SpectrumPlot::x_at(H_ALPHA, 700.0, None);
    let found = crosshair(&shown, x, (700.0, 400.0)).expect("within the frame");
    assert!((found.left - x).abs() < 1.0 && found.leans_left && found.text.contains("Hα"), "{found:?}");
    assert_eq!((found.top, found.top + found.height), (34.0, 358.0), "flux and residual");
    assert_eq!(crosshair(&shown, 5.0, (700.0, 400.0)), None);
    assert!(!crosshair(&shown, 60.0, (700.0, 400.0)).expect("within").leans_left);
}

#[test]
fn the_spectrum_in_short_is_what_the_panel_shows() {
    assert_eq!(peek(&loaded("")), None);
    let mut state = on_row_12();
    let here = peek(&state).expect("a spectrum");
    assert_eq!((here.title.as_str(), here.class), ("266-51602-13", state.selected_class()));
    state.set_latent(0, 2.0);
    decode(&mut state);
    let away = peek(&state).expect("a spectrum");
    assert_eq!((away.title.as_str(), away.class), ("Decoded at the sliders", None));
    assert!(away.shape.starts_with('M'));
}
