//! A view goes with its link: zoom, wavelengths, tab, pins and picks; what a link leaves out is said.

use spectrascape::page::view::share::copied_text;
use spectrascape::page::{AxisChoice, MOST_LINKED, Tab};
use spectrascape::plot::Region;

use crate::page::fixture::*;

#[test]
fn what_the_plots_show_goes_with_the_link() {
    let mut state = opened("");
    state.set_zoom(Some(((-1.234_567, 2.0), (0.1, 0.100_9))));
    state.show_wavelengths(Some((5000.04, 5200.0)));
    state.smooth(5);
    state.open_tab(Tab::Outliers);
    state.show_raw_corner(true);
    state.toggle_stars();
    let link = state.permalink().to_string();
    for part in ["zoom=-1.235,2,0.1,0.1009", "range=5000,5200", "smooth=5", "tab=outliers", "corner=raw", "stars=1"] {
        assert!(link.contains(part), "{part}: {link}");
    }
    let there = opened(&link);
    assert!(there.errors().is_empty(), "{:?}", there.errors());
    assert_eq!(there.permalink().to_string(), link);
    assert_eq!((there.spectrum_range(), there.smoothing()), (Some((5000.0, 5200.0)), 5));
    assert_eq!(there.link().zoom, Some(((-1.235, 2.0), (0.1, 0.1009))));

    state.show_region("halpha");
    let link = state.permalink();
    assert_eq!((link.range, link.region.as_deref()), (None, Some("halpha")));
    assert_eq!(opened(&link.to_string()).spectrum_range(), Region::of("halpha").map(|region| region.range()));
    state.set_axis(false, AxisChoice::Vae(3));
    assert_eq!(state.permalink().zoom, None, "other axes show all");
    let without = opened("axes=40,1&zoom=-1,2,0,1");
    assert_eq!(without.errors().len(), 1, "{:?}", without.errors());
    assert_eq!(without.permalink().zoom, None, "a part of axes that were left out is none");
    for nothing in [((1.0, 1.0), (0.0, 1.0)), ((0.0, f64::NAN), (0.0, 1.0)), ((-1e300, 1e300), (0.0, 1.0))] {
        state.set_zoom(Some(nothing));
        assert_eq!(state.permalink().zoom, None, "{nothing:?}");
    }
}

#[test]
fn pins_and_a_small_pick_go_with_the_link() {
    let mut state = opened("");
    for row in [40, 7] {
        state.select_row(row);
        fetch(&mut state, row);
        state.pin();
    }
    state.pick_with(vec![3, 1, 9], false);
    let link = state.permalink().to_string();
    assert!(
        link.contains("tab=picked&pins=266-51602-41,266-51602-8&pick=266-51602-2,266-51602-4,266-51602-10"),
        "{link}"
    );
    assert!(state.not_in_link().is_empty());

    let mut there = opened(&link);
    assert_eq!(there.permalink().to_string(), link, "before their pixels are there, too");
    assert_eq!(there.picked().expect("a pick").rows.as_slice(), [1, 3, 9]);
    assert!(there.pins().is_empty() && there.wanted_rows().contains(&40) && there.wanted_rows().contains(&7));
    fetch(&mut there, 7);
    assert!(there.pins().is_empty(), "in their order");
    fetch(&mut there, 40);
    let names =
        |state: &spectrascape::page::AppState| state.pins().iter().map(|pin| pin.label.clone()).collect::<Vec<_>>();
    assert_eq!(names(&there), names(&state));

    let mut lost = opened(&link);
    lost.pixels_failed(40, "No.".to_owned());
    fetch(&mut lost, 7);
    assert_eq!(names(&lost), ["266-51602-8"], "one that cannot be had is left out");
    let odd = opened("#pins=1-2-3&pick=1-2-4,266-51602-5");
    assert_eq!((odd.errors().len(), odd.picked().expect("one is known").rows.as_slice()), (2, &[4][..]));
}

#[test]
fn a_linked_pick_leaves_the_linked_tab_and_a_new_one_opens_its_own() {
    let mut state = opened("#tab=pca&pick=266-51602-5");
    assert_eq!(state.link().tab, Tab::Pca);
    state.unpick();
    state.toggle_picked(4);
    assert_eq!(state.link().tab, Tab::Picked);
    state.open_tab(Tab::Noise);
    state.toggle_picked(5);
    assert_eq!(state.link().tab, Tab::Noise, "a pick that grows changes no tab");
}

#[test]
fn what_a_link_leaves_out_is_named() {
    let mut state = opened("");
    state.add_file("mine.fits".to_owned(), vec![1]);
    let id = state.take_outbox().last().expect("it is sent").id;
    answer(&mut state, id, file_encoded("mine.fits", 0.1, &[0.5; DIMS]));
    state.pick_with((0..MOST_LINKED as u32 + 1).collect(), false);
    let (x, y) = (vec![0.0; COUNT], vec![0.0; COUNT]);
    state.draw_path(&[(0.0, 0.0), (1.0, 1.0)], &x, &y, (1.0, 1.0));
    assert_eq!(state.not_in_link(), ["your spectrum", "the 41 picked", "the path"]);
    let said = copied_text(true, &state.not_in_link());
    assert_eq!(said.more.as_deref(), Some("The link leaves out: your spectrum, the 41 picked, the path."));
    assert_eq!(said.label, "Link copied");
    assert_eq!(copied_text(true, &[]).more, None);
    let refused = copied_text(false, &state.not_in_link());
    assert!(refused.label == "Not copied" && refused.more.expect("a reason").contains("address bar"));
    state.open_path("S").unwrap();
    state.unpick();
    state.remove_file(0);
    assert_eq!(state.not_in_link(), Vec::<String>::new());
}
