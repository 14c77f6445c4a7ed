//! The citations, as BibTeX.

/// BibTeX entries of the paper whose method this is and of this program.
pub const CITATION_BIBTEX: &str = concat!(
    r#"@article{Portillo2020,
  author  = {Portillo, Stephen K. N. and Parejko, John K. and Vergara, Jorge R. and Connolly, Andrew J.},
  title   = {Dimensionality Reduction of {SDSS} Spectra with Variational Autoencoders},
  journal = {The Astronomical Journal},
  volume  = {160},
  number  = {1},
  pages   = {45},
  year    = {2020},
  doi     = {10.3847/1538-3881/ab9644},
  eprint  = {2002.10464},
  archivePrefix = {arXiv}
}

@software{Spectrascape,
  author  = {{The Spectrascape developers}},
  title   = {Spectrascape: the latent space of galaxy spectra in the browser},
  version = {"#,
    env!("CARGO_PKG_VERSION"),
    r#"},
  year    = {2026},
  license = {MIT}
}
"#
);
