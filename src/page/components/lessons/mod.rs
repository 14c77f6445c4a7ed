//! The guided lessons: a button in the header, a list of them, and a card that stays next to what a step is about.

mod pointing;
mod sight;
mod step;

use leptos::prelude::*;

use crate::page::context::use_page;
use crate::page::lessons::{LESSONS, LessonStep};
use crate::page::state::AppState;
use pointing::{Pointer, TITLE, focus, focus_control, focus_is_in_card, focus_is_on_control, remember_done};
use step::StepBody;

/// Renders the button that opens the lessons.
#[component]
pub fn LessonsButton() -> impl IntoView {
    let page = use_page();
    let open = Memo::new(move |_| page.state.with(AppState::lessons_are_open));
    view! {
        <button type="button" data-testid="lessons" aria-expanded=move || open.get().to_string() aria-controls="lesson-card"
            on:click=move |_| {
                page.act(AppState::toggle_lessons);
                focus(TITLE);
            }>"Lessons"</button>
    }
}

/// Renders the card: the list of lessons, or one step.
#[component]
pub fn LessonCard() -> impl IntoView {
    let page = use_page();
    let open = Memo::new(move |_| page.state.with(AppState::lessons_are_open));
    let at = Memo::new(move |_| page.state.with(|state| state.link().lesson));
    // Away from the control of the step, which lies in the left column.
    let right = Memo::new(move |_| {
        at.get().is_some_and(|at| ["scatter", "color-by", "axis-y"].contains(&at.content().points_at))
    });
    let folded = RwSignal::new(false);
    Effect::new(move |_| {
        at.track();
        folded.set(false);
    });
    remember_done(page);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close(page);
        }
    };
    // As F6 goes from region to region in other programs: to the step's control and back.
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() != "F6" || !open.get_untracked() {
            return;
        }
        event.prevent_default();
        // The control of some steps is in the card.
        match at.get_untracked().filter(|at| focus_is_in_card() && !focus_is_on_control(at.content())) {
            Some(at) => focus_control(at.content()),
            None => focus(TITLE),
        }
    });
    on_cleanup(move || listener.remove());
    view! {
        <Show when=move || open.get()>
            <aside class="lesson-card" class:right=move || right.get() class:folded=move || folded.get() id="lesson-card"
                data-testid="lesson-card" aria-label="Lessons" on:keydown=keys>
                {move || match at.get() {
                    Some(at) => view! { <Head at folded /><StepBody at /><Pointer at /> }.into_any(),
                    None => view! { <List /> }.into_any(),
                }}
            </aside>
        </Show>
    }
}

/// Renders the title of the lesson, and buttons that fold the card, list the lessons and close the card.
#[component]
fn Head(at: LessonStep, folded: RwSignal<bool>) -> impl IntoView {
    let page = use_page();
    let lesson = at.lesson();
    view! {
        <div class="lesson-head">
            <p class="lesson-name"><span class="muted number">{format!("Lesson {} of {}", at.lesson, LESSONS.len())}</span><b>{lesson.title}</b></p>
            <button type="button" class="mini" data-testid="lesson-list" on:click=move |_| {
                page.act(AppState::list_lessons);
                focus(TITLE);
            }>"All lessons"</button>
            <button type="button" class="mini" data-testid="lesson-fold" aria-expanded=move || (!folded.get()).to_string()
                on:click=move |_| folded.update(|folded| *folded = !*folded)>
                {move || if folded.get() { "Unfold" } else { "Fold" }}
            </button>
            <button type="button" class="mini" data-testid="lesson-close" aria-label="Close the lessons" on:click=move |_| close(page)>"×"</button>
        </div>
    }
}

/// Renders the list of lessons with the number of steps done.
#[component]
fn List() -> impl IntoView {
    let page = use_page();
    let entry = move |(index, lesson): (usize, &'static crate::page::lessons::Lesson)| {
        let number = index + 1;
        let (count, done) = (lesson.steps.len(), Memo::new(move |_| page.state.with(|s| s.lessons().done_of(number))));
        let go = move |_| {
            page.act(|state| state.open_lesson(number));
            focus(TITLE);
        };
        let progress = move || match done.get() {
            done if done == count => "✓ done".to_owned(),
            done => format!("{done} of {count}"),
        };
        view! {
            <li><button type="button" class="lesson-entry" data-testid=format!("lesson-{number}") on:click=go>
                <span class="lesson-number">{number}</span>
                <span><b>{lesson.title}</b><span class="sub">{lesson.about}</span></span>
                <span class="sub number" class:ok=move || done.get() == count>{progress}</span>
            </button></li>
        }
    };
    let some_done = Memo::new(move |_| page.state.with(|state| !state.lessons().done().is_empty()));
    view! {
        <div class="lesson-head">
            <h2 tabindex="-1">"Six short lessons"</h2>
            <button type="button" class="mini" data-testid="lesson-close" aria-label="Close the lessons" on:click=move |_| close(page)>"×"</button>
        </div>
        <ol class="lesson-list">{LESSONS.iter().enumerate().map(entry).collect_view()}</ol>
        <p class="sub">
            "And then: "
            <button type="button" class="quiet" data-testid="lesson-lab" on:click=move |_| {
                close(page);
                focus("[data-testid=train-start]");
            }>"train a model yourself"</button>
        </p>
        <Show when=move || some_done.get()>
            <div class="acts">
                <button type="button" class="quiet" data-testid="lesson-reset"
                    on:click=move |_| page.act(AppState::start_lessons_over)>"Start over: forget what is done"</button>
            </div>
        </Show>
    }
}

/// Closes the card and returns the focus to the button that opened it.
fn close(page: crate::page::context::Page) {
    page.act(|state| {
        if state.lessons_are_open() {
            state.toggle_lessons();
        }
    });
    focus("[data-testid=lessons]");
}
