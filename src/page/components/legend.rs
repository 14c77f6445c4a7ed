//! The legend of the scatter: names of classes, or a colour bar with its unit.

use leptos::prelude::*;

use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::page::view::color_scale::{ColorScale, ScaleKind};
use crate::page::view::legend::{bar_title, class_counts};
use crate::page::view::text::thousands;
use crate::plot::Theme;
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
    let missing =
        Memo::new(move |_| page.coloring.with(|coloring| coloring.as_ref().map_or(0, |coloring| coloring.missing)));
    let scale = Memo::new(move |_| page.coloring.with(|coloring| coloring.as_ref()?.scale.clone()));
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
                    Some(code_legend(Theme::of(page.dark.get()), title, names, missing.get()).into_any())
                }
                None => None,
                Some((title, _)) => scale.get().map(|scale| color_bar(page, title, scale, missing.get()).into_any()),
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
        let click = move |event: leptos::ev::MouseEvent| {
            if event.alt_key() {
                page.act(|state| state.isolate_class(code));
            } else if event.detail() < 2 {
                // The second click of a double click is part of it.
                page.act(|state| state.toggle_class(code));
            }
        };
        let double = move |event: leptos::ev::MouseEvent| {
            if !event.alt_key() {
                page.act(|state| state.isolate_class_again(code));
            }
        };
        let hint = "Alt+click or double click: this class alone";
        view! {
            <li>
                <button type="button" class="toggle" data-testid=format!("class-{code}")
                    aria-pressed=move || (!hidden.get()).to_string()
                    title=move || format!("{} this class. {hint}", if hidden.get() { "Show" } else { "Hide" })
                    on:click=click on:dblclick=double>
                    {colored.then(|| view! { <span class="dot" style:background=theme.class(class).css()></span> })}
                    {class.name()}
                    <span class="count">{thousands(counts[class as usize])}</span>
                </button>
            </li>
        }
    };
    Class::ALL.into_iter().filter(|&class| counts[class as usize] > 0).map(entry).collect_view()
}

fn code_legend(theme: Theme, title: String, names: &'static [&'static str], missing: usize) -> impl IntoView {
    let palette = theme.category_palette(names);
    let entry = |(code, name): (usize, &'static &'static str)| {
        view! { <li><span class="dot" style:background=palette[code].css()></span>{*name}</li> }
    };
    let entries = names.iter().enumerate().map(entry).collect_view();
    let none =
        (missing > 0).then(|| view! { <li class="count">{format!("{} without a value", thousands(missing))}</li> });
    view! { <ul class="classes"><li class="count">{title}</li>{entries}{none}</ul> }
}

/// Returns the colour bar: title, scale with its choice, ticks, and what lies beyond its ends.
fn color_bar(page: Page, title: String, scale: ColorScale, missing: usize) -> impl IntoView {
    let theme = Theme::of(page.dark.get());
    let labels = scale.ticks().into_iter().map(|(at, label)| {
        view! { <span style:left=format!("{:.1}%", at * 100.0)>{label}</span> }
    });
    let choose = move |event: leptos::ev::Event| {
        let kind = ScaleKind::from_name(&event_target_value(&event));
        page.act(|state| state.set_scale(kind));
    };
    let option = |kind: ScaleKind| {
        let is_chosen = !scale.chosen_by_page && scale.kind == kind;
        view! { <option value=kind.name() selected=is_chosen>{kind.label()}</option> }
    };
    let automatic = format!("automatic: {}", scale.kind.label());
    let automatic = if scale.chosen_by_page { automatic } else { "automatic".to_owned() };
    let note = scale.note(missing);
    view! {
        <div class="bar" class:below=(scale.beyond.0 > 0) class:above=(scale.beyond.1 > 0)>
            <span class="bar-title">{title}</span>
            <div class="bar-scale" style:background=theme.colormap().css_gradient()></div>
            <select class="bar-kind" data-testid="color-scale" aria-label="Scale of the colours" on:change=choose>
                <option value="auto" selected=scale.chosen_by_page>{automatic}</option>
                {ScaleKind::ALL.map(option).collect_view()}
            </select>
            <div class="bar-ticks">{labels.collect_view()}</div>
            {note.map(|note| view! { <span class="bar-note" data-testid="color-note">{note}</span> })}
        </div>
    }
}
