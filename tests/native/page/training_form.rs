//! A training in a link and in a form.

use spectrascape::page::Permalink;
use spectrascape::page::training_form::{self, Kind, SETTINGS, Setting};
use spectrascape::page::variant_form;
use spectrascape::page::view::training::form::predictable_columns;
use spectrascape::vae::VaeConfig;
use spectrascape::vae::config::{EncoderInput, HeadConfig, MmdScale};

#[test]
fn what_a_link_holds_is_the_whole_training() {
    let mut config = VaeConfig {
        hidden1: 120,
        hidden2: 33,
        negative_slope: 0.01,
        alpha: -0.5,
        lambda: 12.25,
        mmd: MmdScale::PublishedCode,
        batch: 32,
        learning_rate: 3e-4,
        seed: 4_000_000_000,
        max_epochs: 7,
        classes: vec![1, 2],
        most_spectra: 2048,
        added_noise: 0.3,
        ..training_form::proposed(5)
    };
    assert_eq!(training_form::from_text(&training_form::to_text(&config)).unwrap(), config);
    for kind in Kind::ALL {
        kind.set(&mut config);
        assert_eq!(Kind::of(&config), kind);
        assert_eq!(training_form::from_text(&training_form::to_text(&config)).unwrap(), config);
    }
    let link = Permalink { plan: Some(config.clone()), run: true, ..Permalink::default() };
    let (read, problems) = Permalink::parse(&link.to_string());
    assert_eq!((read, problems), (link, Vec::new()));
}

#[test]
fn a_link_holds_what_goes_beyond_the_papers_model() {
    let plain = training_form::to_text(&training_form::proposed(6));
    assert!(!plain.contains("predict") && !plain.contains("input") && !plain.contains("labelled"), "{plain}");
    let mut config = training_form::proposed(6);
    variant_form::toggle_weights_as_input(&mut config);
    variant_form::toggle_class_prediction(&mut config);
    variant_form::toggle_prediction(&mut config, "truth_ssfr");
    variant_form::toggle_prediction(&mut config, "redshift");
    Setting::of("headweight").unwrap().set(&mut config, 2.5).unwrap();
    Setting::of("labelled").unwrap().set(&mut config, 0.1).unwrap();
    let head = HeadConfig {
        classes: 4,
        measurements: vec!["truth_ssfr".to_owned(), "redshift".to_owned()],
        weight: 2.5,
        labelled_fraction: 0.1,
    };
    assert_eq!((config.head.as_ref(), config.input), (Some(&head), EncoderInput::FluxAndWeight));
    assert_eq!(config.validate(), Ok(()));
    let text = training_form::to_text(&config);
    assert!(text.contains("input:weights,predict:class,predict:truth_ssfr,predict:redshift"), "{text}");
    assert_eq!(training_form::from_text(&text).unwrap(), config);
    let link = Permalink { plan: Some(config.clone()), run: true, ..Permalink::default() };
    assert_eq!(Permalink::parse(&link.to_string()), (link, Vec::new()));
    let error = training_form::from_text("predict:class,labelled:0").unwrap_err();
    assert!(error.contains("labelled fraction"), "{error}");

    let found = training_form::differences(&training_form::proposed(6), &config);
    let names: Vec<&str> = found.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(names, ["input", "predicts"]);
    assert_eq!(found[1].2, "class, truth_ssfr, redshift");
    assert!(!training_form::same_objective(&training_form::proposed(6), &config));
    // A head that predicts nothing is none.
    variant_form::toggle_class_prediction(&mut config);
    variant_form::toggle_prediction(&mut config, "truth_ssfr");
    variant_form::toggle_prediction(&mut config, "redshift");
    variant_form::toggle_weights_as_input(&mut config);
    assert_eq!(config, training_form::proposed(6));
}

#[test]
fn what_can_be_predicted_is_what_a_set_measures() {
    let manifest = crate::page::fixture::manifest();
    let names: Vec<&str> = predictable_columns(&manifest).map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["redshift", "width"], "and no code");
    let manifest = crate::page::fixture::manifest_on_sky();
    let names: Vec<&str> = predictable_columns(&manifest).map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["redshift"], "neither the place on the sky nor a column of one value");
}

#[test]
fn a_short_link_is_completed_and_a_wrong_one_is_named() {
    assert_eq!(training_form::from_text("latents:4").unwrap(), training_form::proposed(4));
    assert_eq!(training_form::from_text("").unwrap(), training_form::proposed(6));
    for (wrong, names) in [
        ("latents:17", "latents"),
        ("seed:x", "seed"),
        ("kind:gan", "vae, ae or beta"),
        ("classes:9-9", "classes"),
        ("rate:0", "learning rate"),
        ("batch:64.5", "whole number"),
    ] {
        let error = training_form::from_text(wrong).unwrap_err();
        assert!(error.contains(names), "{wrong}: {error}");
    }
    let (link, problems) = Permalink::parse("#train=latents:99&run=2");
    assert_eq!((link.plan, link.run, problems.len()), (None, false, 2));
    for link in ["#train=latents:99&run=1", "#run=1&train=latents:4,classes:9"] {
        let (parsed, problems) = Permalink::parse(link);
        assert_eq!(
            (parsed.plan, parsed.run),
            (None, false),
            "{link}: another training than the one meant helps nobody"
        );
        assert!(problems[1].contains("not started") && !problems[0].contains(".."), "{problems:?}");
    }
}

#[test]
fn limits_hold_and_leave_the_plan_alone() {
    for setting in &SETTINGS {
        for latents in [1, 2, 4, 6, 10, 16] {
            let config = training_form::proposed(latents);
            let (low, high) = setting.range;
            let value = setting.value(&config);
            assert!((low..=high).contains(&value), "{}: {value}", setting.key);
            let mut changed = config.clone();
            assert!(setting.set(&mut changed, high + 1.0).is_err() && setting.set(&mut changed, f64::NAN).is_err());
            assert_eq!(changed, config);
            setting.set(&mut changed, low).unwrap();
            assert_eq!(setting.value(&changed), low);
        }
    }
    assert_eq!(Setting::of("rate").unwrap().value(&training_form::proposed(6)), 1e-3);
    assert!(Setting::of("nothing").is_none());
}

#[test]
fn a_beta_vae_weighs_kl_by_beta_and_mmd_not_at_all() {
    let mut config = training_form::proposed(6);
    Kind::BetaVae.set(&mut config);
    (config.alpha, config.lambda) = (1.0 - 4.0, 4.0);
    assert_eq!(Kind::of(&config), Kind::BetaVae);
    assert_eq!((1.0 - config.alpha, config.alpha + config.lambda - 1.0), (4.0, 0.0));
}

#[test]
fn two_trainings_differ_in_what_differs() {
    let one = training_form::proposed(6);
    let other = VaeConfig { seed: 2, variational: false, classes: vec![1], ..one.clone() };
    let found = training_form::differences(&one, &other);
    let names: Vec<&str> = found.iter().map(|(name, _, _)| *name).collect();
    assert_eq!(names, ["model", "seed", "classes"]);
    assert_eq!((found[1].1.as_str(), found[1].2.as_str(), found[2].1.as_str()), ("1", "2", "all"));
    assert!(training_form::differences(&one, &one).is_empty());
}

#[test]
fn a_beta_vae_differs_by_its_beta_and_its_losses_are_others() {
    let one = training_form::proposed(6);
    let with_beta = |beta: f64| {
        let mut config = one.clone();
        Kind::BetaVae.set(&mut config);
        training_form::set_beta(&mut config, beta).unwrap();
        config
    };
    let (ten, two) = (with_beta(10.0), with_beta(2.0));
    let differences = |a: &VaeConfig, b: &VaeConfig| -> Vec<String> {
        training_form::differences(a, b).into_iter().map(|(what, a, b)| format!("{what}: {a}, {b}")).collect()
    };
    assert_eq!(differences(&ten, &two), ["beta: 10, 2"]);
    let names: Vec<String> = differences(&one, &ten);
    assert!(names.contains(&"beta: –, 10".to_owned()) && names.contains(&"alpha: 0, –".to_owned()), "{names:?}");
    let same = training_form::same_objective;
    assert!(same(&one, &VaeConfig { seed: 9, latents: 2, ..one.clone() }) && same(&ten, &ten));
    assert!(!same(&ten, &two) && !same(&one, &ten));
    let plain = VaeConfig { variational: false, ..one.clone() };
    assert!(!same(&one, &plain) && same(&plain, &VaeConfig { lambda: 9.0, ..plain.clone() }));
}
