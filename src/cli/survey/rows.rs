//! The catalogue's rows of a chunk: what is kept of each spectrum beside its pixels.

use crate::formats::set::{Catalogue, FormatError, TensorFile, Values};
use crate::spectrum::ObservedSpectrum;

/// The code of a spectrum without a subclass, and the warning bits of one whose file has none.
const NONE: i32 = -1;

/// The columns of a set's catalogue but `norm`, filled spectrum by spectrum.
#[derive(Default)]
pub(super) struct Rows {
    redshift: Vec<f32>,
    median_snr: Vec<f32>,
    class: Vec<i32>,
    survey: Vec<i32>,
    /// The three numbers of the identifiers, a column each.
    id: [Vec<i64>; 3],
    ra: Vec<f64>,
    dec: Vec<f64>,
    redshift_error: Vec<f32>,
    redshift_warning: Vec<i32>,
    subclass: Vec<i32>,
    /// Names of the subclasses, in the order in which they first occurred.
    subclasses: Vec<String>,
}

impl Rows {
    /// Returns the number of spectra.
    pub(super) fn len(&self) -> usize {
        self.redshift.len()
    }

    /// Adds a spectrum with the redshift that was used for it.
    pub(super) fn push(&mut self, observed: &ObservedSpectrum, redshift: f64) {
        let object = &observed.object;
        self.redshift.push(redshift as f32);
        self.median_snr.push(observed.median_snr());
        self.class.push(observed.class.code());
        self.survey.push(observed.id.survey.code());
        self.id.iter_mut().zip(observed.id.parts).for_each(|(column, part)| column.push(part));
        self.ra.push(object.position.map_or(f64::NAN, |position| position.ra));
        self.dec.push(object.position.map_or(f64::NAN, |position| position.dec));
        self.redshift_error.push(object.redshift_error.map_or(f32::NAN, |error| error as f32));
        self.redshift_warning.push(object.redshift_warning.unwrap_or(NONE));
        let subclass = object.subclass.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let code = subclass.map_or(NONE, |name| self.code(name));
        self.subclass.push(code);
    }

    /// Returns the columns, in the order of a set, and the names of the subclasses' codes.
    pub(super) fn into_catalogue(self) -> (Catalogue, Vec<String>) {
        let mut catalogue = Catalogue::default();
        catalogue.push_floats("redshift", self.redshift);
        catalogue.push_floats("median_snr", self.median_snr);
        catalogue.push_integers("class", self.class);
        catalogue.push_integers("survey", self.survey);
        for (name, numbers) in ["id_a", "id_b", "id_c"].into_iter().zip(self.id) {
            catalogue.push_longs(name, numbers);
        }
        catalogue.push_doubles("ra", self.ra);
        catalogue.push_doubles("dec", self.dec);
        catalogue.push_floats("z_err", self.redshift_error);
        catalogue.push_integers("zwarning", self.redshift_warning);
        catalogue.push_integers("subclass", self.subclass);
        (catalogue, self.subclasses)
    }

    fn code(&mut self, name: &str) -> i32 {
        let known = self.subclasses.iter().position(|known| known == name);
        let index = known.unwrap_or_else(|| {
            self.subclasses.push(name.to_owned());
            self.subclasses.len() - 1
        });
        index as i32
    }
}

/// Reads the columns of [`Rows::into_catalogue`] from a chunk's file.
pub(super) fn read(file: &TensorFile<'_>, count: usize) -> Result<Catalogue, FormatError> {
    let mut catalogue = Catalogue::default();
    let (order, _) = Rows::default().into_catalogue();
    for column in &order.columns {
        let name = column.name.as_str();
        match column.values {
            Values::Int(_) => catalogue.push_integers(name, file.integers(name, &[count])?),
            Values::Long(_) => catalogue.push_longs(name, file.longs(name, &[count])?),
            Values::Float(_) => catalogue.push_floats(name, file.floats(name, &[count])?),
            Values::Double(_) => catalogue.push_doubles(name, file.doubles(name, &[count])?),
        }
    }
    Ok(catalogue)
}

/// Changes the codes of the column `subclass` from those of the names `from` to those of the sorted names `to`.
pub(super) fn recode(catalogue: &mut Catalogue, from: &[String], to: &[String]) {
    let new: Vec<i32> = from.iter().map(|name| to.binary_search(name).map_or(NONE, |index| index as i32)).collect();
    let column = catalogue.columns.iter_mut().find(|column| column.name == "subclass");
    if let Some(Values::Int(codes)) = column.map(|column| &mut column.values) {
        for code in codes {
            *code = usize::try_from(*code).ok().and_then(|index| new.get(index)).copied().unwrap_or(NONE);
        }
    }
}
