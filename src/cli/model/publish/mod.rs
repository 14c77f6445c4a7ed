//! `publish`: a folder that any static host serves: the page, sets, models, and the library that names them.

mod built_page;
mod collection;
mod folder;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::cli::library::{self, Site};
use crate::cli::outcome::Outcome;
use crate::formats::set::Library;
use crate::page::SetAddress;
use built_page::BuiltPage;
use collection::Collection;
use folder::SiteFolder;

/// The folder, below a checkout, in which `cargo xtask build` and Trunk write the page.
const BUILT: &str = "pkg/dist";
/// GitHub Pages' limits: a site, and a file in a repository.
const MOST_SITE_BYTES: u64 = 1_000_000_000;
const MOST_FILE_BYTES: u64 = 100_000_000;

#[derive(Debug, Args)]
pub(in crate::cli) struct Publish {
    /// The folders of sets, each with its manifest.json; NAME=FOLDER gives one another name in links.
    #[arg(long, required = true, num_args = 1.., value_name = "[NAME=]FOLDER")]
    data: Vec<String>,
    /// The files of models; NAME=FILE gives one another name in links.
    #[arg(long, required = true, num_args = 1.., value_name = "[NAME=]FILE")]
    model: Vec<String>,
    /// The folder for the site; it may hold an earlier one, and files of yours such as .git and CNAME.
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    site: Site,
    /// The built page; where none is named, pkg/dist of a checkout or the folder `page` beside this program.
    #[arg(long, value_name = "FOLDER")]
    page: Option<PathBuf>,
    /// Other hosts whose sets a link may open on this site, once the reader agrees.
    #[arg(long, num_args = 1.., value_name = "HOST")]
    allow_data_from: Vec<String>,
    /// Leave out the maps by UMAP, which take minutes for sets of many ten thousand spectra.
    #[arg(long)]
    no_umap: bool,
}

impl Publish {
    pub(super) fn run(&self) -> Result<Outcome> {
        let origins = self.allow_data_from.iter().map(|host| origin(host)).collect::<Result<Vec<_>>>()?;
        let page = self.page.clone().map_or_else(find_page, Ok)?;
        let page = BuiltPage::read(&page)?;
        let mut folder = SiteFolder::open(&self.out)?;
        let collection = Collection::read(&self.data, &self.model)?;
        collection.write(&mut folder, !self.no_umap)?;
        let library = library::describe(&self.out, &collection.set_names(), &collection.model_names(), &self.site)?;
        let json = library.to_json();
        folder.write("library.json", json.as_bytes())?;
        // Keeps GitHub Pages from looking for a blog in the folder.
        folder.write(".nojekyll", b"")?;
        // `index.html` is the last of them: until then the folder shows the site before.
        for (name, bytes) in page.published(folder.hashes(), &library, &origins)? {
            folder.write(&name, &bytes)?;
        }
        folder.remove_stale();
        self.report(&folder, &library);
        Ok(Outcome::Done)
    }

    fn report(&self, folder: &SiteFolder, library: &Library) {
        let (files, bytes) = (folder.sizes().len(), folder.sizes().values().sum::<u64>());
        for (name, size) in folder.sizes().iter().filter(|(_, size)| **size > MOST_FILE_BYTES) {
            let megabytes = *size as f64 / 1e6;
            eprintln!("{name} has {megabytes:.0} MB: GitHub takes no file over 100 MB into a repository");
        }
        if bytes > MOST_SITE_BYTES {
            eprintln!("the site has {:.2} GB: GitHub Pages publishes none over 1 GB", bytes as f64 / 1e9);
        }
        let (sets, models) = (library.sets.len(), library.models.len());
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        eprintln!(
            "{sets} set{} and {models} model{} in {files} files, {:.1} MB: {}",
            plural(sets),
            plural(models),
            bytes as f64 / 1e6,
            self.out.display()
        );
    }
}

/// Finds the built page: in the working directory, beside the program, or in the checkout it was built from.
pub(in crate::cli) fn find_page() -> Result<PathBuf> {
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent).map(|folder| folder.join("page"));
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join(BUILT);
    let found = [Some(PathBuf::from(BUILT)), beside, Some(checkout)]
        .into_iter()
        .flatten()
        .find(|folder| folder.join("index.html").is_file());
    found.with_context(|| {
        format!("there is no built page in {BUILT} or beside this program: build one with `cargo xtask build`, or name its folder with --page")
    })
}

/// Returns the origin of a host, as a Content-Security-Policy names it: https, but for this machine.
fn origin(host: &str) -> Result<String> {
    let scheme = if is_this_machine(host) { "http" } else { "https" };
    match SetAddress::parse(&format!("{scheme}://{host}/")) {
        Ok(SetAddress::Elsewhere { origin, site, .. }) if site == format!("{origin}/") => Ok(origin),
        _ => bail!("`--allow-data-from {host}` is no host: write it as in example.org or example.org:8443"),
    }
}

fn is_this_machine(host: &str) -> bool {
    matches!(host.split(':').next(), Some("localhost" | "127.0.0.1"))
}
