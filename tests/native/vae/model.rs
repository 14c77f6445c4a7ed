//! Training and model files: what the configuration, the comments and the documentation promise.

use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use half::f16;
use spectrascape::formats::set::writer::MeanSpectrum;
use spectrascape::formats::set::{TensorFile, TensorWriter};
use spectrascape::preprocess::{InfillBasis, Normalization, Recipe};
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::backend::block_on;
use spectrascape::vae::backend::burn::Burn;
use spectrascape::vae::backend::burn::adam::Adam;
use spectrascape::vae::backend::burn::model::{InfoVae, bias};
use spectrascape::vae::backend::cpu::Cpu;
use spectrascape::vae::dataset::{Split, TrainingSet};
use spectrascape::vae::encoding::EncodingMethod;
use spectrascape::vae::inference::{chi2, device};
use spectrascape::vae::learner_state::LearnerState;
use spectrascape::vae::model_card::ModelCard;
use spectrascape::vae::model_file::{ModelError, Precision};
use spectrascape::vae::objective::pixel_weight;
use spectrascape::vae::random::{self, Purpose};
use spectrascape::vae::schedule::Schedule;
use spectrascape::vae::session::{SessionError, SessionEvent, TrainingJob, TrainingSession, TrainingState};
use spectrascape::vae::train_error::TrainError;
use spectrascape::vae::{Model, VaeConfig};

/// Smooth spectra with noise: a slope and a bump of random strength each.
pub fn random_set(spectra: usize) -> TrainingSet {
    let mut generator = random::generator(7, Purpose::Weights);
    let (mut flux, mut ivar) = (Vec::new(), Vec::new());
    for _ in 0..spectra {
        let dials = random::normal(&mut generator, 3);
        let noise = random::normal(&mut generator, PIXELS);
        for (i, noise) in noise.iter().enumerate() {
            let at = i as f32 / PIXELS as f32 - 0.5;
            let bump = (-(at - 0.1 * dials[2]).powi(2) * 200.0).exp();
            flux.push(f16::from_f32(1.0 + 0.3 * dials[0] * at + 0.5 * dials[1] * bump + 0.1 * noise));
            ivar.push(f16::from_f32(if i % 50 == 0 { 0.0 } else { 100.0 }));
        }
    }
    let infill =
        InfillBasis { mean: vec![1.0; PIXELS], components: vec![0.5; 2 * PIXELS], eigenvalues: vec![2.0, 1.0] };
    TrainingSet {
        name: "test".to_owned(),
        manifest_sha256: "0".repeat(64),
        recipe: Recipe::standard(),
        simulated: true,
        split_seed: 1,
        mean: MeanSpectrum { mean: vec![1.0; PIXELS], infill },
        flux,
        ivar,
        stored: None,
        labels: None,
    }
}

/// A network small enough to train in a test.
pub fn small_config() -> VaeConfig {
    VaeConfig { hidden1: 24, hidden2: 12, latents: 3, max_epochs: 3, batch: 16, ..VaeConfig::paper(2) }
}

/// A session with the fused step, before its first step.
fn open(config: &VaeConfig, spectra: usize) -> Result<TrainingSession<Cpu>, SessionError> {
    let backend = Cpu::new(config, LearnerState::new(config)).unwrap().with_threads(2);
    TrainingSession::new(config, TrainingJob::whole("test", random_set(spectra)), backend)
}

fn train(config: &VaeConfig, spectra: usize) -> TrainingSession<Cpu> {
    let mut session = open(config, spectra).unwrap();
    block_on(session.finish()).unwrap();
    assert_eq!(session.state(), TrainingState::Finished);
    session
}

fn best(session: &mut TrainingSession<Cpu>) -> Model {
    Model::from_file(block_on(session.model(true)).unwrap(), &device())
}

/// Any kind of model, trained by Burn to its end.
pub fn trained(name: &str, config: &VaeConfig, set: TrainingSet) -> Model {
    let backend = Burn::new(config, &LearnerState::new(config), &device()).unwrap();
    let mut session = TrainingSession::new(config, TrainingJob::whole(name, set), backend).unwrap();
    block_on(session.finish()).unwrap();
    Model::from_file(block_on(session.model(true)).unwrap(), &device())
}

fn model() -> Model {
    best(&mut train(&VaeConfig { max_epochs: 1, ..small_config() }, 40))
}

#[test]
fn training_lowers_both_losses() {
    let session = train(&VaeConfig { max_epochs: 60, ..small_config() }, 200);
    let (first, last) = (session.history()[0], *session.history().last().unwrap());
    assert!(last.train.total < 0.5 * first.train.total, "{first:?} {last:?}");
    assert!(last.valid.total < 0.5 * first.valid.total, "{first:?} {last:?}");
}

#[test]
fn one_seed_makes_the_same_bytes() {
    let bytes = |seed| best(&mut train(&VaeConfig { seed, ..small_config() }, 100)).to_bytes(Precision::F32);
    assert!(bytes(1) == bytes(1));
    assert!(bytes(1) != bytes(2));
}

/// Wide enough that the matrix products are split between threads.
#[test]
fn threads_do_not_change_the_bytes() {
    let config = VaeConfig { max_epochs: 1, batch: 64, ..VaeConfig::paper(6) };
    let bytes = || best(&mut train(&config, 256)).to_bytes(Precision::F32);
    assert!(bytes() == bytes());
}

#[test]
fn an_epoch_ends_with_its_report_and_the_best_state_is_kept() {
    let config = VaeConfig { max_epochs: 4, ..small_config() };
    let mut session = open(&config, 64).unwrap();
    let (mut best_epoch, mut kept) = (0, None);
    session.run();
    for epoch in 1..=4 {
        // 48 training spectra are three batches of 16, 16 for validation are one more.
        for step in 0..3 {
            let position = session.progress().position;
            assert_eq!((position.epoch, position.step, position.steps), (epoch, step, 3));
            assert!(block_on(session.advance(|| 0.0)).unwrap().is_empty());
        }
        let before = block_on(session.model(false)).unwrap();
        let events = block_on(session.advance(|| 0.0)).unwrap();
        let SessionEvent::Epoch { report, best, .. } = events[0] else { panic!("no epoch's end") };
        assert_eq!(report.epoch, epoch);
        if best {
            (best_epoch, kept) = (epoch, Some(before.layers));
        }
    }
    assert_eq!(session.state(), TrainingState::Finished);
    assert!(!session.can_work());
    let model = block_on(session.model(true)).unwrap();
    assert_eq!(model.card.epoch, best_epoch);
    assert_eq!(Some(model.layers), kept);
    assert_eq!(model.card.history.len(), 4);
}

#[test]
fn a_plain_autoencoder_has_no_latent_terms_and_leaves_its_variance_head_alone() {
    let config = VaeConfig { variational: false, ..small_config() };
    let mut session = train(&config, 64);
    assert!(session.history().iter().all(|report| report.train.kl == 0.0 && report.train.mmd == 0.0));
    let before = InfoVae::new(&config, &device()).to_pytorch();
    let after = block_on(session.model(false)).unwrap().layers;
    for ((shape, before, _), (_, after, _)) in before.iter().zip(&after) {
        assert_eq!(before == after, shape.name == "log_var", "{}", shape.name);
    }
}

#[test]
fn the_learning_rate_falls_after_five_stalled_epochs_and_training_stops_after_ten() {
    let mut schedule = Schedule::new(&VaeConfig::paper(6));
    assert!(schedule.observe(10.0).best);
    for stalled in 1..=10 {
        let verdict = schedule.observe(10.0);
        assert!(!verdict.best);
        assert_eq!(verdict.stop, stalled == 10);
        let expected = if stalled < 5 { 1e-3 } else { 1e-4 };
        if stalled < 10 {
            assert!((schedule.learning_rate() - expected).abs() < 1e-12, "{stalled}: {}", schedule.learning_rate());
        }
    }
}

#[test]
fn an_improvement_starts_the_count_again() {
    let mut schedule = Schedule::new(&VaeConfig::paper(6));
    for loss in [10.0, 11.0, 11.0, 11.0, 11.0, 9.0, 11.0, 11.0, 11.0, 11.0] {
        assert!(!schedule.observe(loss).stop);
    }
    assert_eq!(schedule.learning_rate(), 1e-3);
    schedule.observe(11.0);
    assert!(schedule.learning_rate() < 1.1e-4);
}

#[test]
fn the_published_code_asks_for_a_thousandth_but_keeps_the_lowest() {
    let mut schedule = Schedule::new(&VaeConfig::published_code(6));
    schedule.observe(10.0);
    for step in 1..=5 {
        assert!(schedule.observe(10.0 - 0.001 * f64::from(step)).best);
    }
    assert!(schedule.learning_rate() < 1.1e-4);
}

#[test]
fn a_loss_that_is_not_a_number_never_counts_as_better() {
    let mut schedule = Schedule::new(&VaeConfig { stop_after: 2, ..VaeConfig::paper(6) });
    assert!(!schedule.observe(f64::NAN).best);
    assert!(schedule.observe(f64::NAN).stop);
}

/// Derivatives g = 2 and g = -0.5: the first step of Adam is the learning rate against the sign of g, but for epsilon.
/// The second, with g = 1: m = 0.9 * 0.2 + 0.1 = 0.28, v = 0.999 * 0.004 + 0.001 = 0.004996, so the step is
/// lr * 0.28 / 0.19 / (sqrt(0.004996 / 0.001999) + 1e-8) = 0.93219 lr.
#[test]
fn adam_steps_as_by_hand() {
    let config = VaeConfig { pixels: 1, latents: 1, hidden1: 1, hidden2: 1, ..VaeConfig::paper(2) };
    let mut vae = InfoVae::from_pytorch(&config, &device().autodiff(), |_| (vec![1.0], vec![1.0]));
    let mut adam = Adam::new(&config);
    let gradients = |vae: &InfoVae, g: f32| {
        let mut all = GradientsParams::new();
        for (at, layer) in vae.layers().into_iter().enumerate() {
            all.register(layer.weight.id, Tensor::<2>::full([1, 1], g, &device()));
            if at != 1 {
                let g = if at == 0 { -0.5 } else { g };
                all.register(bias(layer).id, Tensor::<1>::full([1], g, &device()));
            }
        }
        all
    };
    let mut first = gradients(&vae, 2.0);
    adam.step(&mut vae, &mut first, 0.1);
    let weights = vae.to_pytorch();
    assert!((weights[0].1[0] - 0.9).abs() < 1e-6);
    assert!((weights[0].2[0] - 1.1).abs() < 1e-6);
    assert_eq!(weights[1].2[0], 1.0, "no derivative, no step");
    let mut second = gradients(&vae, 1.0);
    adam.step(&mut vae, &mut second, 0.1);
    let expected = 0.9 - 0.1 * (0.28 / 0.19) / ((0.004996_f64 / 0.001999).sqrt() + 1e-8);
    assert!((f64::from(vae.to_pytorch()[0].1[0]) - expected).abs() < 1e-6);
}

#[test]
fn the_split_holds_out_its_fraction_once_each() {
    let split = Split::new(8192, 0.25, 1);
    assert_eq!((split.train.len(), split.valid.len()), (6144, 2048));
    let mut all = [split.train.clone(), split.valid.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, (0..8192).collect::<Vec<_>>());
    assert_eq!(split, Split::new(8192, 0.25, 1));
    assert_ne!(split, Split::new(8192, 0.25, 2));
}

#[test]
fn weights_cap_the_signal_to_noise_at_fifty() {
    let epsilon = VaeConfig::paper(6).weight_epsilon;
    assert_eq!(pixel_weight(0.0, epsilon), 0.0);
    assert_eq!(pixel_weight(f32::INFINITY, epsilon), 0.0);
    assert_eq!(pixel_weight(f32::NAN, epsilon), 0.0);
    assert!((pixel_weight(1.0, epsilon) - 1.0 / 1.0004).abs() < 1e-6);
    assert!(pixel_weight(65504.0, epsilon).sqrt() < 50.0);
}

#[test]
fn pixels_that_are_not_numbers_count_as_masked() {
    let mut set = random_set(8);
    set.flux[3] = f16::NAN;
    set.flux[4] = f16::INFINITY;
    let batch = set.batch(&[0, 1], &VaeConfig { weight_epsilon: 4e-4, ..VaeConfig::paper(3) });
    assert_eq!((batch.x[3], batch.weight[3], batch.x[4], batch.weight[4]), (0.0, 0.0, 0.0, 0.0));
    assert!(batch.weight[5] > 0.0);
    assert_eq!(batch.weight[50], 0.0);
}

#[test]
fn impossible_training_is_refused_in_a_sentence() {
    let start = |config: &VaeConfig, spectra| match open(config, spectra) {
        Err(SessionError::Train(error)) => error,
        _ => panic!("not refused by the loop"),
    };
    assert!(matches!(start(&small_config(), 1), TrainError::TooFewSpectra { .. }));
    assert!(matches!(start(&VaeConfig { max_epochs: 0, ..small_config() }, 8), TrainError::Config(_)));
    assert!(matches!(start(&VaeConfig { pixels: 12, ..small_config() }, 8), TrainError::OtherPixels { .. }));
    assert!(VaeConfig { batch: 0, ..small_config() }.validate().unwrap_err().to_string().contains("`batch` is 0"));
    let steep = VaeConfig { learning_rate: 1e30, max_epochs: 100, ..small_config() };
    let error = block_on(open(&steep, 64).unwrap().finish()).expect_err("a loss that is not a number is noticed");
    assert!(error.to_string().contains("diverged"), "{error}");
}

#[test]
fn a_model_file_gives_the_model_back() {
    let model = model();
    let bytes = model.to_bytes(Precision::F32);
    let back = Model::from_bytes("m.safetensors", &bytes, &device()).unwrap();
    assert_eq!(back.card, model.card);
    assert_eq!(back.vae.to_pytorch(), model.vae.to_pytorch());
    assert_eq!((&back.input_mean, &back.infill), (&model.input_mean, &model.infill));
    assert_eq!(back.to_bytes(Precision::F32), bytes);

    let half = model.to_bytes(Precision::F16);
    assert!(half.len() < bytes.len() * 6 / 10);
    let back = Model::from_bytes("m.safetensors", &half, &device()).unwrap();
    let latent = [0.3, -0.2, 0.1];
    for (rounded, exact) in back.decode(&latent).iter().zip(model.decode(&latent)) {
        assert!((rounded - exact).abs() < 5e-3, "{rounded} {exact}");
    }
}

#[test]
fn a_model_file_has_pytorchs_names_and_layout() {
    let model = model();
    let bytes = model.to_bytes(Precision::F32);
    let file = TensorFile::parse("m", &bytes).unwrap();
    let config = small_config();
    for (name, outputs, inputs) in [
        ("encoder.0", config.hidden1, PIXELS),
        ("encoder.2", config.hidden2, config.hidden1),
        ("mean", config.latents, config.hidden2),
        ("log_var", config.latents, config.hidden2),
        ("decoder.0", config.hidden2, config.latents),
        ("decoder.2", config.hidden1, config.hidden2),
        ("decoder.4", PIXELS, config.hidden1),
    ] {
        assert_eq!(file.shape(&format!("{name}.weight")).unwrap(), [outputs, inputs]);
        assert_eq!(file.shape(&format!("{name}.bias")).unwrap(), [outputs]);
    }
    // y_o = sum over i of weight[o, i] x_i + bias_o, all the way, by hand.
    let floats = |name: &str| {
        let any = vec![0; file.shape(name).unwrap().len()];
        file.floats(name, &any).unwrap()
    };
    let mut x = vec![0.3_f32, -0.2, 0.1];
    for (layer, last) in [("decoder.0", false), ("decoder.2", false), ("decoder.4", true)] {
        let (weight, bias) = (floats(&format!("{layer}.weight")), floats(&format!("{layer}.bias")));
        let out = bias.iter().zip(weight.chunks(x.len())).map(|(bias, row)| {
            let sum = bias + row.iter().zip(&x).map(|(w, x)| w * x).sum::<f32>();
            if last { sum } else { sum.max(0.0) }
        });
        x = out.collect();
    }
    let decoded = model.decode(&[0.3, -0.2, 0.1]);
    let expected = x.iter().zip(floats("input_mean")).map(|(x, mean)| x + mean);
    assert!(decoded.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn encoding_in_batches_is_encoding_one_by_one() {
    let model = model();
    let set = random_set(Model::BATCH + 3);
    let all = model.encode_all(set.len(), EncodingMethod::Plain, |start, end| set.rows(start, end));
    assert_eq!(all.mean.len(), set.len() * 3);
    let (flux, ivar) = set.rows(set.len() - 1, set.len());
    let last = model.encode(&flux, &ivar);
    for (a, b) in last.mean.iter().zip(&all.mean[(set.len() - 1) * 3..]) {
        assert!((a - b).abs() < 1e-5, "{a} {b}");
    }
    assert_eq!(model.encode_all(0, EncodingMethod::Plain, |_, _| Default::default()), Default::default());
    let (mut broken, ivar) = set.rows(0, 1);
    broken[10] = f32::NAN;
    assert!(model.encode(&broken, &ivar).mean.iter().all(|mean| mean.is_finite()));
}

#[test]
fn chi2_is_the_mean_over_unmasked_pixels() {
    let found = chi2(&[1.0, 2.0, 9.0], &[4.0, 1.0, 0.0], &[0.5, 4.0, 0.0]);
    assert_eq!(found, (0.25 * 4.0 + 4.0) / 2.0);
    assert!(chi2(&[1.0], &[0.0], &[1.0]).is_nan());
}

#[test]
fn files_that_are_no_model_end_in_one_sentence() {
    let load = |bytes: &[u8]| Model::from_bytes("m.safetensors", bytes, &device()).unwrap_err();
    let bytes = model().to_bytes(Precision::F32);
    assert!(matches!(load(&bytes[..bytes.len() / 2]), ModelError::Format(_)));
    assert!(matches!(load(b""), ModelError::Format(_)));
    let mut other = TensorWriter::default();
    let other = other.floats("flux", &[1], &[0.0]).finish();
    assert!(matches!(load(&other), ModelError::NoCard { .. }));

    let mut grid = model();
    grid.card.grid.0 = 3.6;
    let error = load(&grid.to_bytes(Precision::F32));
    assert!(matches!(error, ModelError::OtherGrid { .. }));
    assert!(error.to_string().contains("10^3.6") && !error.to_string().contains('\n'), "{error}");

    let mut shape = model();
    shape.card.config.hidden1 += 1;
    let error = load(&shape.to_bytes(Precision::F32)).to_string();
    assert!(error.contains("encoder.0.weight") && error.contains("m.safetensors"), "{error}");

    let mut flawed = model();
    flawed.card.config.latents = 0;
    assert!(matches!(load(&flawed.to_bytes(Precision::F32)), ModelError::Card { .. }));

    let mut infinite = model();
    infinite.input_mean[0] = f32::NAN;
    assert!(matches!(load(&infinite.to_bytes(Precision::F32)), ModelError::NotFinite { .. }));
}

#[test]
fn a_model_carries_its_sets_recipe_and_an_old_card_means_the_standard_one() {
    let total = Recipe { normalization: Normalization::Total, ..Recipe::standard() };
    let config = VaeConfig { max_epochs: 1, ..small_config() };
    let set = TrainingSet { recipe: total, ..random_set(40) };
    let bytes = trained("mine", &config, set).to_bytes(Precision::F32);
    let card = Model::from_bytes("mine", &bytes, &device()).unwrap().card;
    assert_eq!(card.recipe, total);
    let mut old = serde_json::to_value(&card).unwrap();
    old.as_object_mut().unwrap().remove("recipe").expect("the card names its recipe");
    let old: ModelCard = serde_json::from_value(old).unwrap();
    assert_eq!(old.recipe, Recipe::standard());
}
