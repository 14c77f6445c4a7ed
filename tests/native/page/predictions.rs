//! What a model's head predicts from the latents on screen.

use spectrascape::page::view::predictions::predictions;
use spectrascape::protocol::{ExploreCommand, ExploreEvent};
use spectrascape::vae::VaeConfig;
use spectrascape::vae::config::HeadConfig;
use spectrascape::vae::linear_head::LinearHead;
use spectrascape::vae::model_card::ModelCard;
use spectrascape::vae::parameters::shapes;

use crate::page::fixture::{DIMS, answer, card, id_of, loaded, opened};

/// A head whose class depends on the first latent alone, and whose width is 300 km/s and 100 km/s more for each unit of the second.
fn head() -> (ModelCard, LinearHead) {
    let settings =
        HeadConfig { classes: 4, measurements: vec!["width".to_owned()], weight: 1.0, labelled_fraction: 1.0 };
    let config = VaeConfig { head: Some(settings), ..card(DIMS).config };
    let card = ModelCard { config: config.clone(), head_scale: vec![(300.0, 100.0)], ..card(DIMS) };
    let shape = *shapes(&config).last().unwrap();
    let mut weight = vec![0.0; shape.inputs * shape.outputs];
    weight[DIMS] = 1.0;
    weight[4 * DIMS + 1] = 1.0;
    let head = LinearHead::new(&card, &[(shape, weight, vec![0.0; shape.outputs])]).unwrap();
    (card, head)
}

#[test]
fn predictions_follow_the_sliders() {
    let mut state = loaded("");
    answer(&mut state, 0, ExploreEvent::Ready { engine: "CPU".to_owned() });
    let id = id_of(&state.take_outbox(), |command| matches!(command, ExploreCommand::OpenModel { .. }));
    let (card, head) = head();
    answer(&mut state, id, ExploreEvent::ModelOpened { card, head: Some(head) });
    state.set_latent(0, 3.0);
    state.set_latent(1, 2.0);
    // Softmax of 0, 3, 0, 0: e^3 / (3 + e^3) is 87 %.
    let class = spectrascape::spectrum::Class::from_code(1).name();
    let expected = [("Class", format!("{class} (87 %)")), ("Line width", "500 km/s".to_owned())];
    assert_eq!(predictions(&state), expected.map(|(name, value)| (name.to_owned(), value)));
    state.set_latent(1, -1.0);
    assert_eq!(predictions(&state)[1].1, "200 km/s");
}

#[test]
fn a_model_without_a_head_predicts_nothing() {
    assert!(predictions(&opened("")).is_empty());
}
