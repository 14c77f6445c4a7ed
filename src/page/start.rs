//! Starts the page in the browser.

use leptos::prelude::*;

use super::components::App;
use super::context::Page;

/// Starts the page: opens it at its address and mounts its components.
pub fn run() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(|| {
        let page = Page::open();
        provide_context(page);
        view! { <App /> }
    });
    // What index.html shows before the page starts.
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}
