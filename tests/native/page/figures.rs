//! Exported figures and tables say what they show.

use spectrascape::page::AppState;
use spectrascape::page::Coloring;
use spectrascape::page::view::figures::{corner_caption, figure_name, scatter_caption, spectrum_caption};
use spectrascape::page::view::spectrum::ShownSpectrum;
use spectrascape::page::view::tables::spectrum_table;
use spectrascape::plot::{Caption, Theme};
use spectrascape::protocol::{ExploreCommand, ExploreEvent};

use crate::page::fixture::*;

fn labels(caption: &Caption) -> Vec<&str> {
    caption.entries.iter().map(|entry| entry.label.as_str()).collect()
}

/// A page with row 12 selected, its pixels fetched, and its latents decoded.
fn on_row_12() -> AppState {
    let mut state = opened("");
    state.select_row(12);
    fetch(&mut state, 12);
    for request in state.take_outbox() {
        if let ExploreCommand::Decode { latent } = request.command {
            answer(&mut state, request.id, ExploreEvent::Decoded { latent, flux: vec![1.0; PIXELS] });
        }
    }
    state
}

#[test]
fn a_spectrum_s_figure_has_its_name_its_legend_and_says_that_it_is_simulated() {
    let mut state = on_row_12();
    let caption = |state: &AppState| spectrum_caption(state, &ShownSpectrum::of(state), &Theme::LIGHT);
    let here = caption(&state);
    assert!(here.title.contains("266-51602-13"), "{}", here.title);
    assert_eq!(labels(&here)[..2], ["observed", "decoded"]);
    assert!(here.note.starts_with("SIMULATED, not observed · Toy · vae6 · Spectrascape "), "{}", here.note);
    assert_eq!(figure_name(&state, "spectrum"), "spectrascape-spectrum-266-51602-13");
    assert_eq!(figure_name(&state, "corner"), "spectrascape-corner");
    state.open_path("sweep3").unwrap();
    assert_eq!(figure_name(&state, "spectrum"), "spectrascape-spectrum-decoded-along-vae-3");
    assert_eq!(labels(&caption(&state))[..1], ["decoded"]);
}

#[test]
fn a_scatter_s_figure_has_the_classes_shown_or_the_colour_bar() {
    let (cloud, catalogue) = (opened("").embedding().cloned().expect("a set"), catalogue());
    let caption = |link: &str| {
        let state = opened(link);
        let coloring = Coloring::new(&cloud, Some(&catalogue), None, &state.link().color, None);
        let corner = corner_caption(&state, &coloring, &Theme::LIGHT);
        assert!(corner.title.contains("Every pair of principal axes"), "{}", corner.title);
        scatter_caption(&state, &coloring, &Theme::LIGHT)
    };
    let by_class = caption("#hide=1");
    assert_eq!(by_class.title, "600 simulated spectra: VAE 1 and VAE 2, of vae6");
    assert!(by_class.bar.is_none() && labels(&by_class).len() == 3, "{by_class:?}");
    assert!(labels(&by_class)[0].ends_with(" 200"), "with their counts");
    let by_value = caption("#color=width&axes=c:width,1");
    let bar = by_value.bar.expect("a bar");
    assert_eq!((bar.title.as_str(), labels(&caption("#color=width")).len()), ("Line width / km/s", 0));
    assert!(bar.ticks.len() >= 2 && bar.colors.len() > 10);
    let by_code = caption("#color=truth_sfh");
    assert!(by_code.bar.is_none() && by_code.entries.len() > 2, "codes have names");
}

#[test]
fn the_table_of_a_spectrum_holds_pins_and_the_pick() {
    let mut state = on_row_12();
    state.pin();
    state.pick_with(vec![12], false);
    let table = spectrum_table(&state).expect("a table");
    let head = table.lines().find(|line| line.starts_with("wavelength")).expect("names");
    assert!(head.ends_with("decoded,residual_sigma,pinned_1,picked_mean,picked_p16,picked_p84"), "{head}");
    assert!(table.contains("# pinned_1: 266-51602-13, observed flux, nan where masked"));
    assert!(table.contains("# picked_mean: mean flux of 1 of the 1 picked spectra"));
    let cells: Vec<&str> = table.lines().find(|line| line.starts_with("3409.")).expect("a pixel").split(',').collect();
    let last = &cells[cells.len() - 4..];
    assert_eq!(last, ["12.0", "12.0", "12.0", "12.0"]);

    state.set_latent(0, 2.0);
    for request in state.take_outbox() {
        if let ExploreCommand::Decode { latent } = request.command {
            answer(&mut state, request.id, ExploreEvent::Decoded { latent, flux: vec![1.0; PIXELS] });
        }
    }
    let away = spectrum_table(&state).expect("a table");
    assert!(away.contains("# spectrum = Decoded at the sliders\n") && !away.contains("# redshift"), "{}", &away[..400]);
    assert!(away.contains("\nwavelength_vacuum_angstrom,decoded,pinned_1,"), "nothing observed, no residual");
    state.toggle_curve(spectrascape::page::Curve::Observed);
    let both = spectrum_table(&state).expect("a table");
    assert!(
        both.contains("Decoded at the sliders; observed: 266-51602-13") && both.contains(",ivar,mask,decoded,pinned_1")
    );
}
