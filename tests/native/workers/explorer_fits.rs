//! Every way into the explorer fits latents where that is asked for, and takes the encoder's where not.

use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::simulator::{self, GalaxyDials, survey_file};
use spectrascape::vae::Model;
use spectrascape::vae::encoding::{Encoding, EncodingMethod};
use spectrascape::vae::inference::device;
use spectrascape::workers::explorer::Session;

use super::{answer, open};

fn encoding(event: ExploreEvent) -> Encoding {
    match event {
        ExploreEvent::Encoded(encoding)
        | ExploreEvent::FileEncoded { encoding, .. }
        | ExploreEvent::GalaxySimulated { encoding, .. }
        | ExploreEvent::Degraded { encoding, .. }
        | ExploreEvent::Explained { encoding, .. } => encoding,
        other => panic!("not encoded: {other:?}"),
    }
}

#[test]
fn spectra_are_fitted_where_that_is_asked_for() {
    let bytes = std::fs::read(format!("{}/public/models/vae6.safetensors", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let model = Model::from_bytes("vae6", &bytes, &device()).unwrap();
    let mut session = Session::new();
    session.open_model("vae6", &bytes);
    let simulated = simulator::simulate(99, 3);
    let redshift = simulated.observed.redshift.unwrap();
    let name = survey_file::sdss::name(simulated.observed.id);
    open(&mut session, 1, &name, &survey_file::sdss::to_fits(&simulated, simulated.observed.id));
    let prepared = model.prepare(&simulated.observed, redshift).unwrap();
    let pixels = || (prepared.flux.clone(), prepared.ivar.clone());
    let commands: [&dyn Fn(EncodingMethod) -> ExploreCommand; 5] = [
        &|method| {
            let (flux, ivar) = pixels();
            ExploreCommand::Encode { flux, ivar, method }
        },
        &|method| {
            let (flux, ivar) = pixels();
            ExploreCommand::Explain { flux, ivar, redshift, median_snr: 20.0, method }
        },
        &|method| {
            let (flux, ivar) = pixels();
            ExploreCommand::Degrade { flux, ivar, snr: 3.0, seed: 1, method }
        },
        &|method| ExploreCommand::EncodeFile { file: 1, row: None, redshift: None, method },
        &|method| ExploreCommand::SimulateGalaxy { dials: GalaxyDials::presets()[0].1, seed: 1, method },
    ];
    for (at, command) in commands.iter().enumerate() {
        let [plain, fitted] = [EncodingMethod::Plain, EncodingMethod::Fitted].map(|method| {
            let found = encoding(answer(&mut session, command(method)));
            assert_eq!(found.method, method, "command {at}");
            found
        });
        assert!(fitted.chi2 < plain.chi2, "command {at}: {} {}", fitted.chi2, plain.chi2);
        assert!(plain.scale == 1.0 && (fitted.scale - 1.0).abs() < 0.1, "command {at}: {}", fitted.scale);
        // What the fit reconstructs is what the model decodes at its mean, times the amplitude.
        let decoded = model.decode(&fitted.posterior.mean);
        for (ours, decoded) in fitted.reconstruction.iter().zip(decoded) {
            assert!((ours - fitted.scale * decoded).abs() < 1e-4, "command {at}: {ours} {decoded}");
        }
    }
}
