//! A device of the graphics processor: its memory, what it says when something goes wrong, and when it goes away.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Float32Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::adapter;
use super::error::GpuError;
use super::webgpu::{Buffer, Device, Encoder, Queue, member, message, object, text, usage};

/// An open device. Cloning shares it.
#[derive(Clone)]
pub struct GpuDevice {
    pub(super) device: Device,
    pub(super) queue: Queue,
    state: Rc<State>,
}

/// A function that the browser calls with an error.
type Listener = Closure<dyn FnMut(JsValue)>;

struct State {
    /// Why it went away.
    lost: RefCell<Option<String>>,
    /// First error that no request caused.
    complaint: RefCell<Option<String>>,
    /// Bytes of a buffer that a kernel can see.
    most_bytes: f64,
    /// Kept, because the browser calls it as long as the device lives.
    listener: RefCell<Option<Listener>>,
}

impl GpuDevice {
    /// Opens the browser's graphics processor, with as much memory in a buffer as it allows.
    pub async fn open() -> Result<Self, GpuError> {
        let unavailable = |reason| GpuError::Unavailable { reason };
        let adapter = adapter::adapter().await.map_err(unavailable)?;
        let limits = member(&adapter, "limits");
        let limit = |name| (name, member(&limits, name));
        let wanted = object(&[limit("maxStorageBufferBindingSize"), limit("maxBufferSize")]);
        let promise = adapter.request_device(&object(&[("requiredLimits", wanted.into())]));
        let promise = promise.map_err(|thrown| unavailable(message(&thrown)))?;
        let device: Device =
            JsFuture::from(promise).await.map_err(|thrown| unavailable(message(&thrown)))?.unchecked_into();
        let most = |name| member(&member(&device, "limits"), name).as_f64().unwrap_or_default();
        let state = Rc::new(State {
            lost: RefCell::default(),
            complaint: RefCell::default(),
            most_bytes: most("maxStorageBufferBindingSize").min(most("maxBufferSize")),
            listener: RefCell::default(),
        });
        let opened = Self { queue: device.queue(), device, state };
        opened.listen();
        Ok(opened)
    }

    /// Waits until the device goes away; tells why. The browser may do that at any time.
    pub async fn lost(&self) -> String {
        let promise = self.device.lost();
        match JsFuture::from(promise).await {
            Ok(info) => loss_message(&info),
            Err(thrown) => message(&thrown),
        }
    }

    /// Gives the device back. Everything on it is gone, as if it had been lost.
    pub fn destroy(&self) {
        self.device.destroy();
    }

    /// Fails where the device has gone away or complained.
    pub fn check(&self, what: &'static str) -> Result<(), GpuError> {
        if let Some(reason) = self.state.lost.borrow().clone() {
            return Err(GpuError::Lost { reason });
        }
        match self.state.complaint.borrow().clone() {
            Some(reason) => Err(GpuError::Failed { what, reason }),
            None => Ok(()),
        }
    }

    /// Memory that kernels see. `what` names it where there is too little.
    pub(super) fn storage(&self, what: &str, bytes: usize) -> Result<Buffer, GpuError> {
        if bytes as f64 > self.state.most_bytes {
            let (wanted, most) = (mebibytes(bytes as f64), mebibytes(self.state.most_bytes));
            let reason = format!(
                "{what} need {wanted} MiB in one piece and this graphics processor gives {most}: take fewer spectra or the CPU engine"
            );
            return Err(GpuError::Refused { reason });
        }
        self.buffer(bytes, usage::STORAGE | usage::COPY_FROM | usage::COPY_TO)
    }

    /// Memory for a use, at least 16 bytes.
    pub(super) fn buffer(&self, bytes: usize, usage: u32) -> Result<Buffer, GpuError> {
        let size = bytes.next_multiple_of(16).max(16) as f64;
        let descriptor = object(&[("size", size.into()), ("usage", usage.into())]);
        self.device.create_buffer(&descriptor).map_err(|thrown| self.failed("taking memory", &thrown))
    }

    /// Starts to watch for a lack of memory or a mistake, until [`GpuDevice::pop_error_scopes`].
    pub(super) fn push_error_scopes(&self) {
        self.device.push_error_scope("validation");
        self.device.push_error_scope("out-of-memory");
    }

    /// Fails where something went wrong since [`GpuDevice::push_error_scopes`].
    pub(super) async fn pop_error_scopes(&self, what: &'static str) -> Result<(), GpuError> {
        let scopes = [self.device.pop_error_scope(), self.device.pop_error_scope()];
        for promise in scopes {
            let problem = JsFuture::from(promise).await.map_err(|thrown| self.failed(what, &thrown))?;
            if problem.is_object() {
                return Err(self.failed(what, &problem));
            }
        }
        self.check(what)
    }

    /// Submits what was recorded.
    pub(super) fn submit(&self, encoder: Encoder) {
        self.queue.submit(&Array::of1(&encoder.finish()));
    }

    /// Waits for a buffer that can be read, and returns its numbers.
    pub(super) async fn read(&self, buffer: &Buffer) -> Result<Vec<f32>, GpuError> {
        let what = "reading results";
        let mapped = JsFuture::from(buffer.map(1)).await;
        self.check(what)?;
        mapped.map_err(|thrown| self.failed(what, &thrown))?;
        let range = buffer.mapped_range().map_err(|thrown| self.failed(what, &thrown))?;
        let numbers = Float32Array::new(&range).to_vec();
        buffer.destroy();
        Ok(numbers)
    }

    pub(super) fn failed(&self, what: &'static str, thrown: &JsValue) -> GpuError {
        match self.check(what) {
            Err(lost @ GpuError::Lost { .. }) => lost,
            _ => GpuError::Failed { what, reason: message(thrown) },
        }
    }

    fn listen(&self) {
        let state = Rc::clone(&self.state);
        let listener = Listener::new(move |event: JsValue| {
            state.complaint.borrow_mut().get_or_insert_with(|| message(&member(&event, "error")));
        });
        self.device.on_uncaptured_error(Some(listener.as_ref().unchecked_ref()));
        *self.state.listener.borrow_mut() = Some(listener);
        let watched = self.clone();
        spawn_local(async move {
            let reason = watched.lost().await;
            *watched.state.lost.borrow_mut() = Some(reason);
        });
    }
}

fn loss_message(info: &JsValue) -> String {
    let message = text(info, "message");
    let reason = text(info, "reason");
    match (message.is_empty(), reason.is_empty()) {
        (false, _) => message,
        (true, false) => reason,
        (true, true) => "no reason given".to_owned(),
    }
}

fn mebibytes(bytes: f64) -> f64 {
    (bytes / (1024.0 * 1024.0)).ceil()
}
