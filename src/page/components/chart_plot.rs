//! A chart on a canvas of its own, with a menu that saves it.

use leptos::html;
use leptos::prelude::*;

use super::save_menu::SaveMenu;
use crate::page::canvas::{follow_size, paint, redraw_on};
use crate::page::context::use_page;
use crate::plot::{Area, Chart, Theme, figure};

/// Renders the chart that `chart` returns for a theme; `what` is its name in file names, `label` its description for screen
/// readers.
#[component]
pub fn ChartPlot(
    what: &'static str,
    testid: &'static str,
    class: &'static str,
    #[prop(into)] label: Signal<String>,
    /// Value that changes whenever the chart does.
    #[prop(optional, into)]
    follows: Signal<u64>,
    chart: impl Fn(&Theme) -> Chart + Send + Sync + 'static,
) -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let chart = StoredValue::new(chart);
    let area = move || {
        let size = size.get_untracked();
        Area { left: 74.0, top: 12.0, right: size.width - 10.0, bottom: size.height - 40.0 }
    };
    let key = Memo::new(move |_| (follows.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let theme = page.theme();
        let drawing = chart.with_value(|chart| chart(&theme));
        paint(
            &canvas,
            size.get_untracked(),
            |_| (),
            |pen| {
                let _ = drawing.draw(pen, &theme, area());
            },
        );
    });
    let svg = move |_: &str| {
        let (size, theme) = (size.get_untracked(), page.theme());
        let drawing = chart.with_value(|chart| chart(&theme));
        let title = label.get_untracked();
        figure(size.width, size.height, &title, theme, |sheet| drawing.draw(&mut sheet.pen, &theme, area()))
    };
    view! {
        <div class=format!("plot {class}")>
            <canvas node_ref=canvas role="img" data-testid=testid aria-label=move || label.get()></canvas>
            <div class="plot-menu"><SaveMenu what svg /></div>
        </div>
    }
}
