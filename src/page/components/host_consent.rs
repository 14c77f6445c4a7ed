//! The question whether another site's data may be opened.

use leptos::prelude::*;

use crate::page::context::use_page;

/// Renders the question and its two answers, where a link's set is on another site.
#[component]
pub fn HostConsent() -> impl IntoView {
    let page = use_page();
    let host = Memo::new(move |_| page.state.with(|state| state.asked_host().map(str::to_owned)));
    let ask = move || {
        let host = host.get()?;
        Some(view! {
            <section class="notice" role="alertdialog" aria-labelledby="host-consent-words" data-testid="host-consent">
                <p id="host-consent-words">
                    {format!("This link opens spectra and a model from {host}, which is another site and learns that you visit it.")}
                </p>
                <div class="consent-acts">
                    <button type="button" class="primary" data-testid="host-agree" on:click=move |_| page.answer_consent(true)>
                        {format!("Open data from {host}")}
                    </button>
                    <button type="button" data-testid="host-stay" on:click=move |_| page.answer_consent(false)>"Stay here"</button>
                </div>
            </section>
        })
    };
    view! { {ask} }
}
