//! The engine without a browser: commands in, events out.

use spectrascape::preprocess::{Normalization, Recipe};
use spectrascape::protocol::{Command, Event};
use spectrascape::simulator::{self, survey_file};
use spectrascape::spectrum::{PIXELS, SpectrumId};
use spectrascape::vae::VaeConfig;
use spectrascape::vae::dataset::TrainingSet;
use spectrascape::vae::model_file::Precision;
use spectrascape::workers::explorer::Session;

use crate::formats::read::galaxies;
use crate::vae::model::{random_set, small_config, trained};

fn model_bytes(config: &VaeConfig) -> Vec<u8> {
    trained("shipped", config, random_set(40)).to_bytes(Precision::F32)
}

/// A session with a model of three latents open.
fn session() -> Session {
    let mut session = Session::new();
    let event = session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert!(matches!(event, Event::ModelOpened { card } if card.name == "shipped"));
    session
}

fn decoded(session: &mut Session, latent: &[f32]) -> Vec<f32> {
    match session.answer(Command::Decode { latent: latent.to_vec() }) {
        Event::Decoded { latent: asked, flux } if asked == latent => flux,
        other => panic!("{other:?}"),
    }
}

fn sentence(event: Event) -> String {
    match event {
        Event::Failed { message } => message,
        other => panic!("no failure: {other:?}"),
    }
}

#[test]
fn nothing_works_before_a_model_is_open_and_all_say_so() {
    let mut session = Session::new();
    let latent = vec![0.0; 3];
    assert!(sentence(session.answer(Command::Decode { latent })).contains("No model"));
    assert!(sentence(session.answer(Command::TrainPause)).contains("a trainer trains"));
    assert!(!session.is_running());
}

#[test]
fn decoding_and_encoding_answer_with_what_was_asked() {
    let mut session = session();
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]).len(), PIXELS);
    let set = random_set(1);
    let (flux, ivar) = (set.rows(0, 1).0, vec![100.0; PIXELS]);
    let Event::Encoded(encoding) = session.answer(Command::Encode { flux, ivar }) else { panic!("not encoded") };
    assert_eq!((encoding.mean.len(), encoding.log_var.len()), (3, 3));
    assert_eq!(encoding.reconstruction, decoded(&mut session, &encoding.mean));
    assert!(encoding.chi2.is_finite() && encoding.chi2 > 0.0);
}

#[test]
fn wrong_sizes_and_wrong_files_are_refused_and_lose_nothing() {
    let mut session = session();
    let before = decoded(&mut session, &[0.1, 0.2, 0.3]);
    assert!(sentence(session.answer(Command::Decode { latent: vec![0.0; 2] })).contains('3'));
    assert!(sentence(session.answer(Command::Decode { latent: vec![f32::NAN; 3] })).contains('3'));
    let (flux, ivar) = (vec![1.0; 10], vec![1.0; 10]);
    assert!(sentence(session.answer(Command::Encode { flux, ivar })).contains("1000"));
    let (name, bytes) = ("cat.jpg".to_owned(), b"not a spectrum".to_vec());
    assert!(sentence(session.answer(Command::EncodeFile { name, bytes, redshift: None })).contains("cat.jpg"));
    assert!(sentence(session.open_model("broken.safetensors", b"broken")).contains("broken.safetensors"));
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]), before);
}

#[test]
fn a_model_in_training_decodes_once_it_is_handed_over_and_the_shipped_one_again_after_that() {
    let mut session = session();
    let place = [0.1, 0.2, 0.3];
    let shipped = decoded(&mut session, &place);
    let (name, bytes) = ("in-page".to_owned(), model_bytes(&VaeConfig { seed: 5, ..small_config() }));
    let event = session.answer(Command::UseModel { name, bytes });
    assert!(matches!(event, Event::ModelOpened { .. }), "{event:?}");
    assert_ne!(decoded(&mut session, &place), shipped);
    let broken = Command::UseModel { name: "broken".to_owned(), bytes: vec![1, 2, 3] };
    assert!(sentence(session.answer(broken)).contains("broken"));
    session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert_eq!(decoded(&mut session, &place), shipped);
}

/// A model trained on spectra divided by their total flux is given a dropped file's spectrum divided in that way, too.
#[test]
fn a_file_is_prepared_by_the_models_recipe() {
    let total = Recipe { normalization: Normalization::Total, ..Recipe::standard() };
    let simulated = simulator::simulate(99, 0);
    let id = SpectrumId { plate: 100_001, mjd: 0, fiber: 6 };
    let (name, bytes) = (survey_file::name(id), survey_file::to_fits(&simulated, id));
    let redshift = simulated.observed.redshift;
    for recipe in [Recipe::standard(), total] {
        let set = TrainingSet { recipe, ..random_set(40) };
        let model = trained("mine", &small_config(), set);
        let mut session = Session::new();
        session.open_model("mine.safetensors", &model.to_bytes(Precision::F32));
        let ask = Command::EncodeFile { name: name.clone(), bytes: bytes.clone(), redshift: None };
        let Event::FileEncoded { flux, encoding, .. } = session.answer(ask) else { panic!("not encoded") };
        let observed = &simulated.observed;
        let expected = recipe.prepare(observed, redshift.unwrap(), &model.infill).unwrap();
        for (found, expected) in flux.iter().zip(&expected.flux) {
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
        let mean = flux.iter().sum::<f32>() / PIXELS as f32;
        assert_eq!((mean - 1.0).abs() < 1e-4, recipe == total, "{recipe}: mean flux {mean}");
        assert_eq!(encoding.mean.len(), 3);
    }
}

#[test]
fn of_several_spectra_in_a_file_the_first_is_taken_with_a_note() {
    let mut session = session();
    let ask = Command::EncodeFile { name: "mine.npz".to_owned(), bytes: galaxies(3), redshift: None };
    let Event::FileEncoded { redshift, notes, .. } = session.answer(ask) else { panic!("not encoded") };
    assert_eq!(redshift, 0.05);
    assert!(notes.iter().any(|note| note.contains("holds 3 spectra")), "{notes:?}");
}
