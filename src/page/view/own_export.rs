//! The table of the user's spectra as a file.

use std::sync::Arc;

use super::own_table::OwnRow;
use crate::export::{Cells, Field, Table, table_csv, votable};
use crate::page::state::{AppState, OwnKey};

/// Returns the table as CSV or as a VOTable.
pub fn own_table_file(state: &AppState, rows: &[Arc<OwnRow>], is_votable: bool) -> String {
    let table = own_table(state, rows);
    if is_votable { votable(&table) } else { table_csv(&table) }
}

/// Returns the rows as a table of described columns; what is not known of a spectrum is an empty cell.
pub fn own_table(state: &AppState, rows: &[Arc<OwnRow>]) -> Table {
    let text = |name: &str, label: &str, ucd: &'static str, value: fn(&OwnRow) -> String| {
        Field::new(name, label, "", ucd, Cells::Text(rows.iter().map(|row| value(row)).collect()))
    };
    let double = |name: &str, label: &str, ucd: &'static str, value: fn(&OwnRow) -> Option<f64>| {
        let cells = rows.iter().map(|row| value(row).unwrap_or(f64::NAN)).collect();
        Field::new(name, label, "", ucd, Cells::Double(cells))
    };
    let single = |name: &str, label: &str, value: fn(&OwnRow) -> Option<f32>| {
        let cells = rows.iter().map(|row| value(row).unwrap_or(f32::NAN)).collect();
        Field::new(name, label, "", "", Cells::Float(cells))
    };
    let count = |name: &str, label: &str, value: fn(&OwnRow) -> usize| {
        Field::new(name, label, "", "meta.number", Cells::Int(rows.iter().map(|row| value(row) as i32).collect()))
    };
    let mut fields = vec![
        text("id", "identifier, or name of the object or file", "meta.id;meta.main", |row| row.title.clone()),
        text("file", "name of the file, with the number of the spectrum in it", "meta.file", |row| row.name.clone()),
        double("redshift", "redshift used", "src.redshift", |row| Some(row.redshift)),
        text("redshift_from", "source of the redshift used: the file, you, trial", "", |row| row.source.clone()),
        double("redshift_file", "redshift in the file", "src.redshift", |row| row.file_redshift),
        double("redshift_trial", "redshift at which the model reconstructs the spectrum best", "src.redshift", |row| {
            row.trial.map(|trial| trial.redshift)
        }),
        double("redshift_trial_error", "standard error of the redshift by trial", "stat.error;src.redshift", |row| {
            row.trial.map(|trial| trial.error)
        }),
        double("redshift_trial_confidence", "misfit of the second-best redshift over that of the best", "", |row| {
            row.trial.map(|trial| trial.confidence)
        }),
        text("class", "class by its own lines, by the rule of the paper", "src.class", |row| {
            row.class.name().to_owned()
        }),
        text("class_note", "what its lines say where that rule says too little", "", |row| {
            row.class_note.clone().unwrap_or_default()
        }),
        text("class_around", "class of most of the nearest spectra of the set", "src.class", |row| {
            row.vote.map_or(String::new(), |vote| vote.class.name().to_owned())
        }),
        count("class_around_votes", "votes for that class", |row| row.vote.map_or(0, |vote| vote.votes)),
        count("class_around_of", "number of voters", |row| row.vote.map_or(0, |vote| vote.of)),
        single("median_snr", "median signal-to-noise a pixel", |row| Some(row.median_snr)),
        single("chi2", "chi-squared a pixel of the reconstruction", |row| Some(row.chi2)),
        single("chi2_percentile", "share of the spectra of the set with a smaller chi-squared, per cent", |row| {
            row.percentile
        }),
        single("lof", "local outlier factor among the latents of the set, 20 neighbours", |row| row.factor),
        single(
            "rarity",
            "improbability of the latents: minus the natural logarithm of the density, 0 is ordinary",
            |row| row.rarity,
        ),
        text("reasons", "what is odd about it", "meta.note", |row| {
            row.reasons.as_deref().unwrap_or_default().join("; ")
        }),
        text("nearest", "nearest spectrum of the set in latent space", "meta.id.cross", |row| row.nearest_name.clone()),
        double("nearest_distance", "distance to it in latent space", "", |row| row.nearest.map(|near| near.distance)),
    ];
    let dims = rows.iter().filter_map(|row| row.latent.as_ref()).map(Vec::len).max().unwrap_or(0);
    for index in 0..dims {
        let value = |row: &Arc<OwnRow>| row.latent.as_ref().and_then(|latent| latent.get(index)).copied();
        let cells = rows.iter().map(|row| value(row).unwrap_or(f32::NAN)).collect();
        let label = format!("latent {} {}", index + 1, state.whose_latents());
        fields.push(Field::new(&format!("latent_{}", index + 1), &label, "", "", Cells::Float(cells)));
    }
    let made = rows.iter().filter(|row| matches!(row.key, OwnKey::Simulated(_))).count();
    let mut facts = vec![
        format!("{} spectra of the user's, held against the set {}", rows.len(), state.set_name()),
        format!("model = {}", state.link().model),
        format!("written by Spectrascape {}", env!("CARGO_PKG_VERSION")),
    ];
    facts.extend((made > 0).then(|| format!("{made} of them are SIMULATED galaxies")));
    let infos = vec![("set", state.set_name()), ("model", state.link().model.clone())];
    Table { name: "own_spectra", facts, infos, rows: rows.len(), fields }
}
