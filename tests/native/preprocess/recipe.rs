//! The recipe: one way from an observation to the model's input, and no other recipe in its place.

use spectrascape::preprocess::{InfillBasis, Normalization, Recipe, Steps};
use spectrascape::simulator;
use spectrascape::spectrum::PIXELS;

const TOTAL: Recipe = Recipe { steps: Steps::Standard, normalization: Normalization::Total };

#[test]
fn a_recipe_prepares_as_its_steps_do() {
    let observed = simulator::simulate(99, 0).observed;
    let redshift = observed.redshift.unwrap();
    let basis = InfillBasis::mean_only(vec![1.0; PIXELS], 10);
    let prepared = |recipe: Recipe| recipe.prepare(&observed, redshift, &basis).unwrap();
    let (rms, total) = (prepared(Recipe::standard()), prepared(TOTAL));
    let rest = TOTAL.to_rest_frame(&observed, redshift).unwrap();
    assert_eq!(total, TOTAL.finish(&rest, &basis));
    let mean = |values: &mut dyn Iterator<Item = f32>| values.sum::<f32>() / PIXELS as f32;
    assert!((mean(&mut total.flux.iter().copied()) - 1.0).abs() < 1e-3);
    assert!((mean(&mut rms.flux.iter().map(|flux| flux * flux)) - 1.0).abs() < 1e-3);
    assert!((rms.norm / total.norm - 1.0).abs() > 1e-3, "the two differ on a galaxy: {} {}", rms.norm, total.norm);
    let astroml = prepared(Recipe { steps: Steps::Astroml, ..Recipe::standard() });
    assert_ne!(astroml.ivar, rms.ivar, "astroML's errors are about twice as large");
}

#[test]
fn recipes_are_written_by_name_and_read_back() {
    let json = serde_json::to_string(&TOTAL).unwrap();
    assert_eq!(json, r#"{"steps":"standard","normalization":"total"}"#);
    assert_eq!(serde_json::from_str::<Recipe>(&json).unwrap(), TOTAL);
    let other = r#"{"steps":"standard","normalization":"median"}"#;
    assert!(serde_json::from_str::<Recipe>(other).unwrap_err().to_string().contains("unknown variant `median`"));
}

#[test]
fn another_recipe_is_refused_by_both_names() {
    assert!(TOTAL.check("mine", "survey", TOTAL).is_ok());
    let refusal = TOTAL.check("mine", "survey", Recipe::standard()).unwrap_err().to_string();
    for part in [
        "the model `mine`",
        "standard steps and total normalisation",
        "the set `survey`",
        "standard steps and rms normalisation",
        "`--steps standard --norm total`",
    ] {
        assert!(refusal.contains(part), "{part}: {refusal}");
    }
}
