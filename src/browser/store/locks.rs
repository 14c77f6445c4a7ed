//! Locks on training runs: all tabs of this site see them, and each is held while its run is trained.
//!
//! The browser releases a lock when its worker ends, however it ends. So a second tab knows that a run is being written, and starts
//! a copy instead.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::StoreError;
use super::promises::{error, pause};

const RUN: &str = "spectrascape-run-";
/// Number of attempts, since a tab that was just reloaded or closed may hold its lock for a moment longer...
const TRIES: u32 = 6;
/// ...and the milliseconds between two of them.
const BETWEEN: i32 = 150;

/// A lock, held until it is dropped or its worker ends.
#[derive(Debug)]
pub struct Lock {
    release: Function,
}

#[wasm_bindgen]
extern "C" {
    // web-sys counts it among the unstable interfaces, which would need a compiler flag; browsers have it since 2022.
    type LockManager;
    #[wasm_bindgen(method)]
    fn request(this: &LockManager, name: &str, options: &Object, callback: &Function) -> Promise;
    #[wasm_bindgen(method)]
    fn query(this: &LockManager) -> Promise;
}

/// Takes the lock of a run; returns `None` where another tab, or another worker of this tab, holds it.
///
/// # Errors
/// [`StoreError::Unavailable`] where the browser has no locks.
pub async fn try_lock(run: &str) -> Result<Option<Lock>, StoreError> {
    for tried in 0..TRIES {
        if tried > 0 {
            pause(BETWEEN).await;
        }
        if let Some(lock) = request(&format!("{RUN}{run}"), true).await? {
            return Ok(Some(lock));
        }
    }
    Ok(None)
}

/// Returns the runs that are in use in any tab.
///
/// # Errors
/// [`StoreError::Unavailable`] where the browser has no locks.
pub async fn in_use() -> Result<Vec<String>, StoreError> {
    let failed = |value: JsValue| error("the list of runs", "read", &value);
    let snapshot = JsFuture::from(manager()?.query()).await.map_err(failed)?;
    let held: Array = Reflect::get(&snapshot, &"held".into()).map_err(failed)?.unchecked_into();
    let names = held.iter().filter_map(|lock| Reflect::get(&lock, &"name".into()).ok()?.as_string());
    Ok(names.filter_map(|name| Some(name.strip_prefix(RUN)?.to_owned())).collect())
}

/// Waits for the lock of a file; returns `None` at once where the browser has no locks.
pub(super) async fn turn(file: &str) -> Option<Lock> {
    request(&format!("spectrascape-file-{file}"), false).await.ok().flatten()
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Resolving a promise cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Requests a lock, which the browser holds as long as the promise that the callback returns is pending.
async fn request(name: &str, if_available: bool) -> Result<Option<Lock>, StoreError> {
    let manager = manager()?;
    let options = Object::new();
    let set = Reflect::set(&options, &"ifAvailable".into(), &if_available.into());
    debug_assert!(set.is_ok(), "a plain object takes any property");

    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let granted = Promise::new(&mut |resolve, reject| {
        let held = held.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let granted = !lock.is_null() && !lock.is_undefined();
            let _ = resolve.call1(&JsValue::NULL, &granted.into());
            if granted { held.into() } else { JsValue::UNDEFINED }
        });
        let over = manager.request(name, &options, callback.unchecked_ref());
        spawn_local(async move {
            if let Err(refused) = JsFuture::from(over).await {
                let _ = reject.call1(&JsValue::NULL, &refused);
            }
        });
    });
    let granted = JsFuture::from(granted).await.map_err(|value| error(name, "locked", &value))?;
    Ok(release.filter(|_| granted.is_truthy()).map(|release| Lock { release }))
}

fn manager() -> Result<LockManager, StoreError> {
    let missing = || StoreError::Unavailable { reason: "it has no locks between tabs".to_owned() };
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).map_err(|_| missing())?;
    let locks = Reflect::get(&navigator, &"locks".into()).map_err(|_| missing())?;
    if locks.is_object() { Ok(locks.unchecked_into()) } else { Err(missing()) }
}
