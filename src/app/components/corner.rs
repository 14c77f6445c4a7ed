//! The corner plot.
use leptos::prelude::*;
/// To come.
#[component]
pub fn Corner() -> impl IntoView {
    view! { <h2 id="corner-title">"Corner"</h2> }
}
