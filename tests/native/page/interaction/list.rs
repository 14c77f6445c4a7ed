use spectrascape::page::interaction::list::row_after;

#[test]
fn keys_go_from_row_to_row_and_stop_at_the_ends() {
    assert_eq!((row_after("ArrowDown", Some(0), 3), row_after("ArrowUp", Some(2), 3)), (Some(1), Some(1)));
    assert_eq!((row_after("ArrowDown", Some(2), 3), row_after("ArrowUp", Some(0), 3)), (None, None));
    assert_eq!((row_after("Home", Some(2), 3), row_after("End", Some(0), 3)), (Some(0), Some(2)));
    assert_eq!((row_after("End", Some(2), 3), row_after("a", Some(0), 3)), (None, None));
    assert_eq!((row_after("ArrowDown", None, 3), row_after("ArrowUp", None, 3)), (Some(0), None));
    assert_eq!(row_after("ArrowDown", None, 0), None);
}
