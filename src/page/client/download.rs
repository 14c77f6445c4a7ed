//! Files for the user: what is drawn or listed, saved by the browser.

use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, ImageData, Url};

use super::js::call;

/// Saves text as a file.
pub fn save_text(name: &str, kind: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
        save(name, &blob);
    }
}

/// Saves bytes as a file.
pub fn save_bytes(name: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    if let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
        save(name, &blob);
    }
}

/// Saves a drawing as a PNG with so many pixels per CSS pixel.
///
/// # Errors
/// A sentence where the browser cannot draw it.
pub async fn save_picture(name: &str, svg: &str, scale: f64) -> Result<(), String> {
    let failed = || "This browser makes no pictures of drawings: save the drawing instead.".to_owned();
    let parts = js_sys::Array::of1(&JsValue::from_str(svg));
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).map_err(|_| failed())?;
    let url = Url::create_object_url_with_blob(&blob).map_err(|_| failed())?;
    let sheet = drawn(&url, scale).await;
    let _ = Url::revoke_object_url(&url);
    let sheet = sheet.ok_or_else(failed)?;
    let name = name.to_owned();
    let done = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            save(&name, &blob);
        }
    });
    sheet.to_blob(done.unchecked_ref()).map_err(|_| failed())
}

/// Returns a canvas with the picture of an address, so many times its size.
async fn drawn(url: &str, scale: f64) -> Option<HtmlCanvasElement> {
    let picture: JsValue = document().create_element("img").ok()?.into();
    js_sys::Reflect::set(&picture, &"src".into(), &url.into()).ok()?;
    JsFuture::from(call(&picture, "decode", &[])?.dyn_into::<js_sys::Promise>().ok()?).await.ok()?;
    let length = |name: &str| Some(js_sys::Reflect::get(&picture, &name.into()).ok()?.as_f64()? * scale);
    let (width, height) = (length("naturalWidth")?.round(), length("naturalHeight")?.round());
    let sheet: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    sheet.set_width(width as u32);
    sheet.set_height(height as u32);
    let context = sheet.get_context("2d").ok()??;
    call(&context, "drawImage", &[&picture, &0.into(), &0.into(), &width.into(), &height.into()])?;
    Some(sheet)
}

/// Returns RGBA pixels as a PNG in a `data:` address.
pub fn data_url(pixels: &[u8], width: usize, height: usize) -> Option<String> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width as u32, height as u32).ok()?;
    context.put_image_data(&image, 0.0, 0.0).ok()?;
    canvas.to_data_url().ok()
}

fn save(name: &str, blob: &Blob) {
    let Ok(url) = Url::create_object_url_with_blob(blob) else { return };
    let link = document().create_element("a").ok().and_then(|element| element.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // The browser has taken the bytes by then.
    set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_secs(10));
}
