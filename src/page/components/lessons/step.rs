//! One step: its text, its task, whether it is done, and buttons to the next and the previous one.

use leptos::prelude::*;

use super::pointing::{TITLE, focus, focus_control, open_tab};
use crate::page::components::share::CopyButton;
use crate::page::context::use_page;
use crate::page::lessons::{LessonStep, Question, Step, Task};
use crate::page::state::AppState;

/// Renders the step's text and buttons.
#[component]
pub fn StepBody(at: LessonStep) -> impl IntoView {
    let page = use_page();
    let step = at.content();
    let done = Memo::new(move |_| page.state.with(|state| state.lessons().done().contains(&at)));
    let shown = RwSignal::new(false);
    let show = move |_| {
        shown.set(true);
        // The tab of the step must be visible before the step is done.
        open_tab(step);
        page.act(AppState::show_step);
    };
    let reply = move || match (done.get(), step.task.question()) {
        (true, Some(question)) => question.because.to_owned(),
        (true, None) => "Done.".to_owned(),
        (false, Some(question)) => {
            let answered = page.state.with(|state| state.lessons().answer().is_some());
            if answered { question.hint.to_owned() } else { String::new() }
        }
        (false, None) => page.state.with(|state| state.lesson_hint().unwrap_or_default().to_owned()),
    };
    let go = move |at: Option<LessonStep>| {
        page.act(|state| match at {
            Some(at) => state.open_step(at),
            None => state.list_lessons(),
        });
        focus(TITLE);
    };
    let next = move || match at.next() {
        None => "Finish",
        Some(next) if next.lesson != at.lesson => "Next lesson",
        Some(_) => "Next",
    };
    view! {
        <div class="lesson-body">
            <h2 tabindex="-1">{step.title}</h2>
            <p class="lesson-text">{step.text}</p>
        </div>
        <div class="lesson-ask" class:done=move || done.get()>
            <span class="tick" aria-hidden="true">{move || if done.get() { "✓" } else { "" }}</span>
            <p data-testid="lesson-ask">{step.ask}</p>
            {(!step.points_at.is_empty()).then(|| view! {
                <button type="button" class="mini" data-testid="lesson-goto" title="F6 goes there and back"
                    on:click=move |_| focus_control(step)>"Go to it"</button>
            })}
        </div>
        <Own step />
        {step.task.question().map(|question| view! { <Answers question done /> })}
        <p class="lesson-said" class:done=move || done.get() role="status" data-testid="lesson-said">
            {reply}
            {move || done.get().then(|| view! { <span data-testid="lesson-done" class="unseen">" This step is done."</span> })}
        </p>
        <Dots at />
        <div class="lesson-foot">
            <button type="button" data-testid="lesson-back" disabled=at.back().is_none() on:click=move |_| go(at.back())>"Back"</button>
            <Show when=move || !done.get()>
                <button type="button" class="quiet" data-testid="lesson-show" title="Does this step for you" on:click=show>
                    {move || if shown.get() { "Show me again" } else { "Show me" }}
                </button>
            </Show>
            <span class="lesson-copy">
                <CopyButton text=move || page.link() label="Copy link" testid="lesson-copy" />
            </span>
            <button type="button" class:primary=move || done.get() data-testid="lesson-next" on:click=move |_| go(at.next())>{next()}</button>
        </div>
    }
}

/// Renders controls that the page has nowhere else: the model that the step needs, and a button that moves the sliders into an
/// empty region.
#[component]
fn Own(step: &'static Step) -> impl IntoView {
    let page = use_page();
    let wanted = match step.task {
        Task::ModelOpened(name) => Some(name),
        _ => step.model,
    };
    let asks_for_it = matches!(step.task, Task::ModelOpened(_));
    let opened = Memo::new(move |_| wanted.is_none_or(|name| page.state.with(|state| state.has_model(name))));
    let opening = Memo::new(move |_| page.state.with(|state| state.wanted_model().is_some()));
    let model = move || {
        let name = wanted.filter(|_| !opened.get())?;
        Some(view! {
            <div class="lesson-own">
                {(!asks_for_it).then(|| view! { <p class="sub">{format!("This step is about the model {name}.")}</p> })}
                <button type="button" class="primary" data-testid="lesson-model" disabled=move || opening.get()
                    on:click=move |_| page.act(|state| state.choose_model(name))>
                    {move || if opening.get() { format!("Opening {name}…") } else { format!("Open {name}") }}
                </button>
            </div>
        })
    };
    let empty_region = move || {
        (step.task == Task::InEmptyRegion && opened.get()).then(|| view! {
            <div class="lesson-own">
                <button type="button" class="primary" data-testid="lesson-hole" on:click=move |_| page.act(AppState::go_to_empty_region)>
                    "Take me to a hole"
                </button>
                <button type="button" class="quiet" data-testid="lesson-return"
                    on:click=move |_| page.act(AppState::return_to_selection)>"Back to the galaxy"</button>
            </div>
        })
    };
    view! { {model} {empty_region} }
}

#[component]
fn Answers(question: &'static Question, done: Memo<bool>) -> impl IntoView {
    let page = use_page();
    let chosen = Memo::new(move |_| page.state.with(|state| state.lessons().answer()));
    let answer = move |(index, text): (usize, &'static &'static str)| {
        let right = move || done.get() && index == question.right;
        let incorrect = move || chosen.get() == Some(index) && index != question.right;
        view! {
            <button type="button" class="answer" class:right=right class:wrong=incorrect data-testid=format!("answer-{}", index + 1)
                aria-pressed=move || (chosen.get() == Some(index)).to_string()
                on:click=move |_| page.act(|state| state.answer_lesson(index))>{*text}</button>
        }
    };
    view! { <div class="answers" role="group" aria-label="Answers">{question.answers.iter().enumerate().map(answer).collect_view()}</div> }
}

/// Renders the lesson's steps: which is open, which are done.
#[component]
fn Dots(at: LessonStep) -> impl IntoView {
    let page = use_page();
    let steps = at.lesson().steps.len();
    let dot = move |other: LessonStep| {
        let done = Memo::new(move |_| page.state.with(|state| state.lessons().done().contains(&other)));
        let label = move || format!("Step {} of {steps}{}", other.step, if done.get() { ", done" } else { "" });
        view! {
            <li><button type="button" class="step-dot" class:done=move || done.get() data-testid=format!("lesson-step-{}", other.step)
                aria-label=label aria-current=(other == at).then_some("step")
                on:click=move |_| { page.act(|state| state.open_step(other)); focus(TITLE); }></button></li>
        }
    };
    let lesson_steps = (1..=steps).filter_map(|step| LessonStep::new(at.lesson, step));
    view! { <ol class="lesson-dots">{lesson_steps.map(dot).collect_view()}</ol> }
}
