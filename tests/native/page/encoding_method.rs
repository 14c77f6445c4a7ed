//! The choice between fitted latents and those of the encoder alone.

use spectrascape::page::AppState;
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::vae::encoding::{Encoding, EncodingMethod};

use crate::page::fixture::*;

/// A file with this encoding.
fn came(new: Encoding) -> ExploreEvent {
    let mut event = file_encoded("mine.fits", 0.1, &[0.0; DIMS]);
    if let ExploreEvent::FileEncoded { encoding, .. } = &mut event {
        *encoding = new;
    }
    event
}

#[test]
fn own_spectra_are_encoded_again_in_the_way_that_is_chosen() {
    let mut state = opened("");
    assert_eq!(state.encoding_method(), EncodingMethod::Plain);
    let asked = |state: &mut AppState| {
        let requests = state.take_outbox();
        requests.into_iter().find_map(|request| match request.command {
            ExploreCommand::EncodeFile { method, .. } => Some((request.id, method)),
            _ => None,
        })
    };
    state.take_outbox();
    state.add_file("mine.fits".to_owned(), vec![1, 2, 3]);
    let (first, method) = asked(&mut state).unwrap();
    assert_eq!(method, EncodingMethod::Plain);

    // Chosen while the answer is on its way: what comes is shown, and asked for again.
    state.set_encoding_method(EncodingMethod::Fitted);
    assert!(state.permalink().to_string().contains("&encoding=fitted"), "{}", state.permalink());
    let plain = Encoding { method: EncodingMethod::Plain, ..encoding(&[0.5; DIMS]) };
    answer(&mut state, first, came(plain));
    assert!(state.files()[0].latent().is_none(), "of the other way");
    let (again, method) = asked(&mut state).unwrap();
    assert_eq!(method, EncodingMethod::Fitted);
    let fitted = Encoding { scale: 1.25, method: EncodingMethod::Fitted, ..encoding(&[0.25; DIMS]) };
    answer(&mut state, again, came(fitted));
    assert_eq!(state.files()[0].latent(), Some(&[0.25; DIMS][..]));
    assert_eq!(state.latent(), &[0.25; DIMS], "the sliders are at the selected spectrum");

    // The panel shows it by the fitted norm; chi-squared does not change by that.
    let (prepared, shown) = (state.files()[0].pixels.clone(), state.shown_pixels().unwrap());
    assert!((shown.flux[7] - prepared.flux[7] / 1.25).abs() < 1e-6);
    assert!((shown.ivar[7] - prepared.ivar[7] * 1.25 * 1.25).abs() < 1e-3 * shown.ivar[7]);

    state.set_encoding_method(EncodingMethod::Plain);
    assert!(!state.permalink().to_string().contains("encoding"), "{}", state.permalink());
    let (back, _) = asked(&mut state).unwrap();
    let plain = Encoding { method: EncodingMethod::Plain, ..encoding(&[0.5; DIMS]) };
    answer(&mut state, back, came(plain));
    assert_eq!(state.shown_pixels().unwrap(), prepared, "as prepared");
    state.set_encoding_method(EncodingMethod::Plain);
    assert!(asked(&mut state).is_none(), "nothing has changed");
}
