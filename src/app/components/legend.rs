//! What the colours of the scatter mean: names of classes, or a colour bar with its unit.

use leptos::prelude::*;

use super::scatter::{color_bar_of, follow_coloring};
use crate::app::page::use_page;
use crate::plot::{Axis, Theme, tick_label};
use crate::spectrum::Class;

/// Below the scatter.
#[component]
pub fn Legend() -> impl IntoView {
    let page = use_page();
    let counts = Memo::new(move |_| {
        let mut counts = [0usize; Class::ALL.len()];
        for &code in page.cloud.get().iter().flat_map(|cloud| cloud.0.class.iter()) {
            counts[Class::from_code(i32::from(code)) as usize] += 1;
        }
        counts
    });
    let coloring = follow_coloring(page);
    let bar = Memo::new(move |_| color_bar_of(&coloring.get()?, &page.manifest.get()?.0));
    let names = Memo::new(move |_| coloring.with(|coloring| coloring.as_ref()?.names()));
    view! {
        <div class="legend">
            {move || match bar.get() {
                Some((title, _)) if names.get().is_some() => {
                    let names = names.get().unwrap_or_default();
                    code_legend(Theme::of(page.dark.get()), title, names).into_any()
                }
                None => class_legend(Theme::of(page.dark.get()), counts.get()).into_any(),
                Some((title, range)) => color_bar(Theme::of(page.dark.get()), title, range).into_any(),
            }}
        </div>
    }
}

fn class_legend(theme: Theme, counts: [usize; Class::ALL.len()]) -> impl IntoView {
    let entry = move |class: Class| {
        view! {
            <li>
                <span class="dot" style:background=theme.class(class).css()></span>
                {class.name()}
                <span class="count">{thousands(counts[class as usize])}</span>
            </li>
        }
    };
    let present = Class::ALL.into_iter().filter(move |&class| counts[class as usize] > 0);
    view! { <ul class="classes">{present.map(entry).collect_view()}</ul> }
}

fn code_legend(theme: Theme, title: String, names: &'static [&'static str]) -> impl IntoView {
    let last = (names.len() - 1).max(1) as f64;
    let entry = move |(code, name): (usize, &'static &'static str)| {
        let color = theme.colormap().at(code as f64 / last).css();
        view! { <li><span class="dot" style:background=color></span>{*name}</li> }
    };
    let entries = names.iter().enumerate().map(entry).collect_view();
    view! { <ul class="classes"><li class="count">{title}</li>{entries}</ul> }
}

fn color_bar(theme: Theme, title: String, range: (f32, f32)) -> impl IntoView {
    let axis = Axis::linear(f64::from(range.0), f64::from(range.1));
    let ticks = axis.ticks(5);
    let labels = ticks.clone().into_iter().map(move |tick| {
        let left = format!("{:.1}%", axis.fraction(tick) * 100.0);
        view! { <span style:left=left>{tick_label(tick, &ticks)}</span> }
    });
    view! {
        <div class="bar">
            <span class="bar-title">{title}</span>
            <div class="bar-scale" style:background=theme.colormap().css_gradient()></div>
            <div class="bar-ticks">{labels.collect_view()}</div>
        </div>
    }
}

/// A count with thin spaces between thousands.
pub fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}
