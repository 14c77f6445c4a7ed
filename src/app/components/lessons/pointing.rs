//! Pointing at the control that a step means, and remembering in this browser which steps were done.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

use crate::app::lessons::{LessonPlace, Step, Task};
use crate::app::page::{Page, use_page};

/// The attribute by which the style sheet outlines what is pointed at.
const POINTED: &str = "data-pointed";
/// How often it is looked whether the control is there: it may stand in a tab that opens later.
const LOOK: Duration = Duration::from_millis(400);
/// Where this browser keeps the steps done.
const KEPT: &str = "spectrascape-lessons";

/// Outlines the control of a step, and brings it into view once.
#[component]
pub fn Pointer(place: LessonPlace) -> impl IntoView {
    let page = use_page();
    let done = Memo::new(move |_| page.state.with(|state| state.lessons.done.contains(&place)));
    let step = Step::at(place);
    let ready = Memo::new(move |_| page.state.with(|state| state.status() == "ready"));
    let seen = StoredValue::new_local(None::<(Element, bool)>);
    let look = move || {
        let target = target(step);
        // Another one than before: a tab has opened, and what is meant stands in it. Or the page has only now come to rest.
        let now = target.clone().map(|target| (target, ready.get_untracked()));
        if now != seen.get_value() {
            target.iter().for_each(|target| bring_into_view(target, page));
            seen.set_value(now);
        }
        point_at(target.as_ref().filter(|_| !done.get_untracked()));
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
        point_at(None);
    });
}

/// The control that a step points at; the tab in which it stands, while that is closed.
fn target(step: &Step) -> Option<Element> {
    let found = |testid: &str| document().query_selector(&format!("[data-testid={testid}]")).ok().flatten();
    let there = Some(step.points_at).filter(|testid| !testid.is_empty()).and_then(found);
    let inside = match step.task {
        // The tab is open: what is in it is meant.
        Task::PcaOpen | Task::PcaComponents(_) => found("pca-components"),
        Task::Drawn => found("draw-places"),
        Task::OutliersListed | Task::OutlierSelected => found("outliers"),
        Task::NoiseBelow(_) => found("noise-slider"),
        _ => None,
    };
    inside.or(there).or_else(|| tab(step).and_then(found))
}

/// The tab that a step plays in.
fn tab(step: &Step) -> Option<&'static str> {
    match (step.task, step.points_at) {
        (Task::PcaOpen | Task::PcaComponents(_), _) | (_, "pca-verdict") => Some("tab-pca"),
        (Task::Drawn, _) | (_, "draws-count") => Some("tab-draws"),
        (Task::OutliersListed | Task::OutlierSelected, _) => Some("tab-outliers"),
        (Task::NoiseBelow(_), _) => Some("tab-noise"),
        _ => None,
    }
}

/// Opens the tab that a step plays in, as a click would.
pub fn open_tab(step: &Step) {
    let Some(name) = tab(step) else { return };
    if let Ok(Some(tab)) = document().query_selector(&format!("[data-testid={name}]"))
        && tab.get_attribute("aria-selected").as_deref() != Some("true")
        && let Ok(tab) = tab.dyn_into::<HtmlElement>()
    {
        tab.click();
    }
}

/// Scrolls what a step is about into view.
fn bring_into_view(target: &Element, page: Page) {
    let narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < 960.0);
    // A tab may be beyond the end of its row.
    scroll(target, "auto", "nearest");
    let motion = if page.still.get_untracked() { "auto" } else { "smooth" };
    match whole_of(target) {
        Some(card) => scroll(&card, motion, "start"),
        // On a phone the card covers the lower half: what is meant goes to the top.
        None if narrow => scroll(target, motion, "start"),
        None => {}
    }
}

/// The part of the page that is meant as a whole: of the tabs that set model and rivals side by side, all; of a control in the
/// lesson's own card, the spectrum that it changes.
fn whole_of(target: &Element) -> Option<Element> {
    let within = |selector: &str| target.closest(selector).ok().flatten();
    if within(".lesson-card").is_some() {
        return document().query_selector(".light").ok().flatten();
    }
    let tabs = "[data-testid=tab-pca], [data-testid=tab-draws], [data-testid=pca-components], [data-testid=draw-places], \
                [data-testid=pca-verdict], [data-testid=draws-count]";
    within(tabs)?;
    within(".about")
}

fn scroll(element: &Element, behavior: &str, block: &str) {
    let options = js_sys::Object::new();
    for (key, value) in [("behavior", behavior), ("block", block), ("inline", "nearest")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    let _ = call(element, "scrollIntoView", &[&options]);
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
    let places: Vec<LessonPlace> = kept.split(',').filter_map(|place| place.parse().ok()).collect();
    if !places.is_empty() {
        page.act(|state| {
            // The step that the link opens is for doing, also a second time.
            let open = state.link.lesson;
            state.lessons.done.extend(places.into_iter().filter(|place| Some(*place) != open));
        });
    }
    let done = Memo::new(move |_| page.state.with(|state| state.lessons.done.clone()));
    Effect::new(move |before: Option<usize>| {
        let places: Vec<String> = done.get().iter().map(LessonPlace::to_string).collect();
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

/// Calls a method that web-sys has behind features of its own: each of those would make the browser's bindings larger for two
/// calls.
fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Option<JsValue> {
    let method: js_sys::Function = js_sys::Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    method.apply(object, &arguments.iter().copied().collect::<js_sys::Array>()).ok()
}

fn point_at(target: Option<&Element>) {
    // One at most is outlined at a time.
    if let Ok(Some(other)) = document().query_selector(&format!("[{POINTED}]"))
        && Some(&other) != target
    {
        let _ = other.remove_attribute(POINTED);
    }
    if let Some(target) = target.filter(|target| !target.has_attribute(POINTED)) {
        let _ = target.set_attribute(POINTED, "");
    }
}
