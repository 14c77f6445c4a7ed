//! Fetching for the page and its workers: whole files and ranges of them.

use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, RequestInit, Response};

/// The reason that a file could not be loaded.
#[derive(Debug, Error)]
pub enum NetError {
    /// There was no response.
    #[error("{url} could not be reached: check the connection and reload the page")]
    Unreachable {
        /// URL of the file.
        url: String,
    },
    /// The server responded with an error.
    #[error("{url} could not be loaded: the server answered {status}")]
    Status {
        /// URL of the file.
        url: String,
        /// HTTP status.
        status: u16,
    },
}

/// Fetches a file.
pub async fn get(url: &str) -> Result<Vec<u8>, NetError> {
    body(url, respond(url, None).await?).await
}

/// Fetches `len` bytes of a file from `start` on. A server that ignores ranges sends the whole file, which is cut here.
pub async fn get_range(url: &str, start: usize, len: usize) -> Result<Vec<u8>, NetError> {
    let range = format!("bytes={}-{}", start, start + len - 1);
    let response = respond(url, Some(&range)).await?;
    let partial = response.status() == 206;
    let bytes = body(url, response).await?;
    if partial {
        return Ok(bytes);
    }
    let end = (start + len).min(bytes.len());
    Ok(bytes[start.min(end)..end].to_vec())
}

async fn respond(url: &str, range: Option<&str>) -> Result<Response, NetError> {
    let unreachable = |_: JsValue| NetError::Unreachable { url: url.to_owned() };
    let request = Request::new_with_str_and_init(url, &RequestInit::new()).map_err(unreachable)?;
    if let Some(range) = range {
        request.headers().set("Range", range).map_err(unreachable)?;
    }
    let response = send(&request).await.map_err(unreachable)?;
    if !response.ok() {
        return Err(NetError::Status { url: url.to_owned(), status: response.status() });
    }
    Ok(response)
}

/// Returns the response to a request, whatever its status, or the exception where there is none.
pub(crate) async fn send(request: &Request) -> Result<Response, JsValue> {
    let global = js_sys::global();
    let promise = match global.dyn_ref::<web_sys::WorkerGlobalScope>() {
        Some(worker) => worker.fetch_with_request(request),
        None => global.unchecked_ref::<web_sys::Window>().fetch_with_request(request),
    };
    Ok(JsFuture::from(promise).await?.unchecked_into())
}

async fn body(url: &str, response: Response) -> Result<Vec<u8>, NetError> {
    let unreachable = |_: JsValue| NetError::Unreachable { url: url.to_owned() };
    let buffer = JsFuture::from(response.array_buffer().map_err(unreachable)?).await.map_err(unreachable)?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}
