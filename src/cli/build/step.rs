//! The steps of a recipe: each a command of this program, with what it reads and writes.

use std::path::{Path, PathBuf};

use crate::cli::build_recipe::{BuildRecipe, options};
use crate::cli::model::find_page;
use crate::cli::survey;

/// A kind of step, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(super) enum Kind {
    /// The address of the query's result.
    Ask,
    /// The query's result.
    Query,
    /// The list of files.
    Sample,
    /// The files.
    Download,
    /// The set.
    Preprocess,
    /// A model.
    Train,
    /// The site.
    Publish,
}

/// Something on disk that a step reads or writes.
#[derive(Debug, Clone)]
pub(super) enum Thing {
    /// A file, by its bytes.
    File(PathBuf),
    /// The files of a list below a folder, by their lengths.
    Listed { list: PathBuf, root: PathBuf },
    /// A folder, by the names and lengths of its files.
    Folder(PathBuf),
}

/// A step.
pub(super) struct Step {
    pub kind: Kind,
    /// Name in messages and of the record.
    pub name: String,
    /// The command and its options.
    pub arguments: Vec<String>,
    /// Files that the step reads.
    pub inputs: Vec<Thing>,
    /// Files that the step writes.
    pub output: Thing,
    /// Files that an unfinished step with other settings left.
    pub unfinished: Option<PathBuf>,
    /// Table of what was refused, and how many rows it may have.
    pub refused: Option<(PathBuf, usize)>,
}

/// Returns the steps of a recipe in a folder; `at` is the recipe's own folder.
pub(super) fn steps(recipe: &BuildRecipe, at: &Path, folder: &Path) -> Vec<Step> {
    let list = folder.join("list.csv");
    let data = folder.join("data");
    let set = folder.join("set");
    let manifest = Thing::File(set.join("manifest.json"));
    let mut steps = Vec::new();
    let catalogue = match &recipe.sample.catalogue {
        Some(catalogue) => at.join(catalogue),
        None => asked(recipe, folder, &mut steps),
    };
    let mut sample = if recipe.sample.query.is_some() {
        vec!["sample".to_owned(), "portillo2020".to_owned(), option("from", &catalogue)]
    } else {
        vec!["sample".to_owned(), text(&catalogue)]
    };
    sample.push(option("out", &list));
    sample.extend(options(&recipe.sample));
    steps.push(Step::new(Kind::Sample, sample, vec![Thing::File(catalogue)], Thing::File(list.clone())));

    let mut download = vec!["download".to_owned(), option("list", &list), option("out", &data)];
    download.extend(options(&recipe.download));
    let files = Thing::Listed { list: list.clone(), root: data.clone() };
    steps.push(Step {
        refused: Some((data.join("failed.csv"), recipe.download.may_fail)),
        ..Step::new(Kind::Download, download, vec![Thing::File(list.clone())], files.clone())
    });

    let mut preprocess = vec!["preprocess".to_owned(), option("list", &list), option("root", &data)];
    preprocess.extend([option("out", &set), format!("--name={}", recipe.name)]);
    preprocess.extend(options(&recipe.preprocess));
    steps.push(Step {
        unfinished: Some(survey::work_folder(&set)),
        refused: Some((set.join("refused.csv"), recipe.preprocess.may_fail)),
        ..Step::new(Kind::Preprocess, preprocess, vec![Thing::File(list), files], manifest.clone())
    });

    let mut published = vec![manifest.clone()];
    let mut publish = vec!["publish".to_owned(), format!("--data={}={}", recipe.name, set.display())];
    for model in &recipe.train {
        let path = folder.join("models").join(format!("{}.safetensors", model.name));
        let mut train = vec!["train".to_owned(), option("data", &set), option("out", &path)];
        train.extend(options(model));
        let mut checkpoint = path.clone().into_os_string();
        checkpoint.push(".checkpoint");
        publish.push(option("model", &path));
        published.push(Thing::File(path.clone()));
        steps.push(Step {
            name: format!("train {}", model.name),
            unfinished: Some(checkpoint.into()),
            ..Step::new(Kind::Train, train, vec![manifest.clone()], Thing::File(path))
        });
    }
    // A page that is built anew makes the site anew. One that is missing is told of by `publish` itself.
    let page = recipe.publish.page.as_ref().map_or_else(|| find_page().ok(), |page| Some(page.into()));
    published.extend(page.map(|page: PathBuf| page.join("sw.js")).filter(|list| list.exists()).map(Thing::File));
    let site = folder.join("site");
    publish.push(option("out", &site));
    publish.extend(options(&recipe.publish));
    steps.push(Step::new(Kind::Publish, publish, published, Thing::Folder(site)));
    steps
}

/// Adds the steps that ask a server for the query's result. Returns the path of the result.
fn asked(recipe: &BuildRecipe, folder: &Path, steps: &mut Vec<Step>) -> PathBuf {
    let question = folder.join("query.csv");
    let result = folder.join("portillo2020.csv");
    let mut ask = vec!["sample".to_owned(), "portillo2020".to_owned(), option("out", &question)];
    ask.push(recipe.sample.server.as_ref().map_or("--ask".to_owned(), |server| format!("--ask={server}")));
    ask.extend(recipe.sample.rows.map(|rows| format!("--rows={rows}")));
    steps.push(Step::new(Kind::Ask, ask, Vec::new(), Thing::File(question.clone())));
    let mut download = vec!["download".to_owned(), option("list", &question), option("out", folder)];
    download.extend(options(&recipe.download));
    steps.push(Step {
        // What another query returned has the same name.
        unfinished: Some(result.clone()),
        ..Step::new(Kind::Query, download, vec![Thing::File(question)], Thing::File(result.clone()))
    });
    result
}

impl Step {
    fn new(kind: Kind, arguments: Vec<String>, inputs: Vec<Thing>, output: Thing) -> Self {
        let name = clap::ValueEnum::to_possible_value(&kind).map_or(String::new(), |value| value.get_name().to_owned());
        Self { kind, name, arguments, inputs, output, unfinished: None, refused: None }
    }

    /// Returns the step as a line for a shell.
    pub(super) fn line(&self) -> String {
        let quoted = |argument: &String| {
            let plain = argument.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=./:,".contains(&byte));
            if plain { argument.clone() } else { format!("'{}'", argument.replace('\'', "'\\''")) }
        };
        let words: Vec<String> = self.arguments.iter().map(quoted).collect();
        format!("spectrascape {}", words.join(" "))
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
