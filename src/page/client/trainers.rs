//! The page's side of training: the worker that trains, the browser's GPU, and what a reload goes on with.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::MessageChannel;

use super::running_worker::RunningTrainer;
use super::worker_client::{FromWorker, TRAINER, WorkerClient};
use crate::page::context::{Page, now};
use crate::page::heartbeat::INTERVAL;
use crate::page::state::{AppState, TrainerKind};
use crate::protocol::{TrainEvent, TrainingState};
use crate::vae::backend::wgsl;

/// In the tab's own storage: the saved training that runs in it, which a reload goes on with.
const RUNNING: &str = "spectrascape-running";
/// In the site's storage: whether a training was ever saved here, so that others need not look.
const EVER_SAVED: &str = "spectrascape-saved";

impl Page {
    /// Starts the worker that is wanted, if it is another than the one that runs, and sends what waits for it. Where none is wanted, it
    /// ends the one that runs.
    pub(in crate::page) fn keep_trainer(self) {
        let wanted = self.state.with_untracked(AppState::trainer_wanted);
        let running = self.trainer.with_value(|trainer| trainer.as_ref().map(|running| running.generation));
        if running.is_some() && running != wanted.map(|(_, generation)| generation) {
            let old = self.trainer.try_update_value(Option::take).flatten();
            if let Some(old) = old {
                old.client.end();
            }
        }
        let Some((kind, generation)) = wanted else { return };
        if running != Some(generation) {
            let script = match kind {
                TrainerKind::Cpu => "./engine.js",
                TrainerKind::Gpu => "./engine_gpu_start.js",
            };
            let client = WorkerClient::start(script, &TRAINER, move |event| {
                let current = self.trainer.with_value(|t| t.as_ref().is_none_or(|r| r.generation == generation));
                if current {
                    self.on_trainer_event(event);
                }
            });
            self.trainer.set_value(Some(RunningTrainer { generation, client, connected: None }));
        }
        let requests = self.state.try_update_untracked(AppState::take_trainer_outbox).unwrap_or_default();
        self.trainer.with_value(|trainer| {
            for request in &requests {
                if let Some(running) = trainer {
                    running.client.send(request);
                }
            }
        });
    }

    /// Opens a channel between explorer and trainer once both listen, and again whenever one of them is another.
    pub(in crate::page) fn connect_workers(self) {
        let Some((explorer, trainer)) = self.state.with_untracked(AppState::workers_to_connect) else { return };
        let needed = |running: &RunningTrainer| running.generation == trainer && running.connected != Some(explorer);
        if !self.trainer.with_value(|running| running.as_ref().is_some_and(needed)) {
            return;
        }
        let Ok(channel) = MessageChannel::new() else { return };
        self.trainer.update_value(|trainer| {
            let Some(running) = trainer.as_mut() else { return };
            running.connected = Some(explorer);
            self.connect_explorer(&channel.port1());
            running.client.connect(&channel.port2());
        });
    }

    fn on_trainer_event(self, event: FromWorker<TrainEvent>) {
        match event {
            FromWorker::Response(response) => self.act(|state| state.apply_trainer(*response)),
            FromWorker::Died(sentence) | FromWorker::Stopped(sentence) => {
                self.act(|state| state.trainer_died(sentence));
            }
        }
        self.note_running();
    }

    /// Looks every few seconds whether explorer and trainer still answer.
    pub(in crate::page) fn watch_workers(self) {
        let look = move || {
            let silent = self.explorer.with_value(|explorer| explorer.as_ref()?.client.look(now()));
            if let Some(sentence) = silent {
                self.act(|state| state.explorer_stopped(sentence));
            }
            let silent = self.trainer.with_value(|trainer| trainer.as_ref()?.client.look(now()));
            if let Some(sentence) = silent {
                self.act(|state| state.trainer_died(sentence));
                self.note_running();
            }
        };
        set_interval(look, Duration::from_millis(INTERVAL as u64));
    }

    /// Looks at the GPU, and at what a visit before has left.
    pub(in crate::page) fn look_around(self) {
        spawn_local(async move {
            let gpu = wgsl::probe().await;
            self.act(|state| state.on_gpu_probed(gpu));
        });
        let tab = window().session_storage().ok().flatten();
        let run = tab.as_ref().and_then(|tab| tab.get_item(RUNNING).ok().flatten());
        let site = window().local_storage().ok().flatten();
        let ever = site.and_then(|site| site.get_item(EVER_SAVED).ok().flatten()).is_some();
        if let Some(run) = run.filter(|_| was_reloaded()) {
            let set_url = self.set_url();
            self.act(|state| state.go_on_after_reload(set_url, run));
        } else if ever {
            self.act(AppState::list_runs);
        }
    }

    /// A link that holds a training and says so starts it, once the page can.
    pub(in crate::page) fn start_linked_run(self) {
        let started = StoredValue::new(false);
        Effect::new(move |_| {
            let ready = self.state.with(|state| state.link().run && state.status() == "ready");
            if ready && !started.get_value() {
                started.set_value(true);
                let set_url = self.set_url();
                self.act(|state| state.train(set_url));
            }
        });
    }

    /// Writes down which training runs in this tab.
    fn note_running(self) {
        let (run, saved) = self.state.with_untracked(|state| {
            let training = state.training();
            let live = matches!(training.state, Some(TrainingState::Running | TrainingState::Loading));
            (training.run.clone().filter(|_| live && training.saved.is_some()), training.saved.is_some())
        });
        if let Ok(Some(tab)) = window().session_storage() {
            let _ = match run {
                Some(run) => tab.set_item(RUNNING, &run),
                None => tab.remove_item(RUNNING),
            };
        }
        if saved && let Ok(Some(site)) = window().local_storage() {
            let _ = site.set_item(EVER_SAVED, "1");
        }
    }
}

/// Whether this page is an earlier one, loaded again.
fn was_reloaded() -> bool {
    let Some(performance) = window().performance() else { return false };
    let entry = performance.get_entries_by_type("navigation").get(0);
    text(&entry, "type") == "reload"
}

fn property(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(object: &JsValue, key: &str) -> String {
    property(object, key).as_string().unwrap_or_default()
}
