//! Recipes of `build`: whatever is read has settings that are options of its commands.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spectrascape::cli::build_recipe::{BuildRecipe, options};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(recipe) = BuildRecipe::parse("recipe.toml", bytes) {
        let all = [options(&recipe.download), options(&recipe.preprocess), options(&recipe.publish)].concat();
        assert!(all.iter().all(|option| option.starts_with("--")));
    }
});
