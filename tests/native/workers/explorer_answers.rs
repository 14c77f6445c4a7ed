//! Every question of the explorer, asked of a session with the shipped VAE-6 or a small model.

use std::path::Path;

use spectrascape::latent::noise::median_snr;
use spectrascape::latent::{TrialOptions, local_outlier_factor, redshift_by_trial};
use spectrascape::numerics::pca::Pca;
use spectrascape::protocol::{ExploreCommand, ExploreEvent, MAX_LATENTS, Progress, Request, Response};
use spectrascape::simulator::oddity::Oddity;
use spectrascape::simulator::{self, GalaxyDials, survey_file};
use spectrascape::spectrum::{Class, PIXELS, SourceId};
use spectrascape::vae::Model;
use spectrascape::vae::encoding::{Encoding, EncodingMethod};
use spectrascape::vae::inference::device;
use spectrascape::workers::explorer::Session;

use super::{answer, open};

const MODEL: &str = "public/models/vae6.safetensors";
const DIMS: usize = 6;

fn model_bytes() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(MODEL)).expect("the shipped model")
}

fn model() -> Model {
    Model::from_bytes("vae6", &model_bytes(), &device()).unwrap()
}

fn session() -> Session {
    let mut session = Session::new();
    assert!(matches!(session.open_model("vae6.safetensors", &model_bytes()), ExploreEvent::ModelOpened { .. }));
    session
}

fn sentence(event: ExploreEvent) -> String {
    match event {
        ExploreEvent::Failed { message } => {
            assert!(message.ends_with('.') && !message.ends_with("..") && !message.contains('\n'), "{message}");
            message
        }
        other => panic!("no failure: {other:?}"),
    }
}

/// A galaxy made to order: flux, inverse variance and what the model makes of it.
fn galaxy(session: &mut Session, dials: GalaxyDials) -> (Vec<f32>, Vec<f32>, Encoding) {
    match answer(session, ExploreCommand::SimulateGalaxy { dials, seed: 1, method: EncodingMethod::Plain }) {
        ExploreEvent::GalaxySimulated { flux, ivar, encoding, .. } => (flux, ivar, encoding),
        other => panic!("{other:?}"),
    }
}

fn preset(index: usize) -> GalaxyDials {
    GalaxyDials::presets()[index].1
}

/// An ordinary simulated galaxy nearby.
fn neighbour() -> simulator::SimulatedSpectrum {
    let ordinary = |simulated: &simulator::SimulatedSpectrum| {
        simulated.parameters.oddity == Oddity::None && (0.04..0.08).contains(&simulated.parameters.redshift)
    };
    (0..100).map(|index| simulator::simulate(99, index)).find(ordinary).expect("one of a hundred")
}

/// It as a survey's file; `edit` may change it first.
fn file(edit: impl FnOnce(&mut simulator::SimulatedSpectrum)) -> (String, Vec<u8>) {
    let mut simulated = neighbour();
    edit(&mut simulated);
    let id = SourceId::sdss(100_001, 0, 6);
    (survey_file::sdss::name(id), survey_file::sdss::to_fits(&simulated, id))
}

#[test]
fn many_places_decode_as_each_does() {
    let mut session = session();
    let latents: Vec<f32> = (0..5 * DIMS).map(|i| (i as f32 * 0.7).sin()).collect();
    let ExploreEvent::DecodedMany { flux } =
        answer(&mut session, ExploreCommand::DecodeMany { latents: latents.clone() })
    else {
        panic!("not decoded")
    };
    assert_eq!(flux.len(), 5 * PIXELS);
    for (latent, flux) in latents.chunks(DIMS).zip(flux.chunks(PIXELS)) {
        let ExploreEvent::Decoded { flux: alone, .. } =
            answer(&mut session, ExploreCommand::Decode { latent: latent.to_vec() })
        else {
            panic!("not decoded")
        };
        assert!(alone.iter().zip(flux).all(|(a, b)| (a - b).abs() < 1e-5));
    }
    let many = |latents: Vec<f32>| ExploreCommand::DecodeMany { latents };
    // Very many come in pieces, in order.
    let latents: Vec<f32> = (0..MAX_LATENTS * DIMS).map(|i| (i as f32 * 0.3).cos()).collect();
    assert!(session.take(Request { id: 3, command: many(latents.clone()) }).is_none());
    let mut responses = Vec::new();
    while session.is_running() {
        assert!(matches!(session.progress().unwrap().event, ExploreEvent::Progress(Progress { total: 512, .. })));
        responses.extend(session.advance());
    }
    let [Response { id: 3, event: ExploreEvent::DecodedMany { flux } }] = &responses[..] else {
        panic!("{responses:?}")
    };
    assert_eq!(flux.len(), MAX_LATENTS * PIXELS);
    let ExploreEvent::Decoded { flux: last, .. } =
        answer(&mut session, ExploreCommand::Decode { latent: latents[511 * DIMS..].to_vec() })
    else {
        panic!("not decoded")
    };
    assert!(last.iter().zip(&flux[511 * PIXELS..]).all(|(a, b)| (a - b).abs() < 1e-5));
    assert!(sentence(answer(&mut session, many(vec![0.1; (MAX_LATENTS + 1) * DIMS]))).contains("512"));
    assert!(sentence(answer(&mut session, many(Vec::new()))).contains('6'));
    assert!(sentence(answer(&mut session, many(vec![0.1; 7]))).contains('6'));
    assert!(sentence(answer(&mut session, many(vec![f32::NAN; 6]))).contains('6'));
}

/// The band against ten thousand decoded draws: equal to a few per cent where latents scatter little.
#[test]
fn a_band_is_the_scatter_of_decoded_draws() {
    let mut session = session();
    let (_, _, encoding) = galaxy(&mut session, preset(1));
    let (latent, log_var) = (encoding.posterior.mean.clone(), encoding.posterior.log_var.clone());
    let asked = ExploreCommand::Band { latent: latent.clone(), log_var: log_var.clone() };
    let ExploreEvent::Band { latent: at, sigma } = answer(&mut session, asked) else { panic!("no band") };
    assert_eq!((at, sigma.len()), (latent.clone(), PIXELS));

    let mut chance = simulator::random::Rng::new(3, 0, simulator::random::Purpose::Noise);
    let draws = 4000;
    let places: Vec<f32> = (0..draws)
        .flat_map(|_| {
            latent.iter().zip(&log_var).map(|(mean, v)| mean + (0.5 * v).exp() * chance.normal()).collect::<Vec<_>>()
        })
        .collect();
    let flux: Vec<f32> = places.chunks(500 * DIMS).flat_map(|places| model().decode(places)).collect();
    let mut ratios = Vec::new();
    for (pixel, &sigma) in sigma.iter().enumerate() {
        let values = || flux.iter().skip(pixel).step_by(PIXELS).map(|&value| f64::from(value));
        let mean = values().sum::<f64>() / f64::from(draws);
        let variance = values().map(|value| (value - mean).powi(2)).sum::<f64>() / f64::from(draws - 1);
        ratios.push(f64::from(sigma) / variance.sqrt());
    }
    ratios.sort_by(f64::total_cmp);
    println!("band over scatter: {:.3} to {:.3}, median {:.3}", ratios[0], ratios[999], ratios[500]);
    assert!((ratios[500] - 1.0).abs() < 0.05 && ratios[20] > 0.8 && ratios[979] < 1.25);

    let log_var = vec![0.0; 5];
    assert!(
        sentence(answer(&mut session, ExploreCommand::Band { latent: latent.clone(), log_var }))
            .contains("Log variances")
    );
    assert!(
        sentence(answer(&mut session, ExploreCommand::Band { latent: vec![0.0; 2], log_var: vec![0.0; 2] }))
            .contains('6')
    );
}

#[test]
fn outliers_need_no_model_and_are_those_of_the_core() {
    let mut session = Session::new();
    let mut latents: Vec<f32> = (0..1300 * 2).map(|i| (i as f32 * 1.37).sin()).collect();
    latents[40..42].copy_from_slice(&[30.0, -30.0]);
    let asked = |latents: &[f32], dims| ExploreCommand::OutlierFactors { latents: latents.to_vec(), dims };
    let ExploreEvent::OutlierFactors { factor, .. } = answer(&mut session, asked(&latents, 2)) else {
        panic!("no factors")
    };
    let expected: Vec<f32> =
        local_outlier_factor(&latents, 2, 20).unwrap().into_iter().map(|factor| factor as f32).collect();
    assert_eq!(factor, expected);
    assert!(factor[20] > 5.0 && factor.iter().enumerate().all(|(row, &f)| row == 20 || f < factor[20]));
    sentence(answer(&mut session, asked(&[], 2)));
    sentence(answer(&mut session, asked(&latents, 0)));
    sentence(answer(&mut session, asked(&latents[..7], 2)));
}

#[test]
fn what_is_odd_is_said_in_words() {
    let mut session = session();
    let (flux, ivar, encoding) = galaxy(&mut session, preset(0));
    let ask = |flux: &[f32], ivar: &[f32], median_snr: f64, redshift: f64| ExploreCommand::Explain {
        flux: flux.to_vec(),
        ivar: ivar.to_vec(),
        redshift,
        median_snr,
        method: EncodingMethod::Plain,
    };
    let ExploreEvent::Explained { reasons, encoding: again } = answer(&mut session, ask(&flux, &ivar, 20.0, 0.08))
    else {
        panic!("not explained")
    };
    assert!(reasons.is_empty(), "an ordinary galaxy: {reasons:?}");
    assert_eq!(again, encoding);
    let ExploreEvent::Explained { reasons, .. } = answer(&mut session, ask(&flux, &ivar, 1.3, 0.08)) else { panic!() };
    assert_eq!(reasons, ["low signal-to-noise: 1.3 a pixel"]);

    // An M star, put to rest at a galaxy's redshift: no reconstruction is as good as a star's spectrum.
    let star = simulator::star::spectrum(&simulator::star::Star::M { temperature: 3300.0, bands: 1.1 });
    let on_grid = simulator::on_paper_grid(&star);
    let rms = (on_grid.iter().map(|f| f * f).sum::<f32>() / PIXELS as f32).sqrt();
    let flux: Vec<f32> = on_grid.iter().map(|f| f / rms).collect();
    let ExploreEvent::Explained { reasons, .. } = answer(&mut session, ask(&flux, &[400.0; PIXELS], 20.0, 0.0)) else {
        panic!()
    };
    assert!(reasons[0].starts_with("looks like a star, like an M star"), "{reasons:?}");
    sentence(answer(&mut session, ask(&flux[..10], &[400.0; PIXELS], 20.0, 0.0)));
}

#[test]
fn a_file_is_encoded_at_its_own_redshift_or_at_yours() {
    let mut session = session();
    let (name, bytes) = file(|_| {});
    let own = neighbour().observed;
    open(&mut session, 1, &name, &bytes);
    let ask = |redshift| ExploreCommand::EncodeFile { file: 1, row: None, redshift, method: EncodingMethod::Plain };
    let ExploreEvent::FileEncoded { redshift, redshift_from, median_snr, notes, encoding, class, .. } =
        answer(&mut session, ask(None))
    else {
        panic!("not encoded")
    };
    assert_eq!((redshift, redshift_from.as_str()), (own.redshift.unwrap(), "the file"));
    assert!((median_snr - own.median_snr()).abs() < 0.01 && (class != Class::Unknown));
    assert!(notes.is_empty(), "{notes:?}");
    let wrong = redshift + 0.03;
    let ExploreEvent::FileEncoded { redshift, redshift_from, notes, encoding: other, .. } =
        answer(&mut session, ask(Some(wrong)))
    else {
        panic!("not encoded")
    };
    assert_eq!((redshift, redshift_from.as_str()), (wrong, "you"));
    assert!(notes.len() == 1 && notes[0].contains("The file itself says redshift"), "{notes:?}");
    assert!(other.chi2 > 1.5 * encoding.chi2, "{} {}", other.chi2, encoding.chi2);
    for outside in [-0.5, 3.0, f64::NAN] {
        assert!(sentence(answer(&mut session, ask(Some(outside)))).contains(&name));
    }
}

#[test]
fn a_noisy_star_with_gaps_is_encoded_with_notes() {
    let mut session = session();
    let (name, bytes) = file(|simulated| {
        let count = simulated.observed.error.len();
        simulated.observed.error[count / 3..count / 2].fill(0.0);
        simulated.observed.error.iter_mut().for_each(|error| *error *= 20.0);
    });
    open(&mut session, 1, &name, &bytes);
    let asked = ExploreCommand::EncodeFile { file: 1, row: None, redshift: None, method: EncodingMethod::Plain };
    let ExploreEvent::FileEncoded { notes, median_snr, .. } = answer(&mut session, asked) else {
        panic!("not encoded")
    };
    assert!(median_snr < 5.0);
    assert!(notes.len() == 2 && notes[0].contains("signal-to-noise") && notes[1].contains("pixels"), "{notes:?}");
}

/// In pieces, with messages in between, and by the core's function: the same redshift, which is the right one.
#[test]
fn a_redshift_is_scanned_in_pieces() {
    let mut session = session();
    let (name, bytes) = file(|_| {});
    let observed = crate::real::fits_spectrum(&name, &bytes).unwrap();
    let model = model();
    let options = TrialOptions::standard();
    let expected = redshift_by_trial(&observed, model.card.recipe, &model.infill, &options, |flux| {
        model.decode(&model.encode(flux, &vec![1.0; flux.len()]).mean)
    })
    .unwrap();

    open(&mut session, 1, &name, &bytes);
    let scan = |id| Request { id, command: ExploreCommand::ScanRedshift { file: 1, row: None, background: false } };
    assert!(session.take(scan(8)).is_none() && session.is_running());
    let mut pieces = 0;
    let answer = loop {
        let Some(Response { id: 8, event: ExploreEvent::Progress(Progress { done, total, .. }) }) = session.progress()
        else {
            panic!("no progress")
        };
        assert!(done <= total && total >= 300);
        pieces += 1;
        let mut response = session.advance();
        // A slider moves meanwhile.
        let decode = Request { id: 9, command: ExploreCommand::Decode { latent: vec![0.0; DIMS] } };
        assert!(matches!(session.take(decode), Some(Response { id: 9, event: ExploreEvent::Decoded { .. } })));
        if let Some(response) = response.take() {
            break response;
        }
    };
    assert!(pieces > 20 && !session.is_running() && session.progress().is_none(), "{pieces} pieces");
    let Response { id: 8, event: ExploreEvent::RedshiftScanned { redshift, score, best, chi2, confidence, tried, .. } } =
        answer
    else {
        panic!("not scanned")
    };
    assert_eq!(redshift.len(), expected.curve.len());
    assert_eq!((redshift.len(), score.len()), (expected.curve.len(), expected.curve.len()));
    assert!(tried > redshift.len() && redshift.is_sorted());
    assert!((best - expected.best.redshift).abs() < 1e-9 && (best - observed.redshift.unwrap()).abs() < 1e-3);
    assert!((chi2 / expected.best.chi2 - 1.0).abs() < 1e-4);
    assert!((confidence / expected.confidence() - 1.0).abs() < 1e-4 && confidence > 1.0);
    for (score, trial) in score.iter().zip(&expected.curve) {
        assert!((f64::from(*score) / trial.score - 1.0).abs() < 1e-3);
    }
}

#[test]
fn a_long_job_can_be_given_up_and_the_next_one_goes_on() {
    let mut session = session();
    let (name, bytes) = file(|_| {});
    open(&mut session, 1, &name, &bytes);
    let scan = |id| Request { id, command: ExploreCommand::ScanRedshift { file: 1, row: None, background: false } };
    let latents = vec![0.5; 60];
    assert!(session.take(scan(1)).is_none());
    let outliers = Request { id: 2, command: ExploreCommand::OutlierFactors { latents, dims: 2 } };
    assert!(session.take(outliers).is_none());
    assert!(session.advance().is_none());
    let cancel = |id, request| Request { id, command: ExploreCommand::Cancel { request } };
    let answer = session.take(cancel(3, 1)).unwrap();
    assert_eq!(answer, Response { id: 3, event: ExploreEvent::Cancelled { request: 1 } });
    let response = session.advance();
    assert!(
        matches!(&response, Some(Response { id: 2, event: ExploreEvent::OutlierFactors { factor, .. } }) if factor.len() == 30)
    );
    assert!(!session.is_running() && session.advance().is_none());
    // What is over can be given up too.
    assert_eq!(session.take(cancel(4, 1)).unwrap().event, ExploreEvent::Cancelled { request: 1 });

    open(&mut session, 2, "cat.jpg", &[1; 9]);
    let bad = Request { id: 5, command: ExploreCommand::ScanRedshift { file: 2, row: None, background: false } };
    assert!(sentence(session.take(bad).unwrap().event).contains("cat.jpg") && !session.is_running());
    let mut empty = Session::new();
    assert!(sentence(empty.take(scan(6)).unwrap().event).contains("No model"));
}

/// The presets under the shipped model: well reconstructed, their truths told by the catalogue's names.
#[test]
fn presets_land_and_are_well_reconstructed() {
    let mut session = session();
    let columns: Vec<&str> = simulator::truth_columns().iter().map(|(name, _, _)| *name).collect();
    for (name, dials) in GalaxyDials::presets() {
        let asked = ExploreCommand::SimulateGalaxy { dials, seed: 3, method: EncodingMethod::Plain };
        let ExploreEvent::GalaxySimulated { flux, ivar, class, median_snr, encoding, truths } =
            answer(&mut session, asked.clone())
        else {
            panic!("not made")
        };
        println!(
            "{name}: {}, S/N {median_snr:.1}, chi2 {:.2}, at {:?}",
            class.name(),
            encoding.chi2,
            encoding.posterior.mean
        );
        assert_eq!((flux.len(), ivar.len(), encoding.posterior.mean.len()), (PIXELS, PIXELS, DIMS));
        assert!((median_snr - 20.0).abs() < 1.5, "{name}: {median_snr}");
        // Where galaxies of the set are like that, with strong lines or a broad-line nucleus, they do no better: the median chi2 of
        // the set's at such a signal-to-noise is 1.2 for most, 2 to 3 from 50 Angstrom of H-alpha on, 3.9 with a broad nucleus.
        let most = if class == Class::BroadLineAgn { 6.0 } else { 2.5 };
        assert!((0.7..most).contains(&encoding.chi2), "{name}: chi2 {}", encoding.chi2);
        assert_eq!(truths.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), columns);
        assert!(
            matches!(answer(&mut session, asked), ExploreEvent::GalaxySimulated { flux: again, .. } if again == flux)
        );
    }
}

#[test]
fn noise_brings_the_signal_to_noise_down_to_what_is_asked() {
    let mut session = session();
    let (flux, ivar, _) = galaxy(&mut session, GalaxyDials { snr: 100.0, ..preset(1) });
    let own = median_snr(&flux, &ivar, 0.0);
    let ask = |snr: f32, seed: u64| ExploreCommand::Degrade {
        flux: flux.clone(),
        ivar: ivar.clone(),
        snr,
        seed,
        method: EncodingMethod::Plain,
    };
    for wanted in [50.0_f32, 10.0, 2.0] {
        let ExploreEvent::Degraded { snr, flux: noisy, ivar: weaker, encoding } = answer(&mut session, ask(wanted, 4))
        else {
            panic!("not degraded")
        };
        assert!((f64::from(snr) / median_snr(&noisy, &weaker, 0.0) - 1.0).abs() < 1e-5);
        // Reached by the noise-free flux exactly; noise itself moves the median a little.
        assert!((snr / wanted - 1.0).abs() < 0.05, "{snr} is not {wanted}");
        // What was added is what the inverse variance says was added.
        let good = || (0..PIXELS).filter(|&i| ivar[i] > 0.0);
        let stated = good().map(|i| f64::from(1.0 / weaker[i] - 1.0 / ivar[i])).sum::<f64>();
        let added = good().map(|i| f64::from(noisy[i] - flux[i]).powi(2)).sum::<f64>();
        assert!((added / stated - 1.0).abs() < 0.15, "{added} {stated}");
        assert!((0..PIXELS).all(|i| ivar[i] > 0.0 || (noisy[i] == flux[i] && weaker[i] == 0.0)));
        assert!((0.7..1.5).contains(&encoding.chi2), "{}", encoding.chi2);
    }
    // More noise of one seed is the same noise, stronger; another seed's is another.
    let noise = |session: &mut Session, snr, seed| match answer(session, ask(snr, seed)) {
        ExploreEvent::Degraded { flux: noisy, .. } => noisy.iter().zip(&flux).map(|(a, b)| a - b).collect::<Vec<f32>>(),
        other => panic!("{other:?}"),
    };
    let (some, more, other) = (noise(&mut session, 10.0, 4), noise(&mut session, 5.0, 4), noise(&mut session, 5.0, 5));
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
    let cosine = |a: &[f32], b: &[f32]| dot(a, b) / (dot(a, a) * dot(b, b)).sqrt();
    assert!(cosine(&some, &more) > 0.9999 && cosine(&more, &other).abs() < 0.15);
    // Nothing is added where it is as noisy already.
    let ExploreEvent::Degraded { snr, flux: same, .. } = answer(&mut session, ask(1000.0, 4)) else { panic!() };
    assert!(same == flux && (f64::from(snr) / own - 1.0).abs() < 1e-5);
    for wrong in [0.0, -1.0, f32::NAN] {
        sentence(answer(&mut session, ask(wrong, 4)));
    }
    sentence(answer(
        &mut session,
        ExploreCommand::Degrade {
            flux: vec![1.0; 10],
            ivar: vec![1.0; 9],
            snr: 2.0,
            seed: 1,
            method: EncodingMethod::Plain,
        },
    ));
    sentence(answer(
        &mut session,
        ExploreCommand::Degrade {
            flux: Vec::new(),
            ivar: Vec::new(),
            snr: 2.0,
            seed: 1,
            method: EncodingMethod::Plain,
        },
    ));
}

#[test]
fn figure_17_comes_level_by_level() {
    let mut session = session();
    let (flux, ivar, _) = galaxy(&mut session, GalaxyDials { snr: 80.0, ..preset(1) });
    let curve =
        |id| Request { id, command: ExploreCommand::NoiseCurve { flux: flux.clone(), ivar: ivar.clone(), seed: 1 } };
    assert!(session.take(curve(4)).is_none());
    let mut pieces = 0;
    let mut responses = Vec::new();
    while session.is_running() {
        pieces += 1;
        responses.extend(session.advance());
    }
    let [Response { id: 4, event: ExploreEvent::NoiseCurve { snr, variance_ratio, bias_ratio } }] = &responses[..]
    else {
        panic!("{responses:?}")
    };
    assert_eq!((pieces, snr.len(), variance_ratio.len(), bias_ratio.len()), (10, 10, 60, 60));
    assert!(snr.is_sorted_by(|a, b| a > b) && (snr[9] - 1.0).abs() < 1e-3);
    assert!(variance_ratio.iter().all(|ratio| ratio.is_finite() && *ratio > 0.0));
    let faint = GalaxyDials { snr: 2.0, ..preset(1) };
    let (_, ivar, _) = galaxy(&mut session, faint);
    let hopeless = vec![0.001; PIXELS];
    sentence(answer(&mut session, ExploreCommand::NoiseCurve { flux: hopeless, ivar, seed: 1 }));
}

#[test]
fn components_are_fitted_in_pieces_and_are_those_of_a_fit_at_once() {
    let mut session = Session::new();
    let shape = |pixel: usize, k: usize| ((pixel as f32 + 1.0) * (k as f32 + 1.0) / 211.0).sin();
    let amount = |row: usize, k: usize| ((row * (k + 3) * 7919 % 101) as f32 / 50.0 - 1.0) / (1 << k) as f32;
    let value = |row: usize, pixel: usize| 3.0 + (0..3).map(|k| amount(row, k) * shape(pixel, k)).sum::<f32>();
    let flux: Vec<f32> = (0..40 * PIXELS).map(|at| value(at / PIXELS, at % PIXELS)).collect();
    let whole = Pca::fit(&flux, PIXELS, 3);
    let ask = |flux: &[f32]| ExploreCommand::FitPca { flux: flux.to_vec(), components: 3 };
    assert!(session.take(Request { id: 4, command: ask(&flux) }).is_none());
    let mut pieces = 0;
    let response = loop {
        let progress = session.progress().unwrap();
        assert!(matches!(&progress.event, ExploreEvent::Progress(Progress { unit, .. }) if unit == "sweeps"));
        pieces += 1;
        if let Some(response) = session.advance() {
            break response;
        }
    };
    assert!(pieces > 1 && !session.is_running());
    let Response { id: 4, event: ExploreEvent::PcaFitted { mean, components, eigenvalues } } = response else {
        panic!("{response:?}")
    };
    assert_eq!((mean, components.len(), eigenvalues.len()), (whole.mean, 3 * PIXELS, 3));
    for k in 0..3 {
        let (a, b) = (eigenvalues[k], whole.eigenvalues[k]);
        assert!((a - b).abs() < 1e-3 * whole.eigenvalues[0], "variance {k}: {a}, at once {b}");
        let dot: f32 = (0..PIXELS).map(|i| components[k * PIXELS + i] * whole.components[k * PIXELS + i]).sum();
        assert!(dot > 0.999, "component {k}: {dot}");
    }
    assert!(sentence(answer(&mut session, ask(&flux[..PIXELS]))).contains("fewer than two spectra"));
    assert!(sentence(answer(&mut session, ask(&flux[..2500]))).contains("fewer than two spectra"));
}

#[test]
fn a_file_is_named_by_its_number_until_it_is_closed() {
    let mut session = session();
    let (name, bytes) = file(|_| {});
    let ask = |file| ExploreCommand::EncodeFile { file, row: None, redshift: None, method: EncodingMethod::Plain };
    assert!(sentence(answer(&mut session, ask(1))).contains("not open"));
    open(&mut session, 1, &name, &bytes);
    open(&mut session, 2, "empty.fits", &[]);
    for _ in 0..2 {
        let event = answer(&mut session, ask(1));
        assert!(matches!(&event, ExploreEvent::FileEncoded { name: named, .. } if *named == name), "{event:?}");
        assert!(sentence(answer(&mut session, ask(2))).contains("empty.fits is empty"));
    }
    assert_eq!(session.take(Request { id: 3, command: ExploreCommand::CloseFile { file: 1 } }), None);
    assert!(sentence(answer(&mut session, ask(1))).contains("not open"));
}
