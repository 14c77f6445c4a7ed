//! The selected object: name and position to copy, what its survey says, links to archives, and a picture once the reader agrees.

use leptos::prelude::*;

use super::share::CopyButton;
use crate::page::context::{Page, use_page};
use crate::page::state::AppState;
use crate::page::view::object::{Object, object_of};
use crate::page::view::sky_links::{PICTURE_SIZE, PictureHost};

/// Key under which the servers agreed to are kept on the device.
const KEPT: &str = "spectrascape-pictures";

/// Renders the selected object; nothing for simulated spectra.
#[component]
pub fn ObjectCard() -> impl IntoView {
    let page = use_page();
    let object = Memo::new(move |_| page.state.with(object_of));
    let kept = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEPT).ok().flatten());
    if let Some(kept) = kept {
        page.act(|state| state.remember_pictures(&kept));
    }
    view! {
        {move || object.get().map(|object| view! { <Shown object /> })}
    }
}

#[component]
fn Shown(object: Object) -> impl IntoView {
    let page = use_page();
    let text = move |of: fn(Object) -> String| move || page.state.with_untracked(object_of).map(of).unwrap_or_default();
    let name = text(|object| object.id);
    let degrees = text(|object| object.position.map(|position| position.degrees).unwrap_or_default());
    let sexagesimal = text(|object| object.position.map(|position| position.copied).unwrap_or_default());
    let links = object.links.into_iter().map(|link| {
        view! { <li><a href=link.href target="_blank" rel="noopener noreferrer">{link.label}" ↗"</a></li> }
    });
    let facts = object.facts.into_iter().map(|(name, value)| {
        view! { <div><dt>{name}</dt><dd class="number">{value}</dd></div> }
    });
    view! {
        <section class="object" data-testid="object" aria-label="The object">
            <div>
                <p class="object-line">
                    <b class="number" data-testid="object-id">{object.id}</b>
                    <CopyButton text=name label="Copy the name" testid="copy-object-id" />
                </p>
                {object.position.map(|position| view! {
                    <p class="object-line number" data-testid="object-position">
                        <span>{position.degrees}</span>
                        <CopyButton text=degrees label="Copy degrees" testid="copy-object-degrees" />
                    </p>
                    <p class="object-line number">
                        <span data-testid="object-sexagesimal">{position.shown}</span>
                        <CopyButton text=sexagesimal label="Copy" testid="copy-object-sexagesimal" />
                    </p>
                })}
                <ul class="object-links" data-testid="object-links" aria-label="Look it up elsewhere">{links.collect_view()}</ul>
                <dl class="facts">{facts.collect_view()}</dl>
            </div>
            {object.picture.map(|(host, address)| view! { <Picture host address /> })}
        </section>
    }
}

/// Renders a picture, or the button that asks for it: no request leaves the page before.
#[component]
fn Picture(host: PictureHost, address: String) -> impl IntoView {
    let page = use_page();
    let keeps = RwSignal::new(false);
    let agreed = Memo::new(move |_| page.state.with(|state| state.pictures().may_fetch(host)));
    let (shown, wanted) = (address.clone(), address.clone());
    let failed = Memo::new(move |_| page.state.with(|state| state.pictures().has_failed(&address)));
    let agree = move |_| {
        page.act(|state| state.agree_to_pictures(host));
        if keeps.get_untracked() {
            keep(page);
        }
    };
    let stop = move |_| {
        page.act(AppState::withdraw_pictures);
        keep(page);
    };
    view! {
        <div class="object-picture" data-testid="object-picture">
            {move || match (agreed.get(), failed.get()) {
                (false, _) => view! {
                    <button type="button" data-testid="show-picture" on:click=agree>{format!("Show a picture from {}", host.name())}</button>
                    <label class="choice">
                        <input type="checkbox" data-testid="keep-picture-choice" prop:checked=move || keeps.get()
                            on:change=move |event| keeps.set(event_target_checked(&event)) />
                        "and remember that on this device"
                    </label>
                    <p class="sub">{format!("{} will learn this position and your address on the network.", host.name())}</p>
                }.into_any(),
                (true, true) => view! {
                    <p class="sub" role="status">
                        {format!("{} sent no picture: it has none of this position, or cannot be reached.", host.name())}
                    </p>
                }.into_any(),
                (true, false) => {
                    let wanted = wanted.clone();
                    view! {
                        <img src=shown.clone() width=PICTURE_SIZE height=PICTURE_SIZE alt="The sky around the object, north up" referrerpolicy="no-referrer"
                            on:error=move |_| page.act(|state| state.picture_failed(wanted.clone())) />
                        <p class="sub">{host.credit()}" "<button type="button" class="mini" on:click=stop>"No pictures"</button></p>
                    }.into_any()
                }
            }}
        </div>
    }
}

/// Keeps on the device which servers are agreed to.
fn keep(page: Page) {
    let Ok(Some(storage)) = window().local_storage() else { return };
    let text = page.state.with_untracked(|state| state.pictures().to_text());
    let _ = if text.is_empty() { storage.remove_item(KEPT) } else { storage.set_item(KEPT, &text) };
}
