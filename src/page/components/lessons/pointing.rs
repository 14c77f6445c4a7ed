//! Pointing at the control that a step means, and remembering in this browser which steps were done.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

use super::sight::{bring_into_view, call, show_result};
use crate::page::context::{Page, use_page};
use crate::page::lessons::{LessonStep, Step, Task};

/// The attribute by which the style sheet outlines what is pointed at.
const POINTED: &str = "data-pointed";
/// How often it is looked whether the control is there: it may stand in a tab that opens later.
const LOOK: Duration = Duration::from_millis(400);
/// Where this browser keeps the steps done.
const KEPT: &str = "spectrascape-lessons";

/// Outlines the control of a step and brings it into view once; when the step has been done, what came of it.
#[component]
pub fn Pointer(place: LessonStep) -> impl IntoView {
    let page = use_page();
    let done = Memo::new(move |_| page.state.with(|state| state.lessons().done().contains(&place)));
    let step = place.content();
    let ready = Memo::new(move |_| page.state.with(|state| state.status() == "ready"));
    let seen = StoredValue::new_local(None::<(Element, bool)>);
    // A step that was done some other time has nothing new to show.
    let has_result = !step.result_at.is_empty() && !done.get_untracked();
    let (opened, shown) = (StoredValue::new(false), StoredValue::new(false));
    let show = move || {
        // Nothing moves under a slider that is being dragged.
        if shown.get_value() || found("input[type=range]:active").is_some() {
            return;
        }
        let Some(result) = by_testid(step.result_at) else {
            // Once: whoever then turns to another tab is not called back.
            if !opened.get_value() {
                opened.set_value(true);
                open_tab(step);
            }
            return;
        };
        shown.set_value(true);
        show_result(&result, page);
    };
    let point = move || {
        let targets = targets(step);
        // Before the scroll: what is outlined keeps off the window's edges.
        point_at(if done.get_untracked() { &[] } else { &targets });
        // Another one than before: a tab has opened, and what is meant stands in it. Or the page has only now come to rest.
        let now = targets.into_iter().next().map(|target| (target, ready.get_untracked()));
        if now != seen.get_value() {
            now.iter().for_each(|(target, _)| bring_into_view(target, page));
            seen.set_value(now);
        }
    };
    let look = move || {
        if has_result && done.get_untracked() {
            point_at(&[]);
            show();
        } else {
            point();
        }
    };
    Effect::new(move |_| {
        ready.track();
        done.track();
        look();
    });
    let timer = set_interval_with_handle(look, LOOK).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
        point_at(&[]);
    });
}

/// The controls that a step points at, the one to bring into view first; the tab in which they stand, while that is closed.
fn targets(step: &Step) -> Vec<Element> {
    let there = || Some(step.points_at).filter(|testid| !testid.is_empty()).and_then(by_testid);
    let inside = match step.task {
        // The tab is open: what is in it is meant.
        Task::PcaOpen | Task::PcaComponents(_) => by_testid("pca-components"),
        Task::Drawn => by_testid("draw-places"),
        // A list is longer than the window: its first row stands for all.
        Task::OutliersListed | Task::OutlierSelected => found("[data-testid=outliers] .odd"),
        Task::NoiseBelow(_) => by_testid("noise-slider"),
        _ => None,
    };
    let both = match step.task {
        Task::AxesShown(..) => by_testid("axis-x"),
        _ => None,
    };
    inside.or_else(there).or_else(|| tab(step).and_then(by_testid)).into_iter().chain(both).collect()
}

/// The tab that a step plays in.
fn tab(step: &Step) -> Option<&'static str> {
    match (step.task, step.points_at) {
        (Task::PcaOpen | Task::PcaComponents(_), _) | (_, "pca-verdict") => Some("tab-pca"),
        _ if step.result_at == "pca-plot" => Some("tab-pca"),
        (Task::Drawn, _) | (_, "draws-count") => Some("tab-draws"),
        (Task::OutliersListed | Task::OutlierSelected, _) => Some("tab-outliers"),
        (Task::NoiseBelow(_), _) => Some("tab-noise"),
        _ => None,
    }
}

/// Opens the tab that a step plays in, as a click would.
pub fn open_tab(step: &Step) {
    let Some(name) = tab(step) else { return };
    if let Some(tab) = by_testid(name)
        && tab.get_attribute("aria-selected").as_deref() != Some("true")
        && let Ok(tab) = tab.dyn_into::<HtmlElement>()
    {
        tab.click();
    }
}

fn by_testid(testid: &str) -> Option<Element> {
    found(&format!("[data-testid={testid}]"))
}

fn found(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// Puts the keyboard on an element, once what has just changed is on screen.
pub fn focus(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().query_selector(selector).ok().flatten();
        if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Reads which steps were done in this browser, and keeps new ones; without storage they are forgotten with the page.
pub fn remember_done(page: Page) {
    let kept =
        storage().and_then(|storage| call(&storage, "getItem", &[&KEPT.into()])?.as_string()).unwrap_or_default();
    let places: Vec<LessonStep> = kept.split(',').filter_map(|place| place.parse().ok()).collect();
    if !places.is_empty() {
        page.act(|state| state.restore_lessons(places));
    }
    let done = Memo::new(move |_| page.state.with(|state| state.lessons().done().clone()));
    Effect::new(move |before: Option<usize>| {
        let places: Vec<String> = done.get().iter().map(LessonStep::to_string).collect();
        if before.is_some_and(|before| before != places.len())
            && let Some(storage) = storage()
        {
            let _ = call(&storage, "setItem", &[&KEPT.into(), &places.join(",").into()]);
        }
        places.len()
    });
}

/// What this browser keeps for the page; none where it may not keep anything.
fn storage() -> Option<JsValue> {
    js_sys::Reflect::get(&window(), &"localStorage".into()).ok().filter(JsValue::is_object)
}

/// Outlines these, and nothing else.
fn point_at(targets: &[Element]) {
    let outlined = call(&document(), "querySelectorAll", &[&format!("[{POINTED}]").into()]);
    let outlined = outlined.iter().flat_map(|list| js_sys::Array::from(list).to_vec());
    // One that stays is not touched: its outline would pulse anew.
    for other in outlined.filter_map(|other| other.dyn_into::<Element>().ok()).filter(|other| !targets.contains(other))
    {
        let _ = other.remove_attribute(POINTED);
    }
    for target in targets.iter().filter(|target| !target.has_attribute(POINTED)) {
        let _ = target.set_attribute(POINTED, "");
    }
}
