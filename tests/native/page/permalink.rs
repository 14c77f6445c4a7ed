//! Links: what is printed is read back, and no link, however wrong, is fatal.

use proptest::prelude::*;
use spectrascape::formats::set::EncodingMethod;
use spectrascape::page::view::color_scale::ScaleKind;
use spectrascape::page::{AxisChoice, LessonStep, MOST_LINKED, Permalink, Tab, View};
use spectrascape::plot::SMOOTHINGS;
use spectrascape::spectrum::SourceId;

#[test]
fn a_whole_link_is_read() {
    let (link, problems) = Permalink::parse(
        "#v=1&data=simulated&model=vae6&z=0.12,-0.5,1,0,0,2.25&axes=1,5&color=truth_age&sel=266-51602-1&view=train&embed=1",
    );
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(link.latent, Some(vec![0.12, -0.5, 1.0, 0.0, 0.0, 2.25]));
    assert_eq!(link.axes, (AxisChoice::Vae(1), AxisChoice::Vae(5)));
    assert_eq!(link.color, "truth_age");
    assert_eq!(link.selected, Some(SourceId::sdss(266, 51602, 1)));
    assert_eq!((link.view, link.embed), (View::Train, true));
}

#[test]
fn the_default_link_prints_as_documented() {
    let link = Permalink { latent: Some(vec![0.12, -0.5]), ..Permalink::default() };
    assert_eq!(link.to_string(), "v=1&data=simulated&model=vae6&z=0.12,-0.5&axes=1,2&color=class&view=explore");
}

#[test]
fn unknown_keys_are_ignored() {
    let (link, problems) = Permalink::parse("v=1&utm_source=chat&flag&colour=blue");
    assert_eq!((link, problems), (Permalink::default(), Vec::new()));
}

#[test]
fn tracks_regions_hidden_classes_and_columns_are_read_and_printed() {
    let text =
        "v=1&data=simulated&model=vae6&axes=u1,c:truth_age&color=lof&view=explore&track=S&region=halpha&hide=1,4";
    let (link, problems) = Permalink::parse(text);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(link.axes, (AxisChoice::Umap(1), AxisChoice::Column("truth_age".to_owned())));
    assert_eq!(
        (link.track.as_deref(), link.region.as_deref(), link.hidden.as_slice()),
        (Some("S"), Some("halpha"), &[1, 4][..])
    );
    assert_eq!(link.to_string(), text);
}

#[test]
fn what_the_plots_show_is_read_and_printed() {
    let text = "v=1&data=simulated&model=vae6&axes=1,2&color=class&view=explore&range=5000.5,5200&smooth=5&zoom=-1.25,2,0,0.5\
                &tab=outliers&corner=raw&stars=1&pins=266-51602-1,desi:7&pick=266-51602-2,266-51602-3";
    let (link, problems) = Permalink::parse(text);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!((link.range, link.smoothing), (Some((5000.5, 5200.0)), 5));
    assert_eq!((link.zoom, link.tab), (Some(((-1.25, 2.0), (0.0, 0.5))), Tab::Outliers));
    assert!(link.raw_corner && link.stars);
    assert_eq!(link.pins, [SourceId::sdss(266, 51602, 1), SourceId::desi(7)]);
    assert_eq!(link.picked, [SourceId::sdss(266, 51602, 2), SourceId::sdss(266, 51602, 3)]);
    assert_eq!(link.to_string(), text);
    let many: Vec<String> = (1..=MOST_LINKED + 1).map(|fiber| format!("266-51602-{fiber}")).collect();
    assert_eq!(Permalink::parse(&format!("pick={}", many.join(","))).1.len(), 1, "too many");
    assert!(Permalink::parse(&format!("pick={}", many[1..].join(","))).1.is_empty());
    for tab in Tab::all() {
        assert_eq!(Tab::from_key(tab.key()), Some(tab));
        assert_eq!(tab.stepped(1).stepped(-1), tab);
    }
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
        "lesson=9.9",
        "data=../secret",
        "model=",
        "z=1,nan",
        "z=1,,2",
        "z=1e9,0",
        "axes=0,1",
        "axes=1",
        "axes=x,y",
        "axes=sky,1",
        "sel=12-34",
        "view=fly",
        "embed=maybe",
        "axes=u3,1",
        "axes=c:../x,1",
        "hide=all",
        "color=a b",
        "encoding=guessed",
        "range=5000",
        "range=5200,5000",
        "range=1,inf",
        "smooth=4",
        "zoom=0,1,2",
        "zoom=1,0,0,1",
        "zoom=0,nan,0,1",
        "tab=kitchen",
        "corner=round",
        "stars=many",
        "pins=12-34",
        "pick=266-51602-1,",
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
    prop_oneof![
        (1usize..=64).prop_map(AxisChoice::Vae),
        (1usize..=64).prop_map(AxisChoice::Latent),
        (1usize..=2).prop_map(AxisChoice::Umap),
        "[a-z_]{1,20}".prop_map(AxisChoice::Column),
    ]
}

fn any_link() -> impl Strategy<Value = Permalink> {
    let latent = proptest::option::of(proptest::collection::vec(-20_000i32..20_000, 1..11));
    let of_sdss = (0i32..20_000, 0i32..90_000, 0i32..2_000).prop_map(|(a, b, c)| SourceId::sdss(a, b, c));
    let of_sdss_v = (0i64..200_000, 0i64..90_000, any::<i64>()).prop_map(|(a, b, c)| SourceId::sdss_v(a, b, c.max(0)));
    let of_desi = (0i64..i64::MAX).prop_map(SourceId::desi);
    let selected = proptest::option::of(prop_oneof![of_sdss, of_sdss_v, of_desi]);
    let names = ("[a-zA-Z0-9_-]{1,20}", "[a-zA-Z0-9_-]{1,20}", "[a-z_]{1,20}");
    let track = proptest::option::of("[SEPA]|sweep[1-9]");
    let region = proptest::option::of("[a-z]{1,8}");
    let lesson = proptest::option::of((1usize..=6, 1usize..=4));
    let extras = (track, region, proptest::collection::vec(0u8..6, 0..4), lesson);
    let range = || (-1e6f64..1e6, 1e-3f64..1e6).prop_map(|(from, length)| (from, from + length));
    let ids = || proptest::collection::vec((0i32..20_000).prop_map(|plate| SourceId::sdss(plate, 51602, 1)), 0..5);
    let plots = (
        proptest::option::of(range()),
        proptest::option::of((range(), range())),
        (0usize..4).prop_map(|index| SMOOTHINGS[index]),
        (0isize..9).prop_map(|step| Tab::default().stepped(step)),
        (any::<bool>(), any::<bool>()),
        (ids(), ids()),
    );
    let axes = prop_oneof![
        9 => (any_axis(), any_axis()),
        1 => Just((AxisChoice::Sky, AxisChoice::Sky)),
    ];
    (names, latent, axes, selected, (any::<bool>(), any::<bool>(), any::<bool>()), extras, plots).prop_map(
        |(
            (data, model, color),
            latent,
            axes,
            selected,
            (train, embed, plain),
            (track, region, hidden, lesson),
            (range, zoom, smoothing, tab, (raw_corner, stars), (pins, picked)),
        )| {
            Permalink {
                data,
                model,
                latent: latent.map(|values| values.into_iter().map(|v| (f64::from(v) / 1000.0) as f32).collect()),
                axes,
                color,
                scale: [None, Some(ScaleKind::Log), Some(ScaleKind::Rank)][usize::from(train) + usize::from(embed)],
                selected,
                view: if train { View::Train } else { View::Explore },
                track,
                hidden,
                region,
                range,
                smoothing,
                zoom,
                tab,
                raw_corner,
                stars,
                pins,
                picked,
                lesson: lesson.and_then(|(lesson, step)| LessonStep::new(lesson, step)),
                plan: None,
                run: false,
                ends: embed.then(|| "0f".repeat(32).parse().unwrap()),
                encoding: if plain { EncodingMethod::Plain } else { EncodingMethod::Fitted },
                embed,
            }
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

#[test]
fn the_weights_at_the_end_of_a_training_are_read_and_printed() {
    let text = format!("v=1&data=simulated&model=vae6&axes=1,2&color=class&view=train&ends={}", "0f".repeat(32));
    let (link, problems) = Permalink::parse(&text);
    assert_eq!((link.to_string(), problems), (text, Vec::new()));
    let (link, problems) = Permalink::parse("ends=0f0f");
    assert_eq!(link.ends, None);
    assert!(problems[0].contains("64 digits"), "{problems:?}");
}
