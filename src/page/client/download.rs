//! Files for the user: what is drawn or listed, saved by the browser.

use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, ImageData, Url};

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

/// Saves canvases that lie over each other as one PNG, on a background colour.
pub fn save_png(name: &str, canvases: &[HtmlCanvasElement], background: &str) -> Result<(), String> {
    let failed = "This browser makes no pictures of canvases: take a screenshot instead.";
    let first =
        canvases.first().filter(|canvas| canvas.width() > 0).ok_or("The plot is not drawn yet: wait a moment.")?;
    let sheet: HtmlCanvasElement =
        document().create_element("canvas").ok().and_then(|element| element.dyn_into().ok()).ok_or(failed)?;
    sheet.set_width(first.width());
    sheet.set_height(first.height());
    let context: CanvasRenderingContext2d =
        sheet.get_context("2d").ok().flatten().and_then(|context| context.dyn_into().ok()).ok_or(failed)?;
    context.set_fill_style_str(background);
    context.fill_rect(0.0, 0.0, f64::from(sheet.width()), f64::from(sheet.height()));
    for canvas in canvases {
        context.draw_image_with_html_canvas_element(canvas, 0.0, 0.0).map_err(|_| failed)?;
    }
    let name = name.to_owned();
    let done = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            save(&name, &blob);
        }
    });
    sheet.to_blob(done.unchecked_ref()).map_err(|_| failed.to_owned())
}

/// RGBA pixels as a PNG in a `data:` address.
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
