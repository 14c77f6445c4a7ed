//! The table of the user's spectra: reading in batches, what a row says, sorting, picks, and the files it is saved as.

use std::sync::Arc;

use spectrascape::latent::{Densities, OutlierFactors};
use spectrascape::numerics::k_d_tree::NeighbourTree;
use spectrascape::page::view::coloring::Coloring;
use spectrascape::page::view::own_cells::cells;
use spectrascape::page::view::own_export::own_table_file;
use spectrascape::page::view::own_points::own_points;
use spectrascape::page::view::own_table::{Against, OwnColumn, OwnOrder, OwnRow, OwnRows, OwnTable};
use spectrascape::page::view::scatter_layers::{Plane, markers};
use spectrascape::page::{AppState, Columns, FileChange, Neighbourhood, ReadingProgress, Scores, Source};
use spectrascape::plot::{MarkerKind, Theme};
use spectrascape::protocol::{ExploreCommand, ExploreEvent, Request};
use spectrascape::spectrum::Class;

use crate::page::fixture::*;

fn encodes(requests: &[Request<ExploreCommand>]) -> Vec<u32> {
    let is = |request: &&Request<ExploreCommand>| matches!(request.command, ExploreCommand::EncodeFile { .. });
    requests.iter().filter(is).map(|request| request.id).collect()
}

/// Drops files and reads them all, each with the latents of a row of the set.
fn read(state: &mut AppState, names: &[&str]) {
    state.on_files_dropped(names.len());
    for name in names {
        state.add_file((*name).to_owned(), name.as_bytes().to_vec());
    }
    state.on_files_added();
    let mut done = state.files().len();
    loop {
        let asked = encodes(&state.take_outbox());
        if asked.is_empty() {
            return;
        }
        for id in asked {
            let latent = state.embedding().expect("a set").row(10 * done).to_vec();
            answer(state, id, file_encoded(names[done], 0.1 + 0.01 * done as f64, &latent));
            done += 1;
        }
    }
}

fn around(state: &AppState) -> Neighbourhood {
    Neighbourhood::new(state.embedding().expect("a set")).expect("it fits")
}

fn scores(state: &AppState) -> Arc<Scores> {
    let cloud = state.embedding().expect("a set");
    let factors = OutlierFactors::fit(NeighbourTree::new(&cloud.mean, cloud.dims).unwrap(), 20).unwrap();
    let single = |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
    let densities = Densities::new(single(factors.k_distance()), single(factors.density()));
    Arc::new(Scores::new(single(&factors.scores), densities, cloud.dims))
}

fn rows(
    state: &AppState,
    table: &mut OwnTable,
    neighbourhood: &Neighbourhood,
    scores: Option<&Arc<Scores>>,
) -> OwnRows {
    let (cloud, catalogue) = (state.embedding(), state.catalogue());
    table.rows(state.files(), Against { cloud, neighbourhood: Some(neighbourhood), scores, catalogue })
}

#[test]
fn a_batch_is_counted_sent_a_few_at_a_time_and_only_its_first_comes_on_screen() {
    let mut state = opened("");
    state.take_outbox();
    let names: Vec<String> = (0..40).map(|i| format!("{i}.fits")).collect();
    state.on_files_dropped(names.len());
    assert_eq!(state.reading(), Some(ReadingProgress { done: 0, total: 40 }));
    for name in &names {
        state.add_file(name.clone(), name.as_bytes().to_vec());
    }
    state.on_files_added();
    let (mut asked, mut done) = (encodes(&state.take_outbox()), 0);
    assert_eq!(asked.len(), 4, "the sliders do not wait behind forty files");
    while let Some(id) = asked.pop() {
        answer(&mut state, id, file_encoded(&names[done], 0.1, &[0.0; DIMS]));
        done += 1;
        let left = state.reading();
        assert_eq!(left, (done < 40).then_some(ReadingProgress { done, total: 40 }));
        assert_eq!(state.selection().map(|selection| selection.source), Some(Source::File(0)));
        asked.extend(encodes(&state.take_outbox()));
    }
    assert_eq!((done, state.files().len()), (40, 40));

    state.on_files_dropped(30);
    for i in 40..70 {
        state.add_file(format!("{i}.fits"), vec![i]);
    }
    let under_way = encodes(&state.take_outbox());
    state.stop_reading();
    assert!(state.reading_is_stopped());
    for id in under_way {
        answer(&mut state, id, file_encoded("late.fits", 0.1, &[0.0; DIMS]));
    }
    assert_eq!((state.reading(), state.files().len()), (None, 44), "what was under way is listed");
    assert!(encodes(&state.take_outbox()).is_empty());
    state.clear_files();
    assert!(state.files().is_empty() && state.reading().is_none());
    state.on_files_dropped(1);
    assert!(!state.reading_is_stopped(), "the next drop is read again");
}

#[test]
fn a_row_is_made_once_a_model_and_its_neighbours_are_looked_up_once() {
    let mut state = opened("");
    let names: Vec<String> = (0..50).map(|i| format!("{i}.fits")).collect();
    read(&mut state, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let (near, mut table) = (around(&state), OwnTable::default());
    let first = rows(&state, &mut table, &near, None);
    assert_eq!(table.searches(), 50);
    state.set_latent(0, 0.7);
    let again = rows(&state, &mut table, &near, None);
    assert!(first == again && table.searches() == 50, "a slider costs nothing");
    let scores = scores(&state);
    let scored = rows(&state, &mut table, &near, Some(&scores));
    assert!(scored != first && table.searches() == 50, "factors need no other search");
    state.redo_with_redshift(7, 0.2);
    let id = encodes(&state.take_outbox())[0];
    let latent = state.embedding().unwrap().row(3).to_vec();
    answer(&mut state, id, file_encoded("7.fits", 0.2, &latent));
    let redone = rows(&state, &mut table, &near, Some(&scores));
    let changed = |(a, b): &(&Arc<OwnRow>, &Arc<OwnRow>)| !Arc::ptr_eq(a, b);
    assert_eq!(scored.0.iter().zip(redone.0.iter()).filter(changed).count(), 1);
    assert_eq!((table.searches(), redone.0[7].redshift), (51, 0.2));
}

#[test]
fn a_row_says_what_the_set_says_of_it() {
    let mut latents = latents();
    latents.chi2 = Some((0..COUNT).map(|row| row as f32 / 100.0).collect());
    let mut state = opened_with("", latents);
    read(&mut state, &["a.fits"]);
    let (near, scores) = (around(&state), scores(&state));
    let row = rows(&state, &mut OwnTable::default(), &near, Some(&scores)).0[0].clone();
    // Its latents are those of row 0, its chi-squared is 1: 0.00 to 0.99 are smaller.
    let nearest = row.nearest.expect("there is one");
    assert_eq!((nearest.row, nearest.distance, row.nearest_name.as_str()), (0, 0.0, "266-51602-1"));
    assert!((row.percentile.unwrap() - 100.0 * 100.0 / COUNT as f32).abs() < 1e-3);
    let factors = OutlierFactors::fit(NeighbourTree::new(&state.embedding().unwrap().mean, DIMS).unwrap(), 20).unwrap();
    let expected = factors.score_new(state.embedding().unwrap().row(0))[0];
    assert!((f64::from(row.factor.unwrap()) - expected).abs() < 1e-4 * expected);
    let vote = row.vote.expect("neighbours vote");
    assert!(vote.of == 15 && vote.votes >= 4);

    let text: Vec<(OwnColumn, String)> = cells(&row).into_iter().map(|(column, cell)| (column, cell.text)).collect();
    let of = |column: OwnColumn| text.iter().find(|(other, _)| *other == column).map(|(_, text)| text.as_str());
    assert_eq!((of(OwnColumn::Redshift), of(OwnColumn::Trial)), (Some("0.1000"), Some("–")));
    assert_eq!((of(OwnColumn::Chi2), of(OwnColumn::Reason)), (Some("1.00"), Some("…")));
    assert_eq!(of(OwnColumn::Around), Some(vote.class.name()));
}

#[test]
fn reasons_are_looked_for_once_the_table_is_seen_and_one_at_a_time() {
    let mut state = opened("");
    read(&mut state, &["a.fits", "b.fits"]);
    assert!(state.take_outbox().is_empty(), "nobody looks at them");
    state.judge_files();
    let requests = state.take_outbox();
    assert_eq!(names(&requests), ["OutlierFactors", "Explain"]);
    let explained = |reasons: &[&str]| ExploreEvent::Explained {
        reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
        encoding: encoding(&[0.0; DIMS]),
    };
    answer(&mut state, requests[1].id, explained(&["a star in front"]));
    assert_eq!(state.files()[0].reasons, Some(vec!["a star in front".to_owned()]));
    let next = state.take_outbox();
    assert_eq!(names(&next), ["Explain"]);
    fails(&mut state, next[0].id);
    assert_eq!(state.files()[1].reasons, Some(Vec::new()));
    assert!(state.take_outbox().is_empty() && state.errors().is_empty());
}

#[test]
fn the_table_is_sorted_by_any_column_and_what_has_no_value_comes_last() {
    let mut state = opened("");
    read(&mut state, &["spec-10.fits", "spec-9.fits", "spec-1.fits"]);
    let near = around(&state);
    let all = rows(&state, &mut OwnTable::default(), &near, None);
    let order = |order: OwnOrder| {
        let mut rows = all.0.to_vec();
        order.sort(&mut rows);
        rows.iter().map(|row| row.index).collect::<Vec<_>>()
    };
    let by = OwnOrder::default().after_click(OwnColumn::Name);
    assert_eq!(order(OwnOrder::default()), [0, 1, 2]);
    assert_eq!(order(by), [2, 1, 0], "9 before 10");
    assert_eq!(order(by.after_click(OwnColumn::Name)), [0, 1, 2]);
    assert_eq!(by.after_click(OwnColumn::Name).after_click(OwnColumn::Name), OwnOrder::default());
    for (column, ..) in OwnColumn::ALL {
        let up = OwnOrder { column: Some(column), descending: false };
        let mut found = order(up);
        found.sort_unstable();
        assert_eq!(found, [0, 1, 2], "{column:?}");
    }
    let mut rows: Vec<Arc<OwnRow>> = all.0.to_vec();
    rows[1] = Arc::new(OwnRow { factor: Some(2.0), ..rows[1].as_ref().clone() });
    for descending in [false, true] {
        let mut sorted = rows.clone();
        OwnOrder { column: Some(OwnColumn::Factor), descending }.sort(&mut sorted);
        assert_eq!(sorted[0].index, 1);
    }
}

#[test]
fn the_table_is_saved_with_its_columns_described() {
    let mut state = opened("");
    read(&mut state, &["a,b.fits"]);
    let near = around(&state);
    let rows = rows(&state, &mut OwnTable::default(), &near, None);
    let csv = own_table_file(&state, &rows.0, false);
    let lines: Vec<&str> = csv.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(lines[0].starts_with("id,file,redshift,redshift_from,redshift_file,redshift_trial"), "{}", lines[0]);
    assert!(lines[0].ends_with("latent_5,latent_6") && lines.len() == 2);
    assert!(lines[1].contains("\"a,b.fits\"") && lines[1].contains(",nan,"), "{}", lines[1]);
    let votable = own_table_file(&state, &rows.0, true);
    let document = roxmltree::Document::parse(&votable).expect("it is XML");
    let fields: Vec<_> = document.descendants().filter(|node| node.has_tag_name("FIELD")).collect();
    let names: Vec<&str> = fields.iter().map(|field| field.attribute("name").expect("a name")).collect();
    assert_eq!(names.join(","), lines[0]);
    assert!(fields.iter().all(|field| field.attribute("ID").is_none()), "astropy would take an ID for the name");
}

#[test]
fn own_points_have_the_colours_of_the_set_and_are_picked_with_it() {
    let mut state = opened("#axes=c:redshift,l1");
    read(&mut state, &["a.fits", "b.fits"]);
    let near = around(&state);
    let rows = rows(&state, &mut OwnTable::default(), &near, None);
    let cloud = state.embedding().unwrap().clone();
    let catalogue = state.catalogue().unwrap().clone();
    let columns = Columns::along(&cloud, state.link().axes.clone(), Some(&catalogue), None).unwrap();
    let points = |state: &AppState, column: &str| {
        let coloring = Coloring::new(&cloud, Some(&catalogue), None, column, None);
        let plane = Plane::of(state, &columns, None).unwrap();
        let picked = state.picked().map(|picked| picked.own.clone());
        let picked = picked.as_ref().map(|keys| keys.as_slice());
        own_points(state.files(), &rows.0, &plane, &coloring, picked, &Theme::LIGHT)
    };
    let by_class = points(&state, "class");
    assert_eq!(by_class[0].color, Theme::LIGHT.class(state.files()[0].class));
    let (x, y) = by_class[1].at.expect("it has latents");
    assert!((x - 0.11).abs() < 1e-6, "its own redshift, and not its neighbour's: {x}");
    assert_eq!(y, cloud.row(10)[0]);
    let scale = Theme::LIGHT.colormap();
    let by_redshift = points(&state, "redshift");
    assert!((0..=1000).any(|step| scale.at(f64::from(step) / 1000.0) == by_redshift[0].color));
    assert_eq!(points(&state, "width")[0].color, Theme::LIGHT.class(Class::Unknown), "it has no line width");

    state.pick_with_own(vec![4, 5], &[1, 9], false);
    let picked = state.picked().expect("a pick");
    assert_eq!((picked.count(), picked.own.len()), (3, 1), "there is no tenth");
    let drawn = points(&state, "class");
    assert!(drawn[1].color == by_class[1].color && drawn[0].color != by_class[0].color, "the others are faint");
    state.toggle_picked(4);
    assert_eq!(state.picked().map(|picked| picked.count()), Some(2));
    state.pick_with_own(Vec::new(), &[0], true);
    assert_eq!(state.picked().map(|picked| picked.own.len()), Some(2));

    let plane = Plane::of(&state, &columns, None).unwrap();
    let kinds: Vec<MarkerKind> = markers(&state, &plane, &drawn).iter().map(|marker| marker.kind).collect();
    assert_eq!(kinds, [MarkerKind::Own(drawn[1].color), MarkerKind::SelectedFile], "the first is selected");
}

#[test]
fn files_are_kept_for_the_next_visit_until_they_are_taken_off_the_list() {
    let mut state = opened("");
    read(&mut state, &["a.fits", "dir/b.fits"]);
    let kept = state.take_file_changes();
    let keys: Vec<String> = kept
        .iter()
        .map(|change| match change {
            FileChange::Keep(key, bytes) => {
                assert!(key.starts_with(std::str::from_utf8(bytes).unwrap()), "{key}");
                key.clone()
            }
            FileChange::Forget(key) => panic!("{key}"),
        })
        .collect();
    assert!(keys.len() == 2 && state.take_file_changes().is_empty());
    state.remove_file(0);
    assert_eq!(state.take_file_changes(), [FileChange::Forget(keys[0].clone())]);

    let mut state = opened("");
    let (selected, batch) = (state.selection().map(|selection| selection.source), state.batch());
    state.restore_files(vec![(keys[1].clone(), b"dir/b.fits".to_vec())]);
    let asked = encodes(&state.take_outbox());
    answer(&mut state, asked[0], file_encoded("dir/b.fits", 0.1, &[0.0; DIMS]));
    assert_eq!((state.files().len(), state.batch()), (1, batch));
    assert_eq!(state.selection().map(|selection| selection.source), selected, "the link's spectrum stays on screen");
    assert!(state.take_file_changes().is_empty(), "it is kept already");
    state.clear_files();
    assert_eq!(state.take_file_changes(), [FileChange::Forget(keys[1].clone())]);
}

#[test]
fn a_redrock_file_is_kept_with_its_coadd_and_forgotten_with_it() {
    let mut state = opened("");
    let names = |changes: Vec<FileChange>| -> Vec<String> {
        let named = |change| match change {
            FileChange::Keep(key, _) => format!("keep {}", key.rsplit_once('/').unwrap().0),
            FileChange::Forget(key) => format!("forget {}", key.rsplit_once('/').unwrap().0),
        };
        changes.into_iter().map(named).collect()
    };
    state.on_files_dropped(1);
    state.add_file("redrock-1-7.fits".to_owned(), vec![1]);
    state.on_files_added();
    assert!(state.take_file_changes().is_empty(), "it is of no use without its coadd");
    read(&mut state, &["coadd-1-7.fits"]);
    assert_eq!(names(state.take_file_changes()), ["keep coadd-1-7.fits", "keep redrock-1-7.fits"]);
    state.clear_files();
    assert_eq!(names(state.take_file_changes()), ["forget coadd-1-7.fits", "forget redrock-1-7.fits"]);
}
