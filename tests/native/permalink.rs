//! Links: what is printed is read back, and no link, however wrong, is fatal.

use proptest::prelude::*;
use spectrascape::app::{AxisChoice, Permalink, View};
use spectrascape::spectrum::SpectrumId;

#[test]
fn a_whole_link_is_read() {
    let (link, problems) = Permalink::parse(
        "#v=1&data=simulated&model=vae6&z=0.12,-0.5,1,0,0,2.25&axes=1,5&color=truth_age&sel=266-51602-1&view=train&embed=1",
    );
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(link.latent, Some(vec![0.12, -0.5, 1.0, 0.0, 0.0, 2.25]));
    assert_eq!(link.axes, (AxisChoice::Vae(1), AxisChoice::Vae(5)));
    assert_eq!(link.color, "truth_age");
    assert_eq!(link.selected, Some(SpectrumId { plate: 266, mjd: 51602, fiber: 1 }));
    assert_eq!((link.view, link.embed), (View::Train, true));
}

#[test]
fn the_default_link_prints_as_documented() {
    let link = Permalink { latent: Some(vec![0.12, -0.5]), ..Permalink::default() };
    assert_eq!(link.to_string(), "v=1&data=simulated&model=vae6&z=0.12,-0.5&axes=1,2&color=class&view=explore");
}

#[test]
fn unknown_keys_are_ignored() {
    let (link, problems) = Permalink::parse("v=1&track=S&utm_source=chat&flag");
    assert_eq!((link, problems), (Permalink::default(), Vec::new()));
}

#[test]
fn chats_may_escape_commas() {
    let (link, problems) = Permalink::parse("axes=l1%2Cl3&z=1%2c2");
    assert!(problems.is_empty());
    assert_eq!(link.axes, (AxisChoice::Latent(1), AxisChoice::Latent(3)));
    assert_eq!(link.latent, Some(vec![1.0, 2.0]));
}

#[test]
fn wrong_values_are_named_and_dropped() {
    let wrong = [
        "v=2",
        "data=../secret",
        "model=",
        "z=1,nan",
        "z=1,,2",
        "axes=0,1",
        "axes=1",
        "axes=x,y",
        "sel=12-34",
        "view=fly",
        "embed=maybe",
        "color=a b",
    ];
    for pair in wrong {
        let (link, problems) = Permalink::parse(pair);
        assert_eq!(link, Permalink::default(), "{pair}");
        assert_eq!(problems.len(), 1, "{pair}");
        assert!(problems[0].contains(pair.split('=').next().unwrap()), "{}", problems[0]);
    }
}

#[test]
fn one_wrong_value_leaves_the_others() {
    let (link, problems) = Permalink::parse("axes=7,banana&color=redshift");
    assert_eq!(problems.len(), 1);
    assert_eq!(link.color, "redshift");
}

fn any_axis() -> impl Strategy<Value = AxisChoice> {
    (1usize..=64, any::<bool>()).prop_map(|(n, raw)| if raw { AxisChoice::Latent(n) } else { AxisChoice::Vae(n) })
}

fn any_link() -> impl Strategy<Value = Permalink> {
    let latent = proptest::option::of(proptest::collection::vec(-20_000i32..20_000, 1..11));
    let selected = proptest::option::of((0i32..20_000, 0i32..90_000, 0i32..2_000));
    let names = ("[a-zA-Z0-9_-]{1,20}", "[a-zA-Z0-9_-]{1,20}", "[a-z_]{1,20}");
    (names, latent, (any_axis(), any_axis()), selected, any::<bool>(), any::<bool>()).prop_map(
        |((data, model, color), latent, axes, selected, train, embed)| Permalink {
            data,
            model,
            latent: latent.map(|values| values.into_iter().map(|v| (f64::from(v) / 1000.0) as f32).collect()),
            axes,
            color,
            selected: selected.map(|(plate, mjd, fiber)| SpectrumId { plate, mjd, fiber }),
            view: if train { View::Train } else { View::Explore },
            embed,
        },
    )
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(link in any_link()) {
        prop_assert_eq!(Permalink::parse(&format!("#{link}")), (link, Vec::new()));
    }

    #[test]
    fn no_text_is_fatal(text in ".{0,200}") {
        let (link, _) = Permalink::parse(&text);
        prop_assert_eq!(Permalink::parse(&link.to_string()).1, Vec::<String>::new());
    }
}
