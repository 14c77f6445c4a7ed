//! Captions of exported plots: title, legend, colour bar and note, within the figure.

use spectrascape::plot::{Caption, ColorBar, LegendEntry, Rgb, Swatch, Theme, captioned};

fn entries(count: usize) -> Vec<LegendEntry> {
    let entry = |index: usize| LegendEntry {
        label: format!("entry number {index}"),
        color: Rgb(index as u8, 0, 0),
        swatch: [Swatch::Line, Swatch::Area, Swatch::Dot][index % 3],
    };
    (0..count).map(entry).collect()
}

fn drawn(caption: &Caption, width: f64) -> String {
    captioned((width, 200.0), "A plot", caption, Theme::LIGHT, |sheet| {
        sheet.pen.line((0.0, 0.0), (10.0, 10.0), Theme::LIGHT.ink, 1.0)
    })
    .expect("it is drawn")
}

#[test]
fn a_caption_stands_around_the_plot_and_within_the_figure() {
    let bar = ColorBar {
        title: "Redshift".to_owned(),
        colors: vec![Rgb(0, 0, 0), Rgb(255, 255, 255)],
        ticks: vec![(0.0, "0.0".to_owned()), (0.5, "0.2".to_owned()), (7.0, "far".to_owned())],
    };
    let (title, note) = ("A & B < C".to_owned(), "SIMULATED".to_owned());
    let caption = Caption { title, entries: entries(7), bar: Some(bar), note };
    let (above, below) = caption.heights(400.0);
    let text = drawn(&caption, 400.0);
    assert!(text.contains(&format!("width=\"400\" height=\"{}\"", 200.0 + above + below)), "{}", &text[..200]);
    assert!(text.contains(&format!("translate(0 {})", above * 8.0)), "the plot begins below the title");
    for word in ["A &amp; B &lt; C", "entry number 6", "Redshift", "0.2", "SIMULATED"] {
        assert!(text.contains(word), "{word}");
    }
    assert!(!text.contains("far"), "a tick beyond the bar is left out");
    assert_eq!((text.matches("<svg").count(), text.matches("</svg>").count()), (1, 1));
    // Narrow figures have more rows.
    assert!(caption.heights(200.0).1 > below && Caption::default().heights(400.0) == (0.0, 0.0));
}

#[test]
fn a_long_title_ends_within_the_figure() {
    let caption = Caption { title: "word ".repeat(80), ..Caption::default() };
    let text = drawn(&caption, 300.0);
    assert!(text.contains('…') && !text.contains(&"word ".repeat(30)));
    assert!(drawn(&Caption { title: "é".repeat(99), ..Caption::default() }, 1.0).contains("<svg"));
}
