use spectrascape::page::interaction::Pointer;
use spectrascape::page::interaction::spectrum::{Intent, SpectrumInteraction, key};

/// Ten Angstrom a CSS pixel.
fn wavelength(x: f64) -> f64 {
    4000.0 + 10.0 * x
}

#[test]
fn a_drag_in_either_direction_zooms_to_its_interval() {
    for (from, to) in [(10.0, 60.0), (60.0, 10.0)] {
        let mut spectrum = SpectrumInteraction::default();
        assert!(spectrum.down(from, Pointer::Fine, 0), "the pointer is captured");
        spectrum.moved(to, wavelength);
        assert_eq!(spectrum.brush(), Some((wavelength(from), wavelength(to))));
        assert_eq!(spectrum.up(), Some((4100.0, 4600.0)));
        assert_eq!(spectrum.brush(), None);
    }
}

#[test]
fn a_click_a_finger_and_another_button_zoom_to_nothing() {
    let mut spectrum = SpectrumInteraction::default();
    spectrum.down(10.0, Pointer::Fine, 0);
    spectrum.moved(13.0, wavelength);
    assert_eq!((spectrum.brush(), spectrum.up()), (None, None), "a tremble");
    for (kind, button) in [(Pointer::Touch, 0), (Pointer::Fine, 1)] {
        assert!(!spectrum.down(10.0, kind, button));
        spectrum.moved(60.0, wavelength);
        assert_eq!(spectrum.up(), None);
    }
    spectrum.down(10.0, Pointer::Fine, 0);
    spectrum.moved(15.0, |x| 4000.0 + x);
    assert_eq!(spectrum.up(), None, "five Angstrom are too narrow");
}

#[test]
fn leaving_the_plot_gives_up_the_drag() {
    let mut spectrum = SpectrumInteraction::default();
    spectrum.down(10.0, Pointer::Fine, 0);
    spectrum.moved(60.0, wavelength);
    spectrum.left(Pointer::Fine);
    assert_eq!((spectrum.brush(), spectrum.up(), spectrum.pointed()), (None, None, None));
    spectrum.moved(90.0, wavelength);
    assert_eq!(spectrum.brush(), None, "and what follows is no drag");
}

#[test]
fn the_crosshair_follows_the_pointer_and_stays_where_a_finger_was_lifted() {
    let mut spectrum = SpectrumInteraction::default();
    assert_eq!(spectrum.pointed(), None);
    spectrum.moved(30.0, wavelength);
    assert_eq!(spectrum.pointed(), Some(30.0));
    spectrum.left(Pointer::Fine);
    assert_eq!(spectrum.pointed(), None);
    assert!(!spectrum.down(40.0, Pointer::Touch, 0), "the page may scroll");
    spectrum.moved(70.0, wavelength);
    spectrum.up();
    spectrum.left(Pointer::Touch);
    assert_eq!((spectrum.pointed(), spectrum.brush()), (Some(70.0), None));
    spectrum.lost();
    assert_eq!(spectrum.pointed(), None, "the page has scrolled");
}

#[test]
fn keys_move_zoom_and_show_all() {
    assert_eq!(key("ArrowLeft"), Some((Intent::Shift((-0.25, -0.25)), true)));
    assert_eq!(key("ArrowRight"), Some((Intent::Shift((0.25, 0.25)), true)));
    assert_eq!(key("+"), key("="));
    assert_eq!(key("-"), Some((Intent::Shift((-0.3, 0.3)), true)));
    assert_eq!((key("0"), key("Escape")), (Some((Intent::ShowAll, false)), Some((Intent::ShowAll, false))));
    assert_eq!(key("a"), None);
}
