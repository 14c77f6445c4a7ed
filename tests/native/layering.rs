//! Holds every `use` of the source against the table of modules in `src/lib.rs`, and looks for circles between files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Source files by their path below `src`, such as `vae/config.rs`.
type Sources = BTreeMap<String, String>;

#[test]
fn modules_import_only_those_above_them_in_the_map() {
    let sources = sources();
    assert_eq!(violations(&sources), Vec::<String>::new());
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = circles(&sources());
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn every_module_of_the_crate_is_in_the_map() {
    let sources = sources();
    let layers = layers(&sources);
    let folders: BTreeSet<&str> =
        sources.keys().filter(|path| !path.starts_with("bin/")).map(|path| top(path)).collect();
    let known: BTreeSet<&str> = layers.iter().map(String::as_str).collect();
    assert_eq!(folders, known.into_iter().chain(["lib"]).collect());
}

#[test]
fn a_planted_violation_is_found() {
    for planted in [
        "use crate::page::Permalink;",
        "use crate::{page::Permalink, plot::Axis};",
        "pub(crate) use crate::cli::Outcome;",
        "fn f() { crate::latent::band(); }",
        "use super::super::vae::VaeConfig;",
    ] {
        let mut sources = sources();
        plant(&mut sources, "numerics/pca.rs", planted);
        let found = violations(&sources);
        let all_planted = found.iter().all(|violation| violation.contains("numerics/pca.rs"));
        assert!(!found.is_empty() && all_planted, "{planted}: {found:?}");
    }
    let mut sources = sources();
    plant(&mut sources, "numerics/pca.rs", "/// [`crate::page`] shows it.\n// use crate::page::Permalink;");
    assert_eq!(violations(&sources), Vec::<String>::new(), "a comment imports nothing");
}

#[test]
fn a_planted_circle_is_found() {
    let mut sources = sources();
    plant(&mut sources, "spectrum/grid.rs", "use crate::numerics::spline::Spline;");
    plant(&mut sources, "numerics/spline.rs", "use crate::spectrum::grid::PIXELS;");
    let found = circles(&sources);
    assert!(found.len() == 1 && found[0].contains("spectrum/grid.rs"), "{found:?}");

    let mut sources = self::sources();
    plant(&mut sources, "numerics/mod.rs", "pub struct Planted;\nuse pca::Pca;");
    plant(&mut sources, "numerics/pca.rs", "use super::Planted;");
    assert_eq!(circles(&sources).len(), 1, "a parent and its child");
}

fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Sources::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("src can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
                sources.insert(name, fs::read_to_string(&path).expect("a source file"));
            }
        }
    }
    sources
}

fn plant(sources: &mut Sources, file: &str, text: &str) {
    let source = sources.get_mut(file).expect("a file to plant in");
    source.push('\n');
    source.push_str(text);
}

/// The modules in the order of the table in `src/lib.rs`: rows that begin with ``//! | `name` ``.
fn layers(sources: &Sources) -> Vec<String> {
    let rows = sources["lib.rs"].lines().filter_map(|line| line.strip_prefix("//! | `"));
    rows.filter_map(|row| row.split_once('`')).map(|(name, _)| name.to_owned()).collect()
}

fn top(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or(path)
}

/// Imports of a module that stands further down in the table, one sentence each.
fn violations(sources: &Sources) -> Vec<String> {
    let layers = layers(sources);
    let level = |module: &str| layers.iter().position(|layer| layer == module);
    let mut found = Vec::new();
    for (file, text) in sources {
        let Some(own) = level(top(file)) else { continue };
        let modules: BTreeSet<String> =
            imports(file, text).into_iter().filter_map(|path| path.into_iter().next()).collect();
        for module in modules {
            if level(&module).is_some_and(|other| other > own) {
                found.push(format!("{file} imports {module}, which stands below it in the map of src/lib.rs"));
            }
        }
    }
    found
}

/// Groups of files each of which reaches all others by imports.
fn circles(sources: &Sources) -> Vec<String> {
    let files: Vec<&String> = sources.keys().filter(|file| !file.starts_with("bin/") && *file != "lib.rs").collect();
    let number: BTreeMap<&str, usize> = files.iter().enumerate().map(|(i, file)| (file.as_str(), i)).collect();
    let edges: Vec<BTreeSet<usize>> = files
        .iter()
        .map(|file| {
            let targets = imports(file, &sources[*file]).into_iter().filter_map(|path| file_of(sources, &path));
            targets.filter(|target| target != *file).filter_map(|target| number.get(target.as_str()).copied()).collect()
        })
        .collect();
    let reach: Vec<BTreeSet<usize>> = (0..files.len()).map(|from| reachable(&edges, from)).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for from in 0..files.len() {
        let circle: Vec<usize> = reach[from].iter().copied().filter(|&to| reach[to].contains(&from)).collect();
        if !circle.is_empty() && seen.insert(circle.clone()) {
            found.push(circle.iter().map(|&file| files[file].as_str()).collect::<Vec<_>>().join(" <-> "));
        }
    }
    found
}

fn reachable(edges: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<usize> = edges[from].iter().copied().collect();
    while let Some(file) = next.pop() {
        if reached.insert(file) {
            next.extend(&edges[file]);
        }
    }
    reached
}

/// The file that defines what a path from the crate's root names, through re-exports (`pub use child::Item`).
fn file_of(sources: &Sources, path: &[String]) -> Option<String> {
    let mut path = path.to_vec();
    for _ in 0..8 {
        let (file, rest) = module_file(sources, &path)?;
        let Some(item) = path.get(rest) else { return Some(file) };
        let module = path[..rest].to_vec();
        match reexports(&file, &sources[&file]).into_iter().find(|(name, _)| name == item) {
            Some((_, target)) if target != path => path = target,
            _ => return Some(file),
        }
        if path == module {
            return Some(file);
        }
    }
    None
}

/// The deepest module file on a path, and how many of its parts name it.
fn module_file(sources: &Sources, path: &[String]) -> Option<(String, usize)> {
    (1..=path.len()).rev().find_map(|parts| {
        let module = path[..parts].join("/");
        let names = [format!("{module}.rs"), format!("{module}/mod.rs")];
        names.into_iter().find(|name| sources.contains_key(name)).map(|name| (name, parts))
    })
}

/// What a file re-exports: name and path from the crate's root.
fn reexports(file: &str, text: &str) -> Vec<(String, Vec<String>)> {
    let text = without_comments(text);
    let uses = statements(&text).into_iter().filter(|(public, _)| *public).map(|(_, tree)| tree);
    uses.flat_map(|tree| leaves(&tree))
        .filter_map(|path| absolute(file, &path).map(|absolute| (path.last().cloned().unwrap_or_default(), absolute)))
        .collect()
}

/// Paths from the crate's root that a file names, in `use` statements (re-exports by a parent left out) and in its code.
fn imports(file: &str, text: &str) -> BTreeSet<Vec<String>> {
    let text = without_comments(text);
    let mut found = BTreeSet::new();
    for (public, tree) in statements(&text) {
        for path in leaves(&tree) {
            let Some(absolute) = absolute(file, &path) else { continue };
            let own_child = absolute.starts_with(&module_path(file));
            if !(public && own_child) {
                found.insert(absolute);
            }
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':') {
                continue;
            }
            let path: String = text[at..]
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':'))
                .collect();
            let parts: Vec<String> = path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            // A `use` with braces was read above; of it only the part before the brace is seen here.
            if !text[at + path.len()..].starts_with('{') {
                found.extend(absolute(file, &parts));
            }
        }
    }
    found
}

/// Every `use` statement: whether it is public, and its tree.
fn statements(text: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let head = text[line..at].trim();
        if !(head.is_empty() || head == "pub" || head.starts_with("pub(")) {
            continue;
        }
        if let Some(end) = text[at..].find(';') {
            found.push((!head.is_empty(), text[at + 4..at + end].to_owned()));
        }
    }
    found
}

/// The paths of a `use` tree; an alias is dropped, `self` names the module itself.
fn leaves(tree: &str) -> Vec<Vec<String>> {
    fn walk(tree: &str, prefix: &[String], found: &mut Vec<Vec<String>>) {
        let mut depth = 0;
        let mut start = 0;
        let mut parts = Vec::new();
        for (at, letter) in tree.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    parts.push(&tree[start..at]);
                    start = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&tree[start..]);
        for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
            let (head, inner) = match part.split_once('{') {
                Some((head, inner)) => (head, Some(inner.trim_end().trim_end_matches('}'))),
                None => (part, None),
            };
            let head = head.split(" as ").next().unwrap_or(head);
            let mut path = prefix.to_vec();
            path.extend(head.split("::").map(str::trim).filter(|p| !p.is_empty() && *p != "self").map(str::to_owned));
            match inner {
                Some(_) => {
                    let open = part.find('{').unwrap_or(0);
                    let close = part.rfind('}').unwrap_or(part.len());
                    walk(&part[open + 1..close], &path, found);
                }
                None => found.push(path),
            }
        }
    }
    let mut found = Vec::new();
    walk(tree, &[], &mut found);
    found
}

/// The path from the crate's root, where it is one of this crate.
fn absolute(file: &str, path: &[String]) -> Option<Vec<String>> {
    let own = module_path(file);
    let path = match path.first()?.as_str() {
        "crate" => path[1..].to_vec(),
        "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let mut base = own.get(..own.len().checked_sub(ups)?)?.to_vec();
            base.extend_from_slice(&path[ups..]);
            base
        }
        first => {
            // A child of a mod.rs is named without a prefix.
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(own.join("/")).join(first);
            let is_child =
                file.ends_with("mod.rs") && (root.with_extension("rs").exists() || root.join("mod.rs").exists());
            if !is_child {
                return None;
            }
            own.iter().chain(path).cloned().collect()
        }
    };
    Some(path.into_iter().filter(|part| part != "*").collect())
}

fn module_path(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The text with comments and the contents of strings taken out.
fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let mut quoted = false;
        let mut escaped = false;
        let mut kept = String::new();
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            if !quoted && letter == '/' && letters.peek() == Some(&'/') {
                break;
            }
            if letter == '"' && !escaped {
                quoted = !quoted;
            }
            escaped = letter == '\\' && !escaped;
            if !quoted || letter == '"' {
                kept.push(letter);
            }
        }
        kept
    });
    lines.collect::<Vec<_>>().join("\n")
}
