//! The chosen rows of a set as named, described columns, from which both CSV and VOTable are written.

use super::table::{Cells, Field, Table};
use crate::formats::set::{Catalogue, ColumnInfo, LatentSet, Manifest, Values};
use crate::spectrum::Class;

/// Chosen rows of a set, with its manifest, its catalogue and what was computed for it.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    /// Manifest of the set.
    pub manifest: &'a Manifest,
    /// Catalogue of the set.
    pub catalogue: &'a Catalogue,
    /// Latents of the set by a model; `None` leaves them out.
    pub latents: Option<&'a LatentSet>,
    /// Further computed columns: UMAP coordinates, outlier factors.
    pub extra: &'a [ExtraColumn<'a>],
    /// Rows, in the order in which they are written; rows that the set does not have are left out.
    pub rows: &'a [usize],
}

/// A computed column, one that the catalogue does not have.
#[derive(Debug, Clone, Copy)]
pub struct ExtraColumn<'a> {
    /// Name of the column, such as `lof`: letters, digits and underscores.
    pub name: &'a str,
    /// Description for readers.
    pub label: &'a str,
    /// Unit; empty for none.
    pub unit: &'a str,
    /// `[n]` one value per spectrum of the set.
    pub values: &'a [f32],
}

impl Selection<'_> {
    /// Returns the table of the chosen rows.
    pub(super) fn table(&self) -> Table {
        let simulated = if self.manifest.simulated { "true" } else { "false" };
        let mut infos = vec![("set", self.manifest.name.clone()), ("simulated", simulated.to_owned())];
        infos.extend(self.latents.map(|latents| ("model", latents.model.clone())));
        Table { name: "selection", facts: self.facts(), infos, rows: self.known_rows().len(), fields: self.fields() }
    }

    /// Returns the chosen rows that the set has.
    fn known_rows(&self) -> Vec<usize> {
        self.rows.iter().copied().filter(|&row| row < self.catalogue.len()).collect()
    }

    /// Returns lines that say what the table is.
    fn facts(&self) -> Vec<String> {
        let manifest = self.manifest;
        let mut facts = vec![
            format!(
                "{} of {} spectra of the set {}: {}",
                self.known_rows().len(),
                manifest.count,
                manifest.name,
                manifest.title
            ),
            format!("simulated = {}", manifest.simulated),
        ];
        if manifest.simulated {
            facts.push("These spectra are SIMULATED: no real object is in this table.".to_owned());
        }
        facts.extend(self.latents.map(|latents| format!("model = {}", latents.model)));
        facts.push(format!("provenance = {}", manifest.provenance));
        facts.push(format!("license = {}", manifest.license));
        facts.push(format!("written by Spectrascape {}", env!("CARGO_PKG_VERSION")));
        // One line each, whatever the manifest says.
        facts.into_iter().map(|fact| fact.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Returns identifier, class name and subclass name, the columns of the catalogue, the latents and the further columns, in this order.
    fn fields(&self) -> Vec<Field> {
        let rows = self.known_rows();
        let mut fields = Vec::new();
        let integer =
            |name: &str, row: usize| self.catalogue.integers(name).and_then(|values| values.get(row)).copied();
        if self.catalogue.source_id(0).is_some() {
            let id = |&row: &usize| self.catalogue.source_id(row).map_or(String::new(), |id| id.to_string());
            let cells = Cells::Text(rows.iter().map(id).collect());
            fields.push(Field::new(
                "id",
                "name of the spectrum: plate-mjd-fiber, or survey and number",
                "",
                "meta.id;meta.main",
                cells,
            ));
        }
        if self.catalogue.integers("class").is_some() {
            let name = |&row: &usize| {
                let code = integer("class", row).unwrap_or(Class::Unknown.code());
                let named = usize::try_from(code).ok().and_then(|code| self.manifest.class_names.get(code));
                named.map_or(Class::from_code(code).name().to_owned(), String::clone)
            };
            let cells = Cells::Text(rows.iter().map(name).collect());
            fields.push(Field::new("class_name", "class in words", "", "src.class", cells));
        }
        if let Some(codes) = self.catalogue.integers("subclass") {
            let name = |&row: &usize| {
                let index = codes.get(row).and_then(|&code| usize::try_from(code).ok());
                index.and_then(|index| self.manifest.subclass_names.get(index)).cloned().unwrap_or_default()
            };
            let cells = Cells::Text(rows.iter().map(name).collect());
            fields.push(Field::new("subclass_name", "subclass by the survey", "", "src.class", cells));
        }
        for column in &self.catalogue.columns {
            let cells = match &column.values {
                Values::Int(values) => Cells::Int(rows.iter().map(|&row| values[row]).collect()),
                Values::Long(values) => Cells::Long(rows.iter().map(|&row| values[row]).collect()),
                Values::Double(values) => Cells::Double(rows.iter().map(|&row| values[row]).collect()),
                Values::Float(values) => Cells::Float(rows.iter().map(|&row| values[row]).collect()),
            };
            let info = self.manifest.columns.iter().find(|info| info.name == column.name);
            let (label, unit) = info.map_or(("", ""), |info: &ColumnInfo| (info.label.as_str(), info.unit.as_str()));
            let truth = if info.is_some_and(|info| info.truth) { " (truth of the simulation)" } else { "" };
            let ucd = ucd(&column.name);
            fields.push(Field::new(&column.name, &format!("{label}{truth}"), unit, ucd, cells));
        }
        if let Some(latents) = self.latents {
            let value = |values: &[f32], row: usize, dim: usize| {
                values.get(row * latents.dims + dim).copied().unwrap_or(f32::NAN)
            };
            for (values, name, what) in
                [(&latents.mean, "latent", "mean"), (&latents.log_var, "log_var", "log variance")]
            {
                for dim in 0..latents.dims {
                    let cells = Cells::Float(rows.iter().map(|&row| value(values, row, dim)).collect());
                    let label = format!("{what} of latent {} of the model {}", dim + 1, latents.model);
                    fields.push(Field::new(&format!("{name}_{}", dim + 1), &label, "", "", cells));
                }
            }
        }
        for extra in self.extra {
            let value = |&row: &usize| extra.values.get(row).copied().unwrap_or(f32::NAN);
            let cells = Cells::Float(rows.iter().map(value).collect());
            fields.push(Field::new(extra.name, extra.label, extra.unit, "", cells));
        }
        fields
    }
}

/// Returns the kind of quantity of a catalogue column (UCD1+, IVOA 2018); empty for a column without one.
fn ucd(name: &str) -> &'static str {
    match name {
        "redshift" => "src.redshift",
        "median_snr" => "stat.snr",
        "class" => "meta.code.class",
        "z_err" => "stat.error;src.redshift",
        "zwarning" => "meta.code.qual",
        "ra" => "pos.eq.ra;meta.main",
        "dec" => "pos.eq.dec;meta.main",
        "subclass" | "survey" => "meta.code.class",
        "plate" | "fiber" | "id_a" | "id_b" | "id_c" => "meta.id.part",
        "mjd" => "time.epoch",
        "truth_age" | "truth_mass_age" => "time.age",
        "truth_metallicity" => "phys.abund.Z",
        "truth_dust" | "truth_gas_dust" | "truth_foreground" => "phot.color.excess",
        "truth_velocity_dispersion" => "phys.veloc.dispersion",
        "truth_line_width" => "spect.line.width",
        "truth_halpha_ew" => "spect.line.eqWidth",
        "truth_ssfr" => "phys.SFR",
        "truth_u_g" | "truth_g_r" | "truth_r_i" => "phot.color",
        _ => "",
    }
}
