//! The engine without a browser: commands in, events out.

use spectrascape::preprocess::{Normalization, Recipe};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, Request, Response, TrainedModel};
use spectrascape::simulator::{self, survey_file};
use spectrascape::spectrum::{PIXELS, SourceId};
use spectrascape::vae::VaeConfig;
use spectrascape::vae::dataset::TrainingSet;
use spectrascape::vae::encoding::EncodingMethod;
use spectrascape::vae::model_file::Precision;
use spectrascape::workers::explorer::Session;

use super::{answer, open};
use crate::formats::read::galaxies;
use crate::vae::model::{random_set, small_config, trained};

fn model_bytes(config: &VaeConfig) -> Vec<u8> {
    trained("shipped", config, random_set(40)).to_bytes(Precision::F32)
}

/// A session with a model of three latents open.
fn session() -> Session {
    let mut session = Session::new();
    let event = session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert!(matches!(event, ExploreEvent::ModelOpened { card, head: None } if card.name == "shipped"));
    session
}

fn decoded(session: &mut Session, latent: &[f32]) -> Vec<f32> {
    match answer(session, ExploreCommand::Decode { latent: latent.to_vec() }) {
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
    assert!(sentence(answer(&mut session, ExploreCommand::Decode { latent })).contains("No model"));
    assert!(!session.is_running());
}

#[test]
fn decoding_and_encoding_answer_with_what_was_asked() {
    let mut session = session();
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]).len(), PIXELS);
    let set = random_set(1);
    let (flux, ivar) = (set.rows(0, 1).0, vec![100.0; PIXELS]);
    let ExploreEvent::Encoded(encoding) =
        answer(&mut session, ExploreCommand::Encode { flux, ivar, method: EncodingMethod::Plain })
    else {
        panic!("not encoded")
    };
    assert_eq!((encoding.posterior.mean.len(), encoding.posterior.log_var.len()), (3, 3));
    assert_eq!(encoding.reconstruction, decoded(&mut session, &encoding.posterior.mean));
    assert!(encoding.chi2.is_finite() && encoding.chi2 > 0.0);
}

#[test]
fn wrong_sizes_and_wrong_files_are_refused_and_lose_nothing() {
    let mut session = session();
    let before = decoded(&mut session, &[0.1, 0.2, 0.3]);
    assert!(sentence(answer(&mut session, ExploreCommand::Decode { latent: vec![0.0; 2] })).contains('3'));
    assert!(sentence(answer(&mut session, ExploreCommand::Decode { latent: vec![f32::NAN; 3] })).contains('3'));
    let (flux, ivar) = (vec![1.0; 10], vec![1.0; 10]);
    assert!(
        sentence(answer(&mut session, ExploreCommand::Encode { flux, ivar, method: EncodingMethod::Plain }))
            .contains("1000")
    );
    open(&mut session, 1, "cat.jpg", b"not a spectrum");
    assert!(
        sentence(answer(
            &mut session,
            ExploreCommand::EncodeFile { file: 1, row: None, redshift: None, method: EncodingMethod::Plain }
        ))
        .contains("cat.jpg")
    );
    assert!(sentence(session.open_model("broken.safetensors", b"broken")).contains("broken.safetensors"));
    assert_eq!(decoded(&mut session, &[0.1, 0.2, 0.3]), before);
}

/// The model of an epoch, handed over; `epoch` is its seed as well.
fn handed(training: u32, epoch: usize) -> TrainedModel {
    let config = VaeConfig { seed: 5 + epoch as u64, ..small_config() };
    TrainedModel { training, epoch, bytes: model_bytes(&config) }
}

fn wants(id: u32, training: u32, epoch: usize) -> Request<ExploreCommand> {
    Request { id, command: ExploreCommand::UseTrainedModel { training, epoch } }
}

fn opens(response: Option<Response<ExploreEvent>>, id: u32) {
    assert!(
        matches!(&response, Some(Response { id: of, event: ExploreEvent::ModelOpened { .. } }) if *of == id),
        "{response:?}"
    );
}

fn is_gone(response: Option<Response<ExploreEvent>>, id: u32) {
    let response = response.expect("an answer");
    assert_eq!(response.id, id);
    assert!(sentence(response.event).contains("gone"));
}

#[test]
fn a_model_in_training_decodes_once_it_is_handed_over_and_the_shipped_one_again_after_that() {
    let mut session = session();
    let place = [0.1, 0.2, 0.3];
    let shipped = decoded(&mut session, &place);
    assert_eq!(session.on_trained_model(handed(7, 1)), None);
    assert_eq!(decoded(&mut session, &place), shipped, "nobody has asked for it");
    opens(session.take(wants(1, 7, 1)), 1);
    assert_ne!(decoded(&mut session, &place), shipped);
    session.on_trained_model(TrainedModel { training: 7, epoch: 2, bytes: vec![1, 2, 3] });
    assert!(sentence(session.take(wants(2, 7, 2)).unwrap().event).contains("the model in training"));
    session.open_model("shipped.safetensors", &model_bytes(&small_config()));
    assert_eq!(decoded(&mut session, &place), shipped);
}

#[test]
fn a_model_may_be_asked_for_before_it_arrives() {
    let mut session = session();
    assert_eq!(session.take(wants(1, 7, 1)), None);
    opens(session.on_trained_model(handed(7, 1)), 1);
    // Overtaken on the way.
    assert_eq!(session.take(wants(2, 7, 2)), None);
    is_gone(session.on_trained_model(handed(7, 3)), 2);
    opens(session.take(wants(3, 7, 3)), 3);
}

#[test]
fn of_models_that_nobody_asked_for_the_newest_are_kept() {
    let mut session = session();
    for epoch in 1..=3 {
        assert_eq!(session.on_trained_model(handed(7, epoch)), None);
    }
    is_gone(session.take(wants(1, 7, 1)), 1);
    opens(session.take(wants(2, 7, 3)), 2);
    // A training started after that: its first epoch is newer than any before.
    assert_eq!(session.on_trained_model(handed(7, 4)), None);
    assert_eq!(session.on_trained_model(handed(9, 1)), None);
    opens(session.take(wants(3, 9, 1)), 3);
}

#[test]
fn what_a_trainer_that_is_gone_has_not_sent_is_not_waited_for() {
    let mut session = session();
    assert_eq!(session.on_connected(), None);
    assert_eq!(session.take(wants(1, 7, 4)), None);
    is_gone(session.on_connected(), 1);
    // Of the trainer before, but asked for after the new one was connected: the new one's model says so.
    assert_eq!(session.take(wants(2, 7, 4)), None);
    is_gone(session.on_trained_model(handed(9, 4)), 2);
    opens(session.take(wants(3, 9, 4)), 3);
}

/// A model trained on spectra divided by their total flux is given a dropped file's spectrum divided in that way, too.
#[test]
fn a_file_is_prepared_by_the_models_recipe() {
    let total = Recipe { normalization: Normalization::Total, ..Recipe::standard() };
    let simulated = simulator::simulate(99, 0);
    let id = SourceId::sdss(100_001, 0, 6);
    let (name, bytes) = (survey_file::sdss::name(id), survey_file::sdss::to_fits(&simulated, id));
    let redshift = simulated.observed.redshift;
    for recipe in [Recipe::standard(), total] {
        let set = TrainingSet { recipe, ..random_set(40) };
        let model = trained("mine", &small_config(), set);
        let mut session = Session::new();
        session.open_model("mine.safetensors", &model.to_bytes(Precision::F32));
        open(&mut session, 1, &name, &bytes);
        let ask = ExploreCommand::EncodeFile { file: 1, row: None, redshift: None, method: EncodingMethod::Plain };
        let ExploreEvent::FileEncoded { flux, encoding, .. } = answer(&mut session, ask) else { panic!("not encoded") };
        let observed = &simulated.observed;
        let expected = recipe.prepare(observed, redshift.unwrap(), &model.infill).unwrap();
        for (found, expected) in flux.iter().zip(&expected.flux) {
            assert!((found - expected).abs() < 1e-4, "{found} {expected}");
        }
        let mean = flux.iter().sum::<f32>() / PIXELS as f32;
        assert_eq!((mean - 1.0).abs() < 1e-4, recipe == total, "{recipe}: mean flux {mean}");
        assert_eq!(encoding.posterior.mean.len(), 3);
    }
}

#[test]
fn a_file_with_several_spectra_is_listed_and_each_is_encoded_by_its_number() {
    let mut session = session();
    open(&mut session, 1, "mine.npz", &galaxies(3));
    let ask = |row| ExploreCommand::EncodeFile { file: 1, row, redshift: None, method: EncodingMethod::Plain };
    let ExploreEvent::SpectraListed { name, spectra } = answer(&mut session, ask(None)) else { panic!("not listed") };
    assert_eq!((name.as_str(), spectra.len(), spectra[0].redshift), ("mine.npz", 3, Some(0.05)));
    let ExploreEvent::FileEncoded { name, redshift, .. } = answer(&mut session, ask(Some(2))) else {
        panic!("not encoded")
    };
    assert_eq!((name.as_str(), Some(redshift)), ("mine.npz#3", spectra[2].redshift));
    assert!(sentence(answer(&mut session, ask(Some(3)))).contains("mine.npz holds 3 spectra"));
}

/// A job in the background waits until the others are done.
#[test]
fn a_trial_in_the_background_goes_last() {
    let mut session = session();
    let id = SourceId::sdss(100_001, 0, 6);
    open(&mut session, 1, &survey_file::sdss::name(id), &survey_file::sdss::to_fits(&simulator::simulate(99, 0), id));
    let scan = |id, background| {
        let command = ExploreCommand::ScanRedshift { file: 1, row: None, background };
        Request { id, command }
    };
    assert!(session.take(scan(1, true)).is_none() && session.take(scan(2, false)).is_none());
    assert_eq!(session.progress().map(|response| response.id), Some(2));
    let mut ended = Vec::new();
    while session.is_running() {
        ended.extend(session.advance().map(|response| response.id));
    }
    assert_eq!(ended, [2, 1]);
}

/// A redshift that the models do not cover is as good as none.
#[test]
fn a_redshift_outside_the_range_is_asked_for() {
    let mut session = session();
    let mut simulated = simulator::simulate(99, 0);
    let id = SourceId::sdss(100_001, 0, 6);
    for (own, wanted) in [(1.68, true), (-0.02, true), (-0.0007, false)] {
        simulated.observed.redshift = Some(own);
        open(&mut session, 1, "a.fits", &survey_file::sdss::to_fits(&simulated, id));
        let event = answer(
            &mut session,
            ExploreCommand::EncodeFile { file: 1, row: None, redshift: None, method: EncodingMethod::Plain },
        );
        match event {
            ExploreEvent::RedshiftWanted { file_redshift: Some(redshift), .. } if wanted => {
                assert!((redshift - own).abs() < 1e-6);
            }
            ExploreEvent::FileEncoded { redshift, .. } if !wanted => assert!((redshift - own).abs() < 1e-6),
            other => panic!("{own}: {other:?}"),
        }
    }
}
