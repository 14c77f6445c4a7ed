//! The engine without a browser: commands in, events out.

use spectrascape::protocol::{ExploreCommand, ExploreEvent, TrainCommand};
use spectrascape::spectrum::PIXELS;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::backend::burn::training::{Step, Trainer};
use spectrascape::vae::inference::device;
use spectrascape::vae::model_bytes::{self, Precision};
use spectrascape::workers::explorer::Session;

use crate::vae::model::{random_set, small_config};

fn model_bytes(config: &VaeConfig) -> Vec<u8> {
    let mut trainer = Trainer::new("shipped", config, random_set(40), &device()).unwrap();
    while trainer.step().unwrap() != Step::Finished {}
    model_bytes::to_bytes(&trainer.best(), Precision::F32)
}

/// A session with a model of three latents open.
fn session() -> Session {
    let mut session = Session::new();
    let event = session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert!(matches!(event, ExploreEvent::ModelOpened { card } if card.name == "shipped"));
    session
}

fn decoded(session: &mut Session, latent: &[f32]) -> Vec<f32> {
    match session.answer(ExploreCommand::Decode { latent: latent.to_vec() }) {
        ExploreEvent::Decoded { latent: asked, flux } if asked == latent => flux,
        other => panic!("{other:?}"),
    }
}

fn sentence(event: ExploreEvent) -> String {
    match event {
        ExploreEvent::Failed { message } => message,
        other => panic!("no failure: {other:?}"),
    }
}

#[test]
fn nothing_works_before_a_model_is_open_and_all_say_so() {
    let mut session = Session::new();
    let latent = vec![0.0; 3];
    assert!(sentence(session.answer(ExploreCommand::Decode { latent })).contains("No model"));
    assert!(sentence(session.answer(TrainCommand::Pause)).contains("a trainer trains"));
    assert!(!session.is_running());
}

#[test]
fn decoding_and_encoding_answer_with_what_was_asked() {
    let mut session = session();
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]).len(), PIXELS);
    let set = random_set(1);
    let (flux, ivar) = (set.rows(0, 1).0, vec![100.0; PIXELS]);
    let ExploreEvent::Encoded(encoding) = session.answer(ExploreCommand::Encode { flux, ivar }) else {
        panic!("not encoded")
    };
    assert_eq!((encoding.mean.len(), encoding.log_var.len()), (3, 3));
    assert_eq!(encoding.reconstruction, decoded(&mut session, &encoding.mean));
    assert!(encoding.chi2.is_finite() && encoding.chi2 > 0.0);
}

#[test]
fn wrong_sizes_and_wrong_files_are_refused_and_lose_nothing() {
    let mut session = session();
    let before = decoded(&mut session, &[0.1, 0.2, 0.3]);
    assert!(sentence(session.answer(ExploreCommand::Decode { latent: vec![0.0; 2] })).contains('3'));
    assert!(sentence(session.answer(ExploreCommand::Decode { latent: vec![f32::NAN; 3] })).contains('3'));
    let (flux, ivar) = (vec![1.0; 10], vec![1.0; 10]);
    assert!(sentence(session.answer(ExploreCommand::Encode { flux, ivar })).contains("1000"));
    let (name, bytes) = ("cat.jpg".to_owned(), b"not a spectrum".to_vec());
    assert!(sentence(session.answer(ExploreCommand::EncodeFile { name, bytes, redshift: None })).contains("cat.jpg"));
    assert!(sentence(session.open_model("broken.safetensors", b"broken")).contains("broken.safetensors"));
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]), before);
}

#[test]
fn a_model_in_training_decodes_once_it_is_handed_over_and_the_shipped_one_again_after_that() {
    let mut session = session();
    let place = [0.1, 0.2, 0.3];
    let shipped = decoded(&mut session, &place);
    let (name, bytes) = ("in-page".to_owned(), model_bytes(&VaeConfig { seed: 5, ..small_config() }));
    let event = session.answer(ExploreCommand::UseModel { name, bytes });
    assert!(matches!(event, ExploreEvent::ModelOpened { .. }), "{event:?}");
    assert_ne!(decoded(&mut session, &place), shipped);
    let broken = ExploreCommand::UseModel { name: "broken".to_owned(), bytes: vec![1, 2, 3] };
    assert!(sentence(session.answer(broken)).contains("broken"));
    session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert_eq!(decoded(&mut session, &place), shipped);
}
