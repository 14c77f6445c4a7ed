use spectrascape::page::interaction::Pointer;
use spectrascape::page::interaction::corner::{CornerInteraction, Intent};
use spectrascape::plot::CornerLayout;

fn layout() -> CornerLayout {
    CornerLayout::new(600.0, 600.0, &[(0.0, 1.0); 4]).expect("room for four latents")
}

#[test]
fn a_click_opens_a_pair_and_a_drag_picks() {
    let mut corner = CornerInteraction::default();
    assert!(corner.down((100.0, 100.0), Pointer::Fine, Some((0, 2))), "the pointer is captured");
    corner.moved((102.0, 101.0), Pointer::Fine);
    assert_eq!(corner.up(), Intent::OpenPair((0, 2)));
    corner.down((100.0, 100.0), Pointer::Fine, Some((1, 2)));
    corner.moved((130.0, 140.0), Pointer::Fine);
    assert_eq!(corner.outlines(&layout()).len(), 1);
    assert_eq!(corner.up(), Intent::Pick { panel: (1, 2), from: (100.0, 100.0), to: (130.0, 140.0) });
    assert_eq!((corner.up(), corner.outlines(&layout()).len()), (Intent::Nothing, 0));
}

#[test]
fn a_finger_taps_a_panel_and_scrolls_the_page() {
    let mut corner = CornerInteraction::default();
    assert!(!corner.down((100.0, 100.0), Pointer::Touch, Some((0, 1))), "not captured, so that the page scrolls");
    corner.moved((100.0, 180.0), Pointer::Touch);
    assert_eq!(corner.up(), Intent::OpenPair((0, 1)));
    corner.down((100.0, 100.0), Pointer::Touch, Some((0, 1)));
    corner.lost();
    assert_eq!(corner.up(), Intent::Nothing, "the browser took the finger for scrolling");
    assert!(!corner.down((5.0, 5.0), Pointer::Fine, None), "beside the panels");
    assert_eq!(corner.up(), Intent::Nothing);
}

#[test]
fn a_drag_is_outlined_within_its_panel() {
    let (mut corner, layout) = (CornerInteraction::default(), layout());
    let frame = layout.frame(0, 1);
    corner.down((frame.left + 5.0, frame.top + 5.0), Pointer::Fine, Some((0, 1)));
    corner.moved((9999.0, 9999.0), Pointer::Fine);
    let (panel, from, to) = corner.outlines(&layout)[0];
    assert_eq!((panel, from), (frame, (frame.left + 5.0, frame.top + 5.0)));
    assert_eq!(to, (frame.right, frame.bottom));
}

#[test]
fn keys_walk_from_panel_to_panel_below_the_diagonal() {
    let mut corner = CornerInteraction::default();
    for key in ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown"] {
        assert_eq!(corner.key(key, 6), (Intent::Nothing, true));
    }
    assert_eq!(corner.active(), Some((2, 4)));
    assert_eq!(corner.key("Enter", 6), (Intent::OpenPair((2, 4)), true));
    for key in ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] {
        let mut corner = CornerInteraction::default();
        for _ in 0..9 {
            corner.key(key, 6);
            let (column, row) = corner.active().expect("a panel");
            assert!(column < row && row < 6, "{key} goes to {column}, {row}");
        }
    }
}

#[test]
fn escape_leaves_the_panel_and_ends_the_pick() {
    let mut corner = CornerInteraction::default();
    corner.key("ArrowDown", 4);
    assert_eq!(corner.outlines(&layout()).len(), 1);
    assert_eq!((corner.key("Escape", 4), corner.active()), ((Intent::Cancel, false), None));
    corner.key("ArrowDown", 4);
    corner.blur();
    assert_eq!(corner.active(), None);
    corner.key("ArrowDown", 4);
    assert_eq!(corner.key("Tab", 4), (Intent::Nothing, false));
    assert_eq!(corner.active(), Some((0, 2)), "a key that means nothing here changes nothing");
    assert_eq!(CornerInteraction::default().key("ArrowDown", 1), (Intent::Nothing, false), "one latent has no pair");
}
