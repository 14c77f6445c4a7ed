//! The report's page, with every figure and table.

use super::claims::Claim;
use super::workspace::Exhibit;

/// The facts about a run that its report states.
pub(super) struct Provenance {
    /// Names and values.
    pub facts: Vec<(String, String)>,
    /// Whether the set is simulated.
    pub simulated: bool,
}

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1b202b; --muted: #5d6675; --paper: #fff; --line: #d8dce3; --accent: #4a34d0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf1; --muted: #9aa4b4; --paper: #151922; --line: #2a313e; --accent: #b3a6ff; } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { margin-top: 3rem; font-size: 1.25rem; }
figure { margin: 2.5rem 0; } figure img { width: 100%; height: auto; background: #fff; border: 1px solid var(--line); border-radius: 6px; }
figcaption { color: var(--muted); margin-top: .6rem; } figcaption b { color: var(--ink); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; } .scroll { overflow-x: auto; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
.yes { color: #00795a; font-weight: 600; } .no { color: #c04f00; font-weight: 600; } .part { color: #8a6d00; font-weight: 600; }
@media (prefers-color-scheme: dark) { .yes { color: #3ad6a6; } .no { color: #ff8a4c; } .part { color: #f6e084; } }
.note { border-left: 4px solid var(--accent); padding: .2rem 0 .2rem 1rem; } a { color: var(--accent); }
";

/// Returns the page as HTML.
pub(super) fn page(provenance: &Provenance, exhibits: &[(Exhibit, String)], claims: &[Claim]) -> String {
    let kind = if provenance.simulated { "simulated spectra" } else { "spectra" };
    let simulated = if provenance.simulated {
        "<p class=\"note\">Every spectrum trained on here is <b>simulated</b>. Where real spectra appear, the caption says so.</p>"
    } else {
        ""
    };
    let facts: String = provenance
        .facts
        .iter()
        .map(|(name, value)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(name), escaped(value)))
        .collect();
    let figures: String = exhibits.iter().map(|(exhibit, csv)| figure(exhibit, csv)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>The paper on {kind}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>Dimensionality reduction of {kind} with variational autoencoders: the paper, redone</h1>\n\
         <p>The figures and tables of Portillo, Parejko, Vergara &amp; Connolly (2020, \
         <a href=\"https://arxiv.org/abs/2002.10464\">arXiv:2002.10464</a>) and of its reproduction by Peng (2025), \
         redrawn by <code>spectrascape reproduce</code>. The numbers of each are beside it as CSV.</p>\n{simulated}\n\
         <h2>The paper's claims, and whether they hold here</h2>\n{}\n{figures}\n\
         <h2>This run</h2>\n<div class=\"scroll\"><table>{facts}</table></div>\n</body>\n</html>\n",
        claims_table(claims)
    )
}

fn figure(exhibit: &Exhibit, csv: &str) -> String {
    let body = match exhibit.drawn {
        true => {
            format!("<a href=\"{0}.svg\"><img src=\"{0}.svg\" alt=\"{1}\"></a>", exhibit.stem, escaped(&exhibit.title))
        }
        false => table(csv),
    };
    format!(
        "<figure id=\"{0}\">\n{body}\n<figcaption><b>{1}: {2}.</b> {3} <a href=\"{0}.csv\">Numbers (CSV)</a></figcaption>\n</figure>\n",
        exhibit.stem,
        escaped(&exhibit.number),
        escaped(&exhibit.title),
        escaped(&exhibit.caption)
    )
}

fn claims_table(claims: &[Claim]) -> String {
    let row = |claim: &Claim| {
        let (class, word) = claim.verdict.label();
        format!(
            "<tr><td>{}</td><td>{}</td><td class=\"{class}\">{word}</td><td>{}</td></tr>\n",
            escaped(&claim.claim),
            escaped(&claim.paper),
            escaped(&claim.here)
        )
    };
    let rows: String = claims.iter().map(row).collect();
    format!(
        "<div class=\"scroll\"><table><thead><tr><th>Claim</th><th>In the paper</th><th>Here</th><th>Result</th></tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>"
    )
}

/// Returns a CSV as an HTML table. Fields in quotes must not contain line breaks; this report writes none.
fn table(csv: &str) -> String {
    let mut lines = csv.lines().map(fields);
    let head: String =
        lines.next().unwrap_or_default().iter().map(|cell| format!("<th>{}</th>", escaped(cell))).collect();
    let rows: String = lines
        .map(|row| {
            let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(&shortened(cell)))).collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect();
    format!("<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody></table></div>")
}

fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut inside) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => inside = !inside,
            ',' if !inside => fields.push(String::new()),
            other => fields.last_mut().expect("never empty").push(other),
        }
    }
    fields
}

/// Returns a decimal number with at most four decimals, and any other text unchanged.
fn shortened(cell: &str) -> String {
    match cell.parse::<f64>() {
        Ok(number) if cell.contains('.') => {
            format!("{number:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => cell.to_owned(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
