//! Outlines the control that a step is about, and stores in this browser which steps are done.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlElement};

use super::sight::{scroll_to_target, show_result};
use crate::page::client::js::call;
use crate::page::context::{Page, use_page};
use crate::page::lessons::{LessonStep, Step, Task};

/// The heading of the card, which takes the focus when the card changes.
pub const TITLE: &str = "#lesson-card h2";
/// Attribute by which the style sheet outlines an element.
const POINTED: &str = "data-pointed";
/// Interval at which the control is searched for: it may be in a tab that opens later.
const LOOK: Duration = Duration::from_millis(400);
/// Key in local storage of the steps done.
const KEPT: &str = "spectrascape-lessons";

/// Outlines the control of a step and scrolls to it once; after the step is done, or while the path that it asks for plays, scrolls to
/// its result.
#[component]
pub fn Pointer(at: LessonStep) -> impl IntoView {
    let page = use_page();
    let done = Memo::new(move |_| page.state.with(|state| state.lessons().done().contains(&at)));
    let step = at.content();
    let ready = Memo::new(move |_| page.state.with(|state| state.status() == "ready"));
    let seen = StoredValue::new_local(None::<(Element, bool)>);
    // A step that was done earlier has no new result to show.
    let has_result = !step.result_at.is_empty() && !done.get_untracked();
    let (opened, shown) = (StoredValue::new(false), StoredValue::new(false));
    let show = move || {
        // Nothing scrolls while a slider is being dragged.
        if shown.get_value() || found("input[type=range]:active").is_some() {
            return;
        }
        let Some(result) = by_testid(step.result_at) else {
            // The tab is opened once: a user who turns to another tab is not called back.
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
        // Before the scroll, since the outline's margin keeps the element off the window's edges.
        point_at(if done.get_untracked() { &[] } else { &targets });
        // The target changes when a tab with the control opens, and is scrolled to again when the page becomes ready.
        let now = targets.into_iter().next().map(|target| (target, ready.get_untracked()));
        if now != seen.get_value() {
            now.iter().for_each(|(target, _)| scroll_to_target(target, page));
            seen.set_value(now);
        }
    };
    let follows_path = matches!(step.task, Task::PathFollowed(_));
    let playing = Memo::new(move |_| page.state.with(|state| state.path().is_some_and(|path| path.playing)));
    let look = move || {
        let has_begun = done.get_untracked() || (follows_path && playing.get_untracked());
        if has_result && has_begun {
            point_at(&[]);
            show();
        } else {
            point();
        }
    };
    Effect::new(move |_| {
        ready.track();
        done.track();
        playing.track();
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

/// Returns the elements that a step is about, the one to scroll to first; the button of their tab while the tab is closed.
fn targets(step: &Step) -> Vec<Element> {
    let named = || Some(step.points_at).filter(|testid| !testid.is_empty()).and_then(by_testid);
    let inside = match step.task {
        // In an open tab, the content is the target and not the tab's button.
        Task::PcaOpen | Task::PcaComponents(_) => by_testid("pca-components"),
        Task::Drawn => by_testid("draw-places"),
        // The list is longer than the window, so its first row represents it.
        Task::OutliersListed | Task::OutlierSelected => found("[data-testid=outliers] .odd"),
        Task::NoiseBelow(_) => by_testid("noise-slider"),
        _ => None,
    };
    let both = match step.task {
        Task::AxesShown(..) => by_testid("axis-x"),
        _ => None,
    };
    inside.or_else(named).or_else(|| tab(step).and_then(by_testid)).into_iter().chain(both).collect()
}

/// Returns the test id of the tab that a step uses.
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

/// Opens the tab that a step uses, as a click would.
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

/// Moves the focus to the control of a step, whose tab opens first.
pub fn focus_control(step: &'static Step) {
    open_tab(step);
    in_next_frame(move || {
        if let Some(control) = control(step) {
            let _ = control.focus();
        }
    });
}

/// Returns whether the focus is on the control of a step.
pub fn focus_is_on_control(step: &Step) -> bool {
    control(step).is_some_and(|control| document().active_element().is_some_and(|active| active == *control))
}

/// Returns the element of a step's target that takes the focus.
fn control(step: &Step) -> Option<HtmlElement> {
    const FOCUSABLE: &str = "button:not([disabled]), input, select, canvas[tabindex], [tabindex='0']";
    let target = targets(step).into_iter().next()?;
    let is_focusable = target.matches(FOCUSABLE).unwrap_or(false);
    let inside = if is_focusable { None } else { target.query_selector(FOCUSABLE).ok().flatten() };
    inside.unwrap_or(target).dyn_into().ok()
}

/// Returns whether the focus is in the lessons' card.
pub fn focus_is_in_card() -> bool {
    found("#lesson-card:focus-within").is_some()
}

/// Moves the focus to an element, after the next frame.
pub fn focus(selector: &'static str) {
    in_next_frame(move || {
        if let Some(element) = found(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Runs `move_focus` in the next frame unless the user has moved the focus by then: on a slow machine a frame takes long enough for
/// another key, and that key's control must not lose the focus again.
fn in_next_frame(move_focus: impl FnOnce() + 'static) {
    let before = document().active_element();
    request_animation_frame(move || {
        let now = document().active_element();
        // The body has the focus once the element that had it is gone.
        let is_unmoved = now == before || now.is_none_or(|element| element.tag_name() == "BODY");
        if is_unmoved {
            move_focus();
        }
    });
}

/// Reads the steps done from this browser's storage, and stores new ones; without storage they are lost with the page.
pub fn remember_done(page: Page) {
    let kept =
        storage().and_then(|storage| call(&storage, "getItem", &[&KEPT.into()])?.as_string()).unwrap_or_default();
    let lesson_steps: Vec<LessonStep> = kept.split(',').filter_map(|at| at.parse().ok()).collect();
    if !lesson_steps.is_empty() {
        page.act(|state| state.restore_lessons(lesson_steps));
    }
    let done = Memo::new(move |_| page.state.with(|state| state.lessons().done().clone()));
    Effect::new(move |before: Option<usize>| {
        let lesson_steps: Vec<String> = done.get().iter().map(LessonStep::to_string).collect();
        if before.is_some_and(|before| before != lesson_steps.len())
            && let Some(storage) = storage()
        {
            let _ = call(&storage, "setItem", &[&KEPT.into(), &lesson_steps.join(",").into()]);
        }
        lesson_steps.len()
    });
}

/// Returns the browser's local storage; `None` where it is not available.
fn storage() -> Option<JsValue> {
    js_sys::Reflect::get(&window(), &"localStorage".into()).ok().filter(JsValue::is_object)
}

/// Outlines these elements and no others.
fn point_at(targets: &[Element]) {
    let outlined = call(&document(), "querySelectorAll", &[&format!("[{POINTED}]").into()]);
    let outlined = outlined.iter().flat_map(|list| js_sys::Array::from(list).to_vec());
    // An element that stays outlined is not touched, or its outline would pulse again.
    for other in outlined.filter_map(|other| other.dyn_into::<Element>().ok()).filter(|other| !targets.contains(other))
    {
        let _ = other.remove_attribute(POINTED);
    }
    for target in targets.iter().filter(|target| !target.has_attribute(POINTED)) {
        let _ = target.set_attribute(POINTED, "");
    }
}
