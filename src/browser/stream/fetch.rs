//! One connection: a request, its response, and its bytes into a [`Download`] as they arrive.

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, EventTarget, ReadableStreamDefaultReader, ReadableStreamReadResult, Request, RequestCache,
    RequestInit, Response,
};

use super::{Answer, Download, Refusal};
use crate::browser::fetch;

#[wasm_bindgen]
extern "C" {
    // The same functions in a page and in a worker.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: u32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// A timer that aborts a connection which delivers nothing for a while.
struct Alarm<'a> {
    connection: &'a AbortController,
    milliseconds: u32,
    timer: JsValue,
}

/// A wait that an `online` event or its owner ends early.
pub(super) struct Wait {
    done: Promise,
    end: Function,
    timer: JsValue,
}

/// Requests the bytes that are missing and receives them until the body or the connection ends. A lost connection is no error: what was
/// received is in `download`. `on_bytes` is called after every piece.
pub(super) async fn connect(
    url: &str,
    download: &mut Download,
    connection: &AbortController,
    stall: u32,
    mut on_bytes: impl FnMut(&Download),
) -> Result<(), Refusal> {
    let mut alarm = Alarm::set(connection, stall);
    let Some(response) = respond(url, download, connection).await else { return Ok(()) };
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let (content_range, etag) = (header("Content-Range"), header("ETag"));
    let answer = Answer { status: response.status(), content_range: content_range.as_deref(), etag: etag.as_deref() };
    let taken = match download.answered(answer) {
        Ok(()) => read(&response, download, &mut alarm, &mut on_bytes).await,
        refused => refused,
    };
    if taken.is_err() {
        // The rest is not needed.
        connection.abort();
    }
    taken
}

async fn respond(url: &str, download: &Download, connection: &AbortController) -> Option<Response> {
    let ask = download.ask();
    let init = RequestInit::new();
    init.set_signal(Some(&connection.signal()));
    if ask.past_cache {
        init.set_cache(RequestCache::Reload);
    }
    let request = Request::new_with_str_and_init(url, &init).ok()?;
    if let Some(from) = ask.from {
        request.headers().set("Range", &format!("bytes={from}-")).ok()?;
    }
    if let Some(etag) = ask.if_range {
        request.headers().set("If-Range", &etag).ok()?;
    }
    fetch::send(&request).await.ok()
}

async fn read(
    response: &Response,
    download: &mut Download,
    alarm: &mut Alarm<'_>,
    on_bytes: &mut impl FnMut(&Download),
) -> Result<(), Refusal> {
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        alarm.put_off();
        let Ok(piece) = JsFuture::from(reader.read()).await else { return Ok(()) };
        let piece: ReadableStreamReadResult = piece.unchecked_into();
        if piece.get_done().unwrap_or(true) {
            return Ok(());
        }
        download.received(&Uint8Array::new(&piece.get_value()).to_vec())?;
        on_bytes(download);
    }
}

impl<'a> Alarm<'a> {
    fn set(connection: &'a AbortController, milliseconds: u32) -> Self {
        Self { connection, milliseconds, timer: Self::timer(connection, milliseconds) }
    }

    fn put_off(&mut self) {
        clear_timeout(&self.timer);
        self.timer = Self::timer(self.connection, self.milliseconds);
    }

    fn timer(connection: &AbortController, milliseconds: u32) -> JsValue {
        let abort = js_sys::Reflect::get(connection, &"abort".into()).unwrap_or_default();
        let abort: Function = abort.unchecked_into();
        set_timeout(&abort.bind0(connection), milliseconds)
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
    }
}

impl Wait {
    pub(super) fn begin(milliseconds: u32) -> Self {
        let mut end = None;
        let done = Promise::new(&mut |resolve, _| end = Some(resolve));
        let end = end.expect("a promise calls its executor at once");
        let timer = set_timeout(&end, milliseconds);
        let global: EventTarget = js_sys::global().unchecked_into();
        let _ = global.add_event_listener_with_callback("online", &end);
        Self { done, end, timer }
    }

    /// Returns the function that ends the wait.
    pub(super) fn end(&self) -> Function {
        self.end.clone()
    }

    pub(super) async fn over(self) {
        let _ = JsFuture::from(self.done.clone()).await;
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        clear_timeout(&self.timer);
        let global: EventTarget = js_sys::global().unchecked_into();
        let _ = global.remove_event_listener_with_callback("online", &self.end);
    }
}
