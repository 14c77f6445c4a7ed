//! Calls of libraries that panic on some damaged files: `parquet` 60.1 does where a PLAIN text is cut short, for example.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Tells that a panic of this thread is caught and must say nothing.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Returns what a library's call returns; the reason is a clause where the call panics. What the call leaves behind then is not used again.
pub(super) fn guarded<T>(call: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                before(panic);
            }
        }));
    });
    IS_GUARDED.set(true);
    let returned = panic::catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(false);
    returned.unwrap_or_else(|_| Err("it is damaged; fetch it again".to_owned()))
}
