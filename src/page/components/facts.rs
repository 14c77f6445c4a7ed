//! The facts about the selected spectrum from the catalogue, the simulation or the file itself.

use leptos::prelude::*;

use super::object::ObjectCard;
use crate::page::context::use_page;
use crate::page::view::facts::{facts_of, notes_of, vote_of_selection};
use crate::page::view::predictions::predictions;

/// Renders the facts about the selected spectrum.
#[component]
pub fn Facts() -> impl IntoView {
    let page = use_page();
    let facts = Memo::new(move |_| page.state.with(facts_of));
    let vote = Memo::new(move |_| {
        let neighbourhood = page.neighbourhood.get()?.0;
        page.state.with(|state| vote_of_selection(state, &neighbourhood))
    });
    let list = move |truth: bool| {
        let shown = facts.get().into_iter().filter(move |fact| fact.2 == truth);
        shown.map(|(name, value, _)| view! { <div><dt>{name}</dt><dd class="number">{value}</dd></div> }).collect_view()
    };
    let truths = Memo::new(move |_| facts.get().iter().any(|fact| fact.2));
    let notes = Memo::new(move |_| page.state.with(notes_of));
    let predicted = Memo::new(move |_| page.state.with(predictions));
    view! {
        <ObjectCard />
        <Show when=move || !facts.get().is_empty() fallback=|| view! { <p class="sub">"Select a spectrum in the scatter."</p> }>
            {move || notes.get().map(|notes| notes.into_iter().map(|note| view! { <p class="sub">{note}</p> }).collect_view())}
            <dl class="facts">
                {move || vote.get().map(|vote| view! {
                    <div data-testid="class-by-surroundings">
                        <dt>"Class by its surroundings"</dt>
                        <dd>{format!("{} ({} of {} neighbours)", vote.class.name(), vote.votes, vote.of)}</dd>
                    </div>
                })}
                {move || list(false)}
            </dl>
            <Show when=move || !predicted.with(Vec::is_empty)>
                <h3>"Predicted by the model from the latents on screen"</h3>
                <dl class="facts" data-testid="predictions">
                    {move || predicted.get().into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd class="number">{value}</dd></div> }).collect_view()}
                </dl>
            </Show>
            <Show when=move || truths.get()>
                <h3>"Truths of the simulation"</h3>
                <dl class="facts" data-testid="truths">{move || list(true)}</dl>
            </Show>
        </Show>
    }
}
