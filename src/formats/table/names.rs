//! The quantity of a column by its name, whatever its case and punctuation.

/// Splits a name at punctuation into lower-case tokens.
pub(in crate::formats) fn tokens(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).map(str::to_owned).collect()
}

/// Returns whether a column is computed from a spectrum by a model or a fit.
fn is_derived(name: &str) -> bool {
    let derived = ["model", "decoded", "residual", "sky", "continuum", "fit", "wdisp"];
    tokens(name).iter().any(|token| derived.contains(&token.as_str()))
}

pub(in crate::formats) fn is_wavelength(name: &str) -> bool {
    let begins = ["wav", "lambda", "loglam", "logwav", "log10lam", "log10wav", "awav", "vacwav", "airwav", "restwav"];
    let tokens = tokens(name);
    let matches = |token: &String| {
        begins.iter().any(|begin| token.starts_with(begin)) || matches!(token.as_str(), "wl" | "lam" | "λ" | "ll")
    };
    tokens.iter().any(matches) && !is_derived(name) && !is_error(name) && !begins_as_flux(&tokens)
}

pub(in crate::formats) fn is_flux(name: &str) -> bool {
    let tokens = tokens(name);
    begins_as_flux(&tokens)
        && !is_derived(name)
        && !is_error(name)
        && !is_inverse_variance(name)
        && !is_variance(name)
        && !tokens.iter().any(|token| token.contains("mask") || token == "flag")
}

fn begins_as_flux(tokens: &[String]) -> bool {
    let names = ["f", "fnu", "flam", "flambda", "intensity", "counts", "spec", "spectrum", "sed"];
    tokens
        .first()
        .is_some_and(|first| first.starts_with("flux") || first.ends_with("flux") || names.contains(&first.as_str()))
}

pub(in crate::formats) fn is_error(name: &str) -> bool {
    let names = ["sigma", "std", "stddev", "noise", "unc", "sig", "eflux", "dflux", "e", "rms"];
    let tokens = tokens(name);
    let says = |token: &String| {
        token.contains("err") || token.contains("uncert") || names.contains(&token.as_str()) || token == "σ"
    };
    tokens.iter().any(says) && !is_derived(name)
}

pub(in crate::formats) fn is_inverse_variance(name: &str) -> bool {
    let joined = tokens(name).concat();
    ["ivar", "invvar", "inversevar"].iter().any(|part| joined.contains(part)) && !is_derived(name)
}

pub(in crate::formats) fn is_variance(name: &str) -> bool {
    tokens(name).iter().any(|token| token == "var" || token == "variance") && !is_derived(name)
}

pub(in crate::formats) fn is_log(name: &str) -> bool {
    tokens(name).iter().any(|token| token.starts_with("log") || token == "ll")
}

/// Returns whether a text says that wavelengths are in air (true) or vacuum (false); `None` where it says neither.
pub(in crate::formats) fn medium(text: &str) -> Option<bool> {
    let tokens = tokens(text);
    let has = |is: &dyn Fn(&str) -> bool| tokens.iter().any(|token| is(token));
    if has(&|token| token.starts_with("vac")) {
        return Some(false);
    }
    has(&|token| token == "air" || token == "awav" || token.starts_with("airwav")).then_some(true)
}

pub(in crate::formats) fn medium_in(comments: &[String]) -> Option<bool> {
    let about = ["wav", "lambda", "medium", "unit", "frame"];
    let relevant = |comment: &&String| {
        let tokens = tokens(comment);
        tokens.len() == 1 || tokens.iter().any(|token| about.iter().any(|begin| token.starts_with(begin)))
    };
    comments.iter().filter(relevant).find_map(|comment| medium(comment))
}
