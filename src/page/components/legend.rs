//! The legend of the scatter: names of classes, or a colour bar with its unit.

use leptos::prelude::*;

use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::page::view::legend::{bar_title, class_counts};
use crate::page::view::text::thousands;
use crate::plot::{Axis, Theme, tick_label};
use crate::spectrum::Class;

/// Renders the legend below the scatter.
#[component]
pub fn Legend() -> impl IntoView {
    let page = use_page();
    let counts =
        Memo::new(move |_| page.cloud.with(|cloud| class_counts(cloud.as_ref().map(|cloud| cloud.0.as_ref()))));
    let bar = Memo::new(move |_| {
        let coloring = page.coloring.get()?;
        Some((page.state.with(|state| bar_title(state, &coloring.column)), coloring.bar?))
    });
    let names = Memo::new(move |_| page.coloring.with(|coloring| coloring.as_ref()?.names()));
    let has_stars = Memo::new(move |_| {
        page.catalogue.with(|_| ());
        page.cloud.with(|_| ());
        page.state.with_untracked(|state| !state.star_rows().is_empty())
    });
    view! {
        <div class="legend">
            {move || match bar.get() {
                Some((title, _)) if names.get().is_some() => {
                    let names = names.get().unwrap_or_default();
                    Some(code_legend(Theme::of(page.dark.get()), title, names).into_any())
                }
                None => None,
                Some((title, range)) => Some(color_bar(Theme::of(page.dark.get()), title, range).into_any()),
            }}
            <ul class="classes" aria-label="Classes shown">
                {move || class_toggles(page, counts.get(), bar.get().is_none())}
                <Show when=move || has_stars.get()>
                    <li>
                        <button type="button" class="toggle" data-testid="toggle-stars"
                            aria-pressed=move || page.stars.get().to_string()
                            title="Mark the stars that were taken for galaxies"
                            on:click=move |_| page.act(AppState::toggle_stars)>
                            <span class="spark" aria-hidden="true" style:color=move || Theme::of(page.dark.get()).class(Class::Star).css()>"✦"</span>
                            "mark stars"
                        </button>
                    </li>
                </Show>
            </ul>
        </div>
    }
}

/// Returns a button for each class: its colour, its count, and whether it is shown.
fn class_toggles(page: Page, counts: [usize; Class::ALL.len()], colored: bool) -> impl IntoView {
    let theme = Theme::of(page.dark.get());
    let entry = move |class: Class| {
        let code = class.code() as u8;
        let hidden = Memo::new(move |_| page.state.with(|state| state.link().hidden.contains(&code)));
        view! {
            <li>
                <button type="button" class="toggle" data-testid=format!("class-{code}")
                    aria-pressed=move || (!hidden.get()).to_string()
                    title=move || if hidden.get() { "Show this class" } else { "Hide this class" }
                    on:click=move |_| page.act(|state| state.toggle_class(code))>
                    {colored.then(|| view! { <span class="dot" style:background=theme.class(class).css()></span> })}
                    {class.name()}
                    <span class="count">{thousands(counts[class as usize])}</span>
                </button>
            </li>
        }
    };
    Class::ALL.into_iter().filter(|&class| counts[class as usize] > 0).map(entry).collect_view()
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
