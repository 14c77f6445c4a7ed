//! `sample`: from a catalogue to the addresses of its spectra; for the paper's own sample, the query too.

mod catalogue;
mod query;
mod release;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Args;

use super::address_list::{self, Address};
use super::csv_table::{CsvTable, field};
use super::files;
use super::http::Url;
use super::outcome::Outcome;
use catalogue::Columns;
use release::Release;

/// The name of the paper's sample.
const PORTILLO_2020: &str = "portillo2020";
/// The path of the query's result, where a server is asked for it.
const RESULT: &str = "portillo2020.csv";

#[derive(Debug, Args)]
pub(super) struct Sample {
    /// `portillo2020`, the paper's sample: prints its query, or with --from takes the query's result. Otherwise a CSV with the
    /// columns plate, mjd, fiber and perhaps run2d; or field, mjd, catalogid; or survey, program, healpix.
    #[arg(value_name = "portillo2020|LIST.csv")]
    what: PathBuf,
    /// The result of the query, as SkyServer's CSV.
    #[arg(long, value_name = "RESULT.csv")]
    from: Option<PathBuf>,
    /// Instead of printing the query, list the address at which a server such as SkyServer answers it, for `download`.
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = query::SKYSERVER, conflicts_with = "from")]
    ask: Option<String>,
    /// Data release of the spectra: dr7 to dr20, desi-dr1. For portillo2020, dr17 where the result has a column run2d, and dr7 where
    /// not.
    #[arg(long, value_name = "RELEASE")]
    release: Option<Release>,
    /// Reduction of the spectra whose rows name none, such as 26 or v5_13_2.
    #[arg(long)]
    run2d: Option<String>,
    /// Only the first rows.
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// Another server with the same folders, such as a mirror: http://HOST[/FOLDER].
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// File for the list, instead of stdout.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The outcome for the rows.
#[derive(Default)]
struct Listed {
    addresses: Vec<Address>,
    rows: usize,
    refused: usize,
    repeated: usize,
    other_classes: usize,
}

impl Sample {
    pub(super) fn run(&self) -> Result<Outcome> {
        let paper = self.what == Path::new(PORTILLO_2020);
        let file = match (&self.from, paper) {
            (None, true) => {
                let printed = match &self.ask {
                    None => query::PORTILLO_2020.to_owned(),
                    Some(server) => {
                        address_list::to_csv(&[Address::new(vec![self.question(server)?], RESULT.to_owned())])
                    }
                };
                self.write(&printed)?;
                return Ok(Outcome::Done);
            }
            (Some(result), true) => result,
            (None, false) => &self.what,
            (Some(_), false) => bail!("--from takes the result of portillo2020's query: give the list alone"),
        };
        if let Some(run) = self.run2d.as_ref().filter(|run| !catalogue::is_word(run)) {
            bail!("--run2d is `{run}`, not a word such as 26 or v5_13_2");
        }
        let name = file.display().to_string();
        let table = CsvTable::parse(&name, &files::read(file)?)?;
        let release = match (self.release, table.column(&["run2d"])) {
            (Some(release), _) => release,
            (None, Some(_)) if paper => Release::Sdss(17),
            (None, None) if paper => Release::Sdss(7),
            _ => bail!("which release is {name} of? Give --release, one of dr7 to dr20 and desi-dr1"),
        };
        let listed = self.list(&name, &table, release, paper)?;
        self.write(&address_list::to_csv(&listed.addresses))?;
        report(&listed, release);
        if listed.addresses.is_empty() {
            bail!("{name} names no spectrum");
        }
        Ok(if listed.refused > 0 { Outcome::SomeRefused } else { Outcome::Done })
    }

    fn list(&self, name: &str, table: &CsvTable, release: Release, paper: bool) -> Result<Listed> {
        let columns = Columns::find(name, table, release)?;
        let class = table.column(&["class", "specclass"]).filter(|_| paper);
        let base = self.base.as_deref().unwrap_or(release.host()).trim_end_matches('/');
        if let Err(reason) = base.parse::<Url>() {
            bail!("--base: {reason}");
        }
        let mut listed = Listed::default();
        let mut seen = BTreeSet::new();
        for (line, row) in table.rows.iter().take(self.rows.unwrap_or(usize::MAX)) {
            listed.rows += 1;
            if field(row, class).is_some_and(|class| !query::is_galaxy_or_quasar(class)) {
                listed.other_classes += 1;
                continue;
            }
            let source = columns.source(row, release, self.run2d.as_deref());
            match source.and_then(|source| release.addresses(base, &source)) {
                Err(reason) => {
                    eprintln!("{name}: line {line}: {reason}");
                    listed.refused += 1;
                }
                Ok(addresses) if !seen.insert(addresses[0].path.clone()) => listed.repeated += 1,
                Ok(addresses) => listed.addresses.extend(addresses),
            }
        }
        Ok(listed)
    }

    /// Returns the address at which a server answers the query for DR17.
    fn question(&self, server: &str) -> Result<String> {
        let question = query::question(server, self.rows);
        match question.parse::<Url>() {
            Ok(_) => Ok(question),
            Err(reason) => bail!("--ask: {reason}"),
        }
    }

    fn write(&self, text: &str) -> Result<()> {
        match &self.out {
            Some(out) => files::write(out, text.as_bytes()),
            None => {
                print!("{text}");
                Ok(())
            }
        }
    }
}

fn report(listed: &Listed, release: Release) {
    let Listed { addresses, rows, refused, repeated, other_classes } = listed;
    let mut left_out = Vec::new();
    for (count, what) in [
        (other_classes, "of another class than galaxy and quasar"),
        (repeated, "in a file that is listed already"),
        (refused, "refused"),
    ] {
        if *count > 0 {
            left_out.push(format!(", {count} {what}"));
        }
    }
    eprintln!("{} files of {release} from {rows} rows{}", addresses.len(), left_out.concat());
}
