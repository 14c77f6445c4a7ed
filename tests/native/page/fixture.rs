//! A page with a made-up set of some hundred spectra in six latents, and an engine that a test plays by hand.

use std::fmt::Debug;

use spectrascape::formats::set::{Catalogue, ColumnInfo, EncodingMethod, Grid, LatentSet, Manifest};
use spectrascape::page::{AppState, Permalink};
use spectrascape::protocol::{
    EpochLatents, ExploreCommand, ExploreEvent, Request, Response, TrainCommand, TrainEvent, TrainingState,
};
use spectrascape::spectrum::{Class, ObjectFacts, SourceId};
use spectrascape::vae::config::VaeConfig;
use spectrascape::vae::encoding::Encoding;
use spectrascape::vae::model_card::{EpochReport, ModelCard};
use spectrascape::vae::objective::LossTerms;
use spectrascape::vae::posterior::Posterior;

/// Spectra of the set.
pub const COUNT: usize = 600;
/// Latents of its model.
pub const DIMS: usize = 6;
/// Pixels of a spectrum.
pub const PIXELS: usize = 1000;

/// Even numbers in [0, 1), always the same ones.
fn chance(at: usize) -> f32 {
    let mut bits = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((bits ^ (bits >> 31)) >> 40) as f32 / (1u64 << 24) as f32
}

/// `[COUNT]` classes: 2 of 6 quiescent, 2 of 6 emission-line, and the rest AGN of either kind.
pub fn classes() -> Vec<u8> {
    (0..COUNT).map(|row| [0, 0, 1, 1, 2, 3][row % 6]).collect()
}

pub fn latents() -> LatentSet {
    let class = classes();
    let value = |row: usize, latent: usize| {
        let shift = f32::from(class[row]) * [1.0, -0.3, 0.5, 0.2, -0.6, 0.4][latent];
        (chance(row * DIMS + latent) - 0.5) * (6.0 - latent as f32) + shift
    };
    LatentSet {
        dims: DIMS,
        mean: (0..COUNT).flat_map(|row| (0..DIMS).map(move |latent| (row, latent))).map(|(r, l)| value(r, l)).collect(),
        log_var: vec![-2.0; COUNT * DIMS],
        class: class.clone(),
        umap: Some((0..COUNT * 2).map(|at| chance(at + 77_777)).collect()),
        chi2: None,
        model: "vae6".to_owned(),
        set: "toy".to_owned(),
        encoding: EncodingMethod::Plain,
    }
}

pub fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.push_integers("plate", vec![266; COUNT]);
    catalogue.push_integers("mjd", vec![51602; COUNT]);
    catalogue.push_integers("fiber", (1..=COUNT as i32).collect());
    catalogue.push_floats("redshift", (0..COUNT).map(|row| row as f32 / 2000.0).collect());
    catalogue.push_floats("width", (0..COUNT).map(|row| if row == 7 { f32::NAN } else { row as f32 }).collect());
    catalogue.push_integers("truth_sfh", (0..COUNT as i32).map(|row| row % 6 - 1).collect());
    catalogue
}

/// A catalogue of version 2: objects 0.1 degree apart, the last one of DESI, and row 7 without a position.
pub fn catalogue_on_sky() -> Catalogue {
    let last = COUNT - 1;
    let mut catalogue = Catalogue::default();
    let part = |of_sdss: fn(usize) -> i64, of_desi: i64| -> Vec<i64> {
        (0..COUNT).map(|row| if row == last { of_desi } else { of_sdss(row) }).collect()
    };
    catalogue.push_integers("survey", (0..COUNT).map(|row| if row == last { 2 } else { 0 }).collect());
    catalogue.push_longs("id_a", part(|_| 266, 39627835576420141));
    catalogue.push_longs("id_b", part(|_| 51602, 0));
    catalogue.push_longs("id_c", part(|row| row as i64 + 1, 0));
    let place = |row: usize, value: f64| if row == 7 { f64::NAN } else { value };
    catalogue.push_doubles("ra", (0..COUNT).map(|row| place(row, 150.0 + 0.1 * (row % 25) as f64)).collect());
    catalogue.push_doubles("dec", (0..COUNT).map(|row| place(row, 2.0 + 0.1 * (row / 25) as f64)).collect());
    catalogue.push_floats("redshift", (0..COUNT).map(|row| row as f32 / 2000.0).collect());
    catalogue.push_floats("z_err", vec![0.00012; COUNT]);
    catalogue.push_integers("zwarning", (0..COUNT as i32).map(|row| if row == 3 { 4 } else { 0 }).collect());
    catalogue
}

/// The manifest of that catalogue, of observed spectra.
pub fn manifest_on_sky() -> Manifest {
    let column = |name: &str, label: &str, unit: &str| ColumnInfo::new(&catalogue_on_sky(), name, label, unit);
    let columns = vec![
        column("ra", "Right ascension", "deg"),
        column("dec", "Declination", "deg"),
        column("redshift", "Redshift", ""),
        column("z_err", "Error of the redshift", ""),
        column("zwarning", "Warnings", ""),
    ];
    Manifest { simulated: false, columns, ..manifest() }
}

/// An opened page whose set has positions.
pub fn opened_on_sky(link: &str) -> AppState {
    let (link, problems) = Permalink::parse(link);
    let mut state = AppState::open(link, problems);
    state.reopen_model("http://localhost/models/vae6.safetensors".to_owned());
    state.on_manifest_loaded(manifest_on_sky());
    state.on_latents_loaded(latents());
    state.on_catalogue_loaded(catalogue_on_sky());
    state
}

pub fn manifest() -> Manifest {
    let column = |name: &str, label: &str, unit: &str| ColumnInfo::new(&catalogue(), name, label, unit);
    Manifest {
        format: 1,
        name: "toy".to_owned(),
        title: "Toy".to_owned(),
        simulated: true,
        license: "CC0-1.0".to_owned(),
        provenance: String::new(),
        seed: Some(1),
        grid: Grid::PAPER,
        recipe: spectrascape::preprocess::Recipe::standard(),
        count: COUNT,
        split_seed: 1,
        class_names: Manifest::class_names(),
        survey_names: Vec::new(),
        subclass_names: Vec::new(),
        columns: vec![
            column("redshift", "Redshift", ""),
            column("width", "line width", "km/s"),
            column("truth_sfh", "history", ""),
        ],
        mean_spectrum: "mean.safetensors".to_owned(),
        catalogue: "catalogue.safetensors".to_owned(),
        shards: Vec::new(),
    }
}

pub fn card(dims: usize) -> ModelCard {
    ModelCard {
        format: 1,
        name: format!("vae{dims}"),
        config: VaeConfig::paper(dims),
        training_set: "toy".to_owned(),
        training_set_sha256: String::new(),
        recipe: spectrascape::preprocess::Recipe::standard(),
        simulated: true,
        epoch: 1,
        history: Vec::new(),
        grid: (3.53, 0.00039, PIXELS),
        head_scale: Vec::new(),
        trained_on: String::new(),
    }
}

pub fn encoding(mean: &[f32]) -> Encoding {
    let log_var = vec![-3.0; mean.len()];
    Encoding {
        posterior: Posterior { mean: mean.to_vec(), log_var },
        reconstruction: vec![1.0; PIXELS],
        chi2: 1.0,
        scale: 1.0,
        method: EncodingMethod::Plain,
    }
}

/// A page whose set, model and engine are there; what it has asked so far is taken away.
pub fn opened(link: &str) -> AppState {
    opened_with(link, latents())
}

/// The same with other latents.
pub fn opened_with(link: &str, latents: LatentSet) -> AppState {
    let mut state = loaded_with(link, latents);
    answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OpenModel { .. }));
    answer(&mut state, id, ExploreEvent::ModelOpened { card: card(DIMS), head: None });
    // Redshifts are checked in the background where a test looks at that.
    state.stop_trials(true);
    state
}

/// A page whose set is there, and whose engine has not said anything.
pub fn loaded(link: &str) -> AppState {
    loaded_with(link, latents())
}

fn loaded_with(link: &str, latents: LatentSet) -> AppState {
    let (link, problems) = Permalink::parse(link);
    let mut state = AppState::open(link, problems);
    state.reopen_model("http://localhost/models/vae6.safetensors".to_owned());
    state.on_manifest_loaded(manifest());
    state.on_latents_loaded(latents);
    state.on_catalogue_loaded(catalogue());
    state
}

pub fn answer(state: &mut AppState, id: u32, event: ExploreEvent) {
    state.apply(Response { id, event });
}

pub fn fails(state: &mut AppState, id: u32) {
    answer(state, id, ExploreEvent::Failed { message: "No.".to_owned() });
}

/// The number of the only request of a kind.
pub fn id_of<C: Debug>(requests: &[Request<C>], kind: impl Fn(&C) -> bool) -> u32 {
    let found: Vec<u32> = requests.iter().filter(|r| kind(&r.command)).map(|r| r.id).collect();
    assert_eq!(found.len(), 1, "{:?}", names(requests));
    found[0]
}

/// The kinds of requests, in order.
pub fn names<C: Debug>(requests: &[Request<C>]) -> Vec<String> {
    let name = |request: &Request<C>| format!("{:?}", request.command);
    requests.iter().map(|r| name(r).split([' ', '{']).next().unwrap_or_default().to_owned()).collect()
}

/// Takes what was asked away, and says what kinds.
pub fn asked(state: &mut AppState) -> Vec<String> {
    names(&state.take_outbox())
}

/// Something that the trainer says.
pub fn trainer(state: &mut AppState, id: u32, event: TrainEvent) {
    state.apply_trainer(Response { id, event });
}

/// What training does now.
pub fn training(state: &mut AppState, id: u32, now: TrainingState) {
    trainer(state, id, TrainEvent::State { state: now });
}

/// The request that started the newest training; the trainer listens from then on.
pub fn started(state: &mut AppState) -> u32 {
    trainer(state, 0, TrainEvent::Ready { engine: "CPU".to_owned() });
    let requests = state.take_trainer_outbox();
    id_of(&requests, |command| matches!(command, TrainCommand::Start(_)))
}

/// Where the spectra lie after an epoch; the explorer has not been given the model yet.
pub fn placed(number: usize, latents: Vec<f32>) -> TrainEvent {
    let dims = latents.len() / COUNT.max(1);
    TrainEvent::EpochLatents(Box::new(EpochLatents {
        epoch: number,
        latents,
        variance: vec![0.1; dims],
        watched: Vec::new(),
    }))
}

/// An epoch of training that ends with these latents, and the explorer's taking its model. What was asked before is taken away.
pub fn epoch(state: &mut AppState, id: u32, number: usize, latents: Vec<f32>) {
    let terms = LossTerms::default();
    let report = EpochReport { epoch: number, train: terms, valid: terms, learning_rate: 1e-3 };
    trainer(state, id, TrainEvent::Epoch { report, best: true, ms_per_step: 1.0 });
    state.take_outbox();
    trainer(state, id, placed(number, latents));
    let dims = state.training().config.as_ref().map_or(DIMS, |config| config.latents);
    let given = state.take_outbox();
    if let Some(request) =
        given.iter().find(|request| matches!(request.command, ExploreCommand::UseTrainedModel { .. }))
    {
        answer(state, request.id, ExploreEvent::ModelOpened { card: card(dims), head: None });
    }
}

/// Training is over, and the shipped model is open again.
pub fn back_to_shipped(state: &mut AppState) {
    training(state, 0, TrainingState::Idle);
    let requests = state.take_outbox();
    let id = id_of(&requests, |command| matches!(command, ExploreCommand::OpenModel { .. }));
    answer(state, id, ExploreEvent::ModelOpened { card: card(DIMS), head: None });
}

/// A file that was read and encoded.
pub fn file_encoded(name: &str, redshift: f64, mean: &[f32]) -> ExploreEvent {
    ExploreEvent::FileEncoded {
        name: name.to_owned(),
        spectrum_id: SourceId::NONE,
        object: ObjectFacts::default(),
        file_redshift: Some(redshift),
        redshift,
        redshift_from: "the file".to_owned(),
        median_snr: 14.0,
        notes: Vec::new(),
        class: Class::Quiescent,
        flux: vec![1.0; PIXELS],
        ivar: vec![1.0; PIXELS],
        encoding: encoding(mean),
    }
}

/// Pixels of a row have come; its flux is its number.
pub fn fetch(state: &mut AppState, row: usize) {
    let mut ivar = vec![1.0; PIXELS];
    ivar[3] = 0.0;
    state.on_pixels_loaded(row, vec![row as f32; PIXELS], ivar);
}
