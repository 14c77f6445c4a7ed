//! Empty regions of latent space, and the distance to the nearest spectrum.

use spectrascape::latent::{empty_region, nearest_distance};

/// Latents on a circle: the emptiest region within their bounds is the middle, or a corner.
fn circle() -> Vec<f32> {
    (0..720)
        .flat_map(|degree| [f32::to_radians(degree as f32 / 2.0).cos(), f32::to_radians(degree as f32 / 2.0).sin()])
        .collect()
}

#[test]
fn an_empty_region_is_far_from_every_latent() {
    let latents = circle();
    for seed in 0..4 {
        let region = empty_region(&latents, 2, seed).expect("a latent");
        let radius = region[0].hypot(region[1]);
        assert!(!(0.25..=1.25).contains(&radius), "{region:?}");
        assert!(region.iter().all(|value| value.abs() <= 1.0), "{region:?} is out of bounds");
        let distance = nearest_distance(&latents, 2, &region).expect("a distance");
        assert!(distance > 0.3, "{distance}");
    }
}

#[test]
fn distances_are_in_standard_deviations_of_each_latent() {
    // Stretching one latent changes no distance.
    let stretched: Vec<f32> = circle().chunks(2).flat_map(|row| [row[0] * 100.0, row[1]]).collect();
    let (plain, wide) = (nearest_distance(&circle(), 2, &[0.0, 0.0]), nearest_distance(&stretched, 2, &[0.0, 0.0]));
    assert!((plain.expect("a distance") - wide.expect("a distance")).abs() < 1e-3);
    assert_eq!(nearest_distance(&circle(), 2, &[0.0; 3]), None, "a latent of another model");
    assert_eq!(nearest_distance(&[], 2, &[0.0; 2]), None);
    assert_eq!(empty_region(&[], 2, 0), None);
}
