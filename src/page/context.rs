//! What every component holds: the state's signal, what is computed from it, and how an act reaches explorer, trainer and files.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::MessagePort;

use super::client::running_worker::{RunningExplorer, RunningTrainer};
use super::client::served_files::ServedFiles;
use super::client::worker_client::{EXPLORER, FromWorker, WorkerClient};
use super::permalink::{Named, Permalink};
use super::set_address::allowed_origins;
use super::state::{AppState, FileChange, OwnFile};
use super::view::coloring::Coloring;
use super::view::embedding::Cloud;
use super::view::neighbourhood::Neighbourhood;
use super::view::own_points::own_points;
use super::view::own_table::{Against, OwnRows, OwnTable};
use super::view::points::Inked;
use super::view::scatter_columns::Columns;
use super::view::scatter_layers::{OwnPoint, Plane};
use crate::formats::set::{Catalogue, Manifest};
use crate::plot::Theme;
use crate::protocol::{ExploreEvent, Response};

/// What every component holds: copies of it all mean the same page.
#[derive(Clone, Copy)]
pub struct Page {
    /// All that the page knows.
    pub state: RwSignal<AppState>,
    /// Whether the page is dark.
    pub dark: RwSignal<bool>,
    /// Where every spectrum lies. What is computed from all of them follows this, and not every change of the state.
    pub cloud: Memo<Option<Same<Cloud>>>,
    /// The open set's catalogue.
    pub catalogue: Memo<Option<Same<Catalogue>>>,
    /// The open set's manifest.
    pub manifest: Memo<Option<Same<Manifest>>>,
    /// The user's spectra. What is computed of them follows this, and not every change of the state.
    pub own_files: Memo<Vec<Same<OwnFile>>>,
    /// The rows of their table.
    pub own_rows: Memo<OwnRows>,
    /// Them as points of the scatter.
    pub own_points: Memo<Vec<OwnPoint>>,
    /// What colours the points.
    pub coloring: Memo<Option<Coloring>>,
    /// The two columns that the scatter shows; those before, while other ones are on their way.
    pub columns: Memo<Option<Columns>>,
    /// How the points are inked.
    pub inked: Memo<Option<Inked>>,
    /// The row that pointer or keyboard is on.
    pub cursor: RwSignal<Option<usize>>,
    /// The spectrum of the user's that the pointer is on, by its index.
    pub own_cursor: RwSignal<Option<usize>>,
    /// Whether stars are marked in the scatter.
    pub stars: Memo<bool>,
    /// What lies around each place; computed after the scatter is on screen.
    pub neighbourhood: RwSignal<Option<Same<Neighbourhood>>>,
    /// Whether the reader wants little motion.
    pub still: RwSignal<bool>,
    pub(super) explorer: StoredValue<Option<RunningExplorer>, LocalStorage>,
    pub(super) trainer: StoredValue<Option<RunningTrainer>, LocalStorage>,
    /// Whether GPU and storage have been looked at.
    looked: StoredValue<bool>,
    /// The files of the open set and the model it was opened with; none before it is known what the site offers.
    pub(super) served: StoredValue<Option<Rc<ServedFiles>>, LocalStorage>,
    pub(super) fetching: StoredValue<Vec<usize>>,
    /// What else is being fetched: a model by its name, the sample by none.
    pub(super) on_demand: StoredValue<Vec<String>>,
    pub(super) playing: StoredValue<Option<f64>>,
    link_timer: StoredValue<Option<TimeoutHandle>>,
    /// What the device has not been told of the user's files, and whether it is being told.
    pub(super) file_changes: StoredValue<VecDeque<FileChange>>,
    pub(super) keeping_files: StoredValue<bool>,
}

/// A large value, equal to itself only: told apart by where it lies, which is safe while it is held.
#[derive(Debug)]
pub struct Same<T>(pub Arc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Returns the page that a component belongs to.
pub fn use_page() -> Page {
    expect_context::<Page>()
}

impl Page {
    /// Opens the page at its address and starts the explorer.
    pub(super) fn open() -> Self {
        let fragment = window().location().hash().unwrap_or_default();
        let (link, problems) = Permalink::parse(&fragment);
        let mut state = AppState::open(link, problems);
        state.open_site(Named::parse(&fragment), &allowed_origins(&policy()));
        let state = RwSignal::new(state);
        let dark = RwSignal::new(false);
        let cloud = Memo::new(move |_| state.with(|s| s.embedding().cloned().map(Same)));
        let catalogue = Memo::new(move |_| state.with(|s| s.catalogue().cloned().map(Same)));
        let scores = Memo::new(move |_| state.with(|s| s.outliers().scores().cloned().map(Same)));
        let color = Memo::new(move |_| state.with(|s| (s.link().color.clone(), s.link().scale)));
        let coloring = Memo::new(move |_| {
            let (catalogue, scores, (color, scale)) = (catalogue.get(), scores.get(), color.get());
            let catalogue = catalogue.as_ref().map(|same| same.0.as_ref());
            let scores = scores.as_ref().map(|same| same.0.as_ref());
            Some(Coloring::new(&cloud.get()?.0, catalogue, scores, &color, scale))
        });
        let neighbourhood = RwSignal::new(None::<Same<Neighbourhood>>);
        let own_files = Memo::new(move |_| state.with(|s| s.files().iter().cloned().map(Same).collect::<Vec<_>>()));
        let own_table = StoredValue::new_local(OwnTable::default());
        let own_rows = Memo::new(move |_| {
            let (cloud, near, scores, catalogue) = (cloud.get(), neighbourhood.get(), scores.get(), catalogue.get());
            let against = Against {
                cloud: cloud.as_ref().map(|same| &same.0),
                neighbourhood: near.as_ref().map(|same| same.0.as_ref()),
                scores: scores.as_ref().map(|same| &same.0),
                catalogue: catalogue.as_ref().map(|same| &same.0),
            };
            let files: Vec<Arc<OwnFile>> = own_files.with(|files| files.iter().map(|same| same.0.clone()).collect());
            own_table.try_update_value(|table| table.rows(&files, against)).unwrap_or_default()
        });
        let axes = Memo::new(move |_| state.with(|s| s.link().axes.clone()));
        let columns = Memo::new(move |before: Option<&Option<Columns>>| {
            let cloud = cloud.get()?.0;
            let (catalogue, scores, axes) = (catalogue.get(), scores.get(), axes.get());
            let catalogue = catalogue.as_ref().map(|same| same.0.as_ref());
            let columns = Columns::along(&cloud, axes, catalogue, scores.as_ref().map(|same| same.0.as_ref()));
            columns.or_else(|| before.cloned().flatten().filter(|before| before.serial == cloud.serial))
        });
        let picked = Memo::new(move |_| state.with(|s| s.picked().map(|picked| Same(picked.rows.clone()))));
        let hidden = Memo::new(move |_| state.with(|s| s.link().hidden.clone()));
        let inked = Memo::new(move |_| {
            let (cloud, coloring) = (cloud.get()?.0, coloring.get()?);
            let picked = picked.get().map(|same| same.0);
            let theme = Theme::of(dark.get());
            (coloring.index.len() == cloud.len()).then(|| Inked::new(&cloud, &coloring, &hidden.get(), picked, theme))
        });
        let own_picked = Memo::new(move |_| state.with(|s| s.picked().map(|picked| picked.own.clone())));
        let own_points = Memo::new(move |_| {
            let (Some(columns), Some(coloring)) = (columns.get(), coloring.get()) else { return Vec::new() };
            let (rows, theme, picked) = (own_rows.get(), Theme::of(dark.get()), own_picked.get());
            let files: Vec<Arc<OwnFile>> = own_files.with(|files| files.iter().map(|same| same.0.clone()).collect());
            if files.is_empty() {
                return Vec::new();
            }
            let picked = picked.as_ref().map(|keys| keys.as_slice());
            state.with_untracked(|state| {
                let Some(plane) = Plane::of(state, &columns, None) else { return Vec::new() };
                own_points(&files, &rows.0, &plane, &coloring, picked, &theme)
            })
        });
        let page = Self {
            state,
            cloud,
            catalogue,
            manifest: Memo::new(move |_| state.with(|s| s.manifest().cloned().map(Same))),
            own_files,
            own_rows,
            own_points,
            coloring,
            columns,
            inked,
            cursor: RwSignal::new(None),
            own_cursor: RwSignal::new(None),
            stars: Memo::new(move |_| state.with(|s| s.link().stars)),
            dark,
            explorer: StoredValue::new_local(None),
            served: StoredValue::new_local(None),
            trainer: StoredValue::new_local(None),
            looked: StoredValue::new(false),
            neighbourhood,
            still: RwSignal::new(false),
            fetching: StoredValue::new(Vec::new()),
            on_demand: StoredValue::new(Vec::new()),
            playing: StoredValue::new(None),
            link_timer: StoredValue::new(None),
            file_changes: StoredValue::new(VecDeque::new()),
            keeping_files: StoredValue::new(false),
        };
        page.follow_media("(prefers-color-scheme: dark)", page.dark);
        page.follow_media("(prefers-reduced-motion: reduce)", page.still);
        page.follow_neighbourhood();
        page.keep_explorer();
        page.watch_workers();
        spawn_local(page.load());
        page.start_linked_run();
        // A link pasted over this page's own address is another page.
        window_event_listener_untyped("hashchange", |_| {
            let _ = window().location().reload();
        });
        page
    }

    /// Changes the state, and does what follows from it: requests are sent, pixels fetched, the address written.
    pub fn act(self, change: impl FnOnce(&mut AppState)) {
        let outcome = self.state.try_update(|state| {
            change(state);
            state.check_lesson();
            (state.take_outbox(), state.take_file_changes())
        });
        let (requests, changes) = outcome.unwrap_or_default();
        self.keep_explorer();
        self.keep_trainer();
        // Before what is asked: a new channel takes back what was waited for on the one before.
        self.connect_workers();
        self.explorer.with_value(|explorer| {
            for request in &requests {
                if let Some(running) = explorer {
                    running.client.send(request);
                }
            }
        });
        self.keep_files(changes);
        self.fetch_wanted();
        self.fetch_on_demand();
        self.play_on();
        self.write_link_soon();
    }

    /// The theme of plots.
    pub fn theme(self) -> Theme {
        Theme::of(self.dark.get_untracked())
    }

    /// Whether a row is shown: no class that the legend has hidden.
    pub fn visible(self) -> impl Fn(usize) -> bool {
        let (cloud, hidden) =
            self.state.with_untracked(|state| (state.embedding().cloned(), state.link().hidden.clone()));
        move |row| {
            hidden.is_empty()
                || cloud.as_ref().is_some_and(|cloud| cloud.class.get(row).is_some_and(|code| !hidden.contains(code)))
        }
    }

    /// Absolute address of the open set's folder.
    pub fn set_url(self) -> String {
        self.served.get_value().map(|served| served.set_url.clone()).unwrap_or_default()
    }

    /// The page's own address, without what follows `#`.
    pub fn base(self) -> String {
        base()
    }

    /// The full address of what is on screen.
    pub fn link(self) -> String {
        format!("{}#{}", base(), self.state.with_untracked(AppState::permalink))
    }

    /// Gives the explorer its end of a channel to the trainer.
    pub(super) fn connect_explorer(self, port: &MessagePort) {
        self.explorer.with_value(|explorer| {
            if let Some(running) = explorer {
                running.client.connect(port);
            }
        });
    }

    /// Starts the explorer that is wanted, if it is another than the one that runs.
    fn keep_explorer(self) {
        let generation = self.state.with_untracked(AppState::explorer_wanted);
        if self.explorer.with_value(|running| running.as_ref().is_some_and(|running| running.generation == generation))
        {
            return;
        }
        self.explorer.update_value(|explorer| {
            if let Some(old) = explorer.take() {
                old.client.end();
            }
        });
        let client = WorkerClient::start("./engine.js", &EXPLORER, move |event| {
            let current = self.explorer.with_value(|e| e.as_ref().is_none_or(|r| r.generation == generation));
            if current {
                self.on_explorer_event(event);
            }
        });
        self.explorer.set_value(Some(RunningExplorer { generation, client }));
    }

    fn on_explorer_event(self, event: FromWorker<ExploreEvent>) {
        let opened = |response: &Response<ExploreEvent>| matches!(response.event, ExploreEvent::ModelOpened { .. });
        let first = matches!(&event, FromWorker::Response(response) if opened(response));
        match event {
            FromWorker::Response(response) => self.act(|state| state.apply(*response)),
            FromWorker::Died(sentence) => self.act(|state| state.explorer_died(sentence)),
            FromWorker::Stopped(sentence) => self.act(|state| state.explorer_stopped(sentence)),
        }
        // Once the page does what a visitor came for.
        if first && !self.looked.get_value() {
            self.looked.set_value(true);
            self.look_around();
            self.restore_files();
        }
    }

    /// Neighbours are looked up in a tree, which is built after the scatter has been drawn.
    fn follow_neighbourhood(self) {
        Effect::new(move |_| {
            let Some(cloud) = self.cloud.get() else { return };
            set_timeout(
                move || {
                    let newest = self.cloud.get_untracked().is_some_and(|newest| newest == cloud);
                    if let Some(neighbourhood) = newest.then(|| Neighbourhood::new(&cloud.0).ok()).flatten() {
                        self.neighbourhood.set(Some(Same(Arc::new(neighbourhood))));
                    }
                },
                Duration::from_millis(150),
            );
        });
    }

    /// Writes the address once things have come to rest: browsers allow a few changes a second only.
    fn write_link_soon(self) {
        if let Some(timer) = self.link_timer.get_value() {
            timer.clear();
        }
        let write = move || {
            if self.state.with_untracked(|state| state.embedding().is_none()) {
                return;
            }
            let fragment = format!("#{}", self.state.with_untracked(AppState::permalink));
            if let Ok(history) = window().history() {
                let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&fragment));
            }
        };
        self.link_timer.set_value(set_timeout_with_handle(write, Duration::from_millis(250)).ok());
    }

    fn follow_media(self, query: &str, signal: RwSignal<bool>) {
        let Ok(Some(query)) = window().match_media(query) else { return };
        signal.set(query.matches());
        let asked = query.clone();
        let changed = Closure::<dyn Fn()>::new(move || signal.set(asked.matches()));
        let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        changed.forget();
    }
}

/// The page's Content-Security-Policy, as it stands in its head.
fn policy() -> String {
    let meta = document().query_selector("meta[http-equiv='Content-Security-Policy']").ok().flatten();
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The page's own address, without what follows `#`.
pub(super) fn base() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}
