//! The quantity of a column by its name, whatever its case and punctuation.

/// Splits a name at punctuation into lower-case tokens.
pub(in crate::formats) fn tokens(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).map(str::to_owned).collect()
}

/// Returns whether a column is computed from a spectrum by a model or a fit.
fn is_derived(name: &str) -> bool {
    let derived = [
        "model",
        "decoded",
        "residual",
        "sky",
        "skyflux",
        "continuum",
        "fit",
        "bestfit",
        "tem",
        "template",
        "wdisp",
        "wavedisp",
        "lsf",
    ];
    tokens(name).iter().any(|token| derived.contains(&token.as_str()))
}

/// Returns whether a column holds wavelengths, or what stands for them: frequencies, wavenumbers, energies.
pub(in crate::formats) fn is_wavelength(name: &str) -> bool {
    let tokens = tokens(name);
    tokens.iter().any(|token| {
        let others = ["wl", "lam", "λ", "ll", "spectral", "frequency", "freq", "energy"];
        begins_as_wavelength(token) || others.contains(&token.as_str())
    }) && !is_derived(name)
        && !says_error(&tokens)
        && !begins_as_flux(&tokens)
}

fn begins_as_wavelength(token: &str) -> bool {
    let begins = ["wav", "lambda", "loglam", "logwav", "log10lam", "log10wav", "awav", "vacwav", "airwav", "restwav"];
    begins.iter().any(|begin| token.starts_with(begin))
}

/// Returns whether a column holds a flux density.
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

/// Returns whether a column holds standard errors of the flux.
pub(in crate::formats) fn is_error(name: &str) -> bool {
    let tokens = tokens(name);
    let of_another = tokens.first().is_some_and(|first| {
        begins_as_wavelength(first) || matches!(first.as_str(), "z" | "zerr" | "redshift" | "ra" | "dec" | "mag")
    });
    says_error(&tokens) && !of_another && !is_derived(name)
}

fn says_error(tokens: &[String]) -> bool {
    let names = ["sigma", "std", "stddev", "noise", "unc", "sig", "eflux", "dflux", "e", "rms", "σ"];
    tokens.iter().any(|token| token.contains("err") || token.contains("uncert") || names.contains(&token.as_str()))
}

/// Returns whether a column holds inverse variances of the flux.
pub(in crate::formats) fn is_inverse_variance(name: &str) -> bool {
    let joined = tokens(name).concat();
    ["ivar", "invvar", "inversevar"].iter().any(|part| joined.contains(part)) && !is_derived(name)
}

/// Returns whether a column holds variances of the flux.
pub(in crate::formats) fn is_variance(name: &str) -> bool {
    tokens(name).iter().any(|token| token == "var" || token == "variance") && !is_derived(name)
}

/// Returns whether a column of wavelengths holds their logarithm.
pub(in crate::formats) fn is_log(name: &str) -> bool {
    tokens(name).iter().any(|token| token.starts_with("log") || token == "ll")
}

/// Returns whether a column holds a mask of bad pixels.
pub(in crate::formats) fn is_mask(name: &str) -> bool {
    let joined = tokens(name).concat();
    let names = ["mask", "andmask", "badmask", "ormask", "flag", "flags", "quality", "dq", "bad", "isbad", "badpixel"];
    names.contains(&joined.as_str())
}

/// Returns whether a mask is known to hold bits, as SDSS's `and_mask` and `or_mask` do.
pub(in crate::formats) fn is_bit_mask(name: &str) -> bool {
    matches!(tokens(name).concat().as_str(), "andmask" | "ormask")
}
