//! The latent scatter on its canvas: points splatted beneath, axes over them, markers on a canvas of their own.

use std::sync::Arc;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::Clamped;
use web_sys::ImageData;

use super::facts::{names_of, titled, typeset};
use crate::app::canvas::{CanvasSize, follow_size, paint, redraw_on};
use crate::app::cloud::{Cloud, spread};
use crate::app::page::{Page, use_page};
use crate::app::permalink::AxisChoice;
use crate::app::state::{AppState, Source};
use crate::plot::{
    Axis, Colormap, Frame, Marker, MarkerKind, Points, Splat, draw_markers, draw_scatter_axes, nearest,
    nearest_in_direction, splat,
};
use crate::shard::{Catalogue, Manifest, Values};
use crate::spectrum::Class;

/// The two columns that the scatter shows.
#[derive(Clone)]
struct Columns {
    serial: u32,
    axes: (AxisChoice, AxisChoice),
    x: Arc<Vec<f32>>,
    y: Arc<Vec<f32>>,
    range: Range,
}

/// The palette index of every point.
#[derive(Clone)]
pub struct Coloring {
    key: (String, usize),
    index: Arc<Vec<u8>>,
    /// The values at both ends of the scale; none where points are coloured by class.
    bar: Option<(f32, f32)>,
}

/// What is in view: x and y.
type Range = ((f64, f64), (f64, f64));

/// How far from a click a point may lie, CSS pixels.
const REACH: f64 = 24.0;
/// What a press of a zoom button shrinks the view by.
const ZOOM: f64 = 0.6;

impl PartialEq for Columns {
    fn eq(&self, other: &Self) -> bool {
        (self.serial, self.axes) == (other.serial, other.axes)
    }
}

impl PartialEq for Coloring {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Columns {
    fn new(cloud: &Cloud, axes: (AxisChoice, AxisChoice)) -> Self {
        let (x, y) = (cloud.column(axes.0), cloud.column(axes.1));
        let range = (Cloud::view_range(&x), Cloud::view_range(&y));
        Self { serial: cloud.serial, axes, x: Arc::new(x), y: Arc::new(y), range }
    }
}

impl Coloring {
    /// By a column of the catalogue; by class until the catalogue is there.
    fn new(cloud: &Cloud, catalogue: Option<&Catalogue>, color: &str) -> Self {
        let column = catalogue.and_then(|catalogue| catalogue.column(color));
        let Some(values) = column.filter(|values| color != "class" && values.len() == cloud.len()) else {
            let key = ("class".to_owned(), cloud.len());
            return Self { key, index: cloud.class.clone(), bar: None };
        };
        let last_code = names_of(color).map(|names| names.len() as f32 - 1.0);
        let range = last_code.map_or_else(|| color_range(values), |last| (0.0, last));
        let index = (0..values.len())
            // Codes below 0 say that there is none.
            .map(|row| values.get(row).filter(|value| last_code.is_none() || *value >= 0.0).unwrap_or(f32::NAN))
            .map(|value| Colormap::index(value, range))
            .collect();
        Self { key: (color.to_owned(), cloud.len()), index: Arc::new(index), bar: Some(range) }
    }
}

/// All but the outermost percent at either end, so that one odd spectrum does not take all colours.
fn color_range(values: &Values) -> (f32, f32) {
    spread((0..values.len()).filter_map(|row| values.get(row)), 0.01)
}

/// What colours the points, followed as little as it changes.
pub fn follow_coloring(page: Page) -> Memo<Option<Coloring>> {
    let color = Memo::new(move |_| page.state.with(|state| state.link.color.clone()));
    Memo::new(move |_| {
        let cloud = page.cloud.get()?.0;
        let catalogue = page.catalogue.get();
        Some(Coloring::new(&cloud, catalogue.as_ref().map(|catalogue| catalogue.0.as_ref()), &color.get()))
    })
}

impl Coloring {
    /// The names of the codes that colour the points; none for measurements and classes.
    pub fn names(&self) -> Option<&'static [&'static str]> {
        names_of(&self.key.0).filter(|_| self.bar.is_some())
    }
}

/// Title and range of the colour bar; none when points are coloured by class.
pub fn color_bar_of(coloring: &Coloring, manifest: &Manifest) -> Option<(String, (f32, f32))> {
    let info = manifest.columns.iter().find(|column| column.name == coloring.key.0)?;
    let unit = if info.unit.is_empty() { String::new() } else { format!(" / {}", typeset(&info.unit)) };
    Some((format!("{}{unit}", titled(&info.label)), coloring.bar?))
}

/// The scatter.
#[component]
pub fn Scatter() -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let overlay = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let axes = Memo::new(move |_| page.state.with(|state| state.link.axes));
    let columns = Memo::new(move |_| Some(Columns::new(&page.cloud.get()?.0, axes.get())));
    let coloring = follow_coloring(page);
    let zoom = RwSignal::new(None::<Range>);
    let hovered = RwSignal::new(None::<usize>);
    // Other axes, or other latents, are another map.
    Effect::new(move |_| {
        columns.with(|_| ());
        zoom.set(None);
    });
    let frame = Memo::new(move |_| {
        let columns = columns.get()?;
        let CanvasSize { width, height, .. } = size.get();
        let ((x0, x1), (y0, y1)) = zoom.get().unwrap_or(columns.range);
        let (x, y) = (Axis::linear(x0, x1), Axis::linear(y0, y1));
        (width > 120.0).then_some(Frame { left: 52.0, top: 6.0, right: width - 8.0, bottom: height - 42.0, x, y })
    });

    let key = Memo::new(move |_| (columns.get(), coloring.get(), frame.get(), size.get(), page.dark.get()));
    redraw_on(key, move || {
        let (Some(canvas), Some(columns), Some(coloring), Some(frame)) =
            (canvas.get_untracked(), columns.get_untracked(), coloring.get_untracked(), frame.get_untracked())
        else {
            return;
        };
        draw(page, &canvas, size.get_untracked(), &columns, &coloring, frame);
        if !page.state.with_untracked(|state| state.scatter_shown) {
            page.act(|state| state.scatter_shown = true);
        }
    });

    let markers = Memo::new(move |_| page.state.with(markers));
    let marker_key = Memo::new(move |_| (markers.get(), frame.get(), size.get(), page.dark.get()));
    redraw_on(marker_key, move || {
        let (Some(canvas), Some(frame)) = (overlay.get_untracked(), frame.get_untracked()) else { return };
        let markers = markers.get_untracked();
        paint(
            &canvas,
            size.get_untracked(),
            |_| (),
            |pen| {
                let _ = draw_markers(pen, &page.theme(), &frame, &markers);
            },
        );
    });

    let description = Memo::new(move |_| {
        let bar = coloring.get().zip(page.manifest.get()).and_then(|(c, manifest)| color_bar_of(&c, &manifest.0));
        let color = bar.map_or("class".to_owned(), |(title, _)| title);
        let count = page.cloud.get().map_or(0, |cloud| cloud.0.len());
        describe(count, axes.get(), &color)
    });
    let at = move |place: (f64, f64), reach: f64| {
        let columns = columns.get_untracked()?;
        nearest(&frame.get_untracked()?, &columns.x, &columns.y, place, reach, |_| true)
    };
    let zoom_by = move |factor: f64, about: Option<(f64, f64)>| {
        let Some(frame) = frame.get_untracked() else { return };
        let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
        let about = about.unwrap_or(middle);
        zoom.set(Some(zoomed(&frame, factor, about)));
    };

    let pressed = StoredValue::new(None::<Press>);
    let down = move |event: ev::PointerEvent| {
        let place = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        pressed.set_value(Some(Press { place, last: place, moved: false }));
    };
    let moved = move |event: ev::PointerEvent| {
        let place = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        if let Some(mut press) = pressed.get_value() {
            let far = (place.0 - press.place.0).hypot(place.1 - press.place.1) > 4.0;
            press.moved |= far;
            if press.moved
                && event.pointer_type() == "mouse"
                && let Some(frame) = frame.get_untracked()
            {
                zoom.set(Some(panned(&frame, (place.0 - press.last.0, place.1 - press.last.1))));
            }
            press.last = place;
            pressed.set_value(Some(press));
            return;
        }
        hovered.set(at(place, 10.0));
    };
    let up = move |event: ev::PointerEvent| {
        let place = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let press = pressed.get_value();
        pressed.set_value(None);
        if press.is_none_or(|press| press.moved) {
            return;
        }
        select_at(page, frame.get_untracked(), place, at(place, REACH));
    };
    let gone = move |_| {
        pressed.set_value(None);
        hovered.set(None);
    };
    let wheel = move |event: ev::WheelEvent| {
        // The bare wheel scrolls the page; with Ctrl, and so by a pinch, it zooms.
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        event.prevent_default();
        let place = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        zoom_by((event.delta_y() * 0.004).clamp(-0.5, 0.5).exp(), Some(place));
    };
    let keys = move |event: ev::KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowLeft" => (-1.0, 0.0),
            "ArrowRight" => (1.0, 0.0),
            "ArrowUp" => (0.0, -1.0),
            "ArrowDown" => (0.0, 1.0),
            "+" | "=" => return zoom_by(ZOOM, None),
            "-" => return zoom_by(1.0 / ZOOM, None),
            "0" => return zoom.set(None),
            _ => return,
        };
        event.prevent_default();
        let (Some(frame), Some(columns)) = (frame.get_untracked(), columns.get_untracked()) else { return };
        let row = match page.state.with_untracked(|s| s.selection.as_ref().map(|selection| selection.source)) {
            Some(Source::Row(row)) => row,
            _ => return,
        };
        let from = (frame.x_at(f64::from(columns.x[row])), frame.y_at(f64::from(columns.y[row])));
        if let Some(next) = nearest_in_direction(&frame, &columns.x, &columns.y, from, direction, |_| true) {
            page.act(|state| state.select_row(next));
        }
    };

    view! {
        <div class="plot scatter-plot">
            <canvas
                data-testid="scatter" node_ref=canvas tabindex="0" role="img" aria-label=move || description.get()
                on:pointerdown=down on:pointermove=moved on:pointerup=up on:pointerleave=gone on:pointercancel=gone
                on:wheel=wheel on:keydown=keys on:dblclick=move |_| zoom.set(None)
            ></canvas>
            <canvas class="overlay" node_ref=overlay aria-hidden="true"></canvas>
            <div class="zoom" role="group" aria-label="Zoom">
                <button type="button" aria-label="Zoom in" on:click=move |_| zoom_by(ZOOM, None)>"+"</button>
                <button type="button" aria-label="Zoom out" on:click=move |_| zoom_by(1.0 / ZOOM, None)>"−"</button>
                <button type="button" aria-label="Show all" disabled=move || zoom.get().is_none()
                    on:click=move |_| zoom.set(None)>"⤢"</button>
            </div>
            <p class="hover" aria-hidden="true">
                {move || hovered.get().and_then(|row| page.state.with_untracked(|state| name_of(state, row)))}
            </p>
        </div>
    }
}

#[derive(Clone, Copy)]
struct Press {
    place: (f64, f64),
    last: (f64, f64),
    moved: bool,
}

fn draw(
    page: Page,
    canvas: &web_sys::HtmlCanvasElement,
    size: CanvasSize,
    columns: &Columns,
    coloring: &Coloring,
    frame: Frame,
) {
    let theme = page.theme();
    let Some(cloud) = page.state.with_untracked(|state| state.cloud.clone()) else { return };
    // Columns and colours follow the state in their own memos: none is drawn with another's cloud.
    if columns.x.len() != cloud.len() || coloring.index.len() != cloud.len() {
        return;
    }
    let palette = if coloring.bar.is_none() { theme.class_palette() } else { theme.colormap().palette() };
    let crowd = (cloud.len() as f32 / 8000.0).max(0.1);
    let picture = Splat {
        width: ((frame.right - frame.left) * size.ratio).round() as usize,
        height: ((frame.bottom - frame.top) * size.ratio).round() as usize,
        radius: ((1.5 / crowd.powf(0.25)).clamp(0.6, 2.2)) * size.ratio as f32,
        opacity: (0.62 / crowd.powf(0.2)).clamp(0.25, 0.85),
        background: theme.background,
    };
    let points =
        Points { x: &columns.x, y: &columns.y, color: &coloring.index, order: &cloud.order, palette: &palette };
    let pixels = splat(&picture, &frame, &points);
    paint(
        canvas,
        size,
        |context| {
            let image = ImageData::new_with_u8_clamped_array_and_sh(
                Clamped(&pixels),
                picture.width as u32,
                picture.height as u32,
            );
            if let Ok(image) = image {
                let (x, y) = ((frame.left * size.ratio).round(), (frame.top * size.ratio).round());
                let _ = context.put_image_data(&image, x, y);
            }
        },
        |pen| {
            let titles = (columns.axes.0.label(), columns.axes.1.label());
            let _ = draw_scatter_axes(pen, &theme, &frame, (&titles.0, &titles.1));
        },
    );
}

/// Selected point, files and, once the sliders have left the selected point, where they are.
fn markers(state: &AppState) -> Vec<Marker> {
    let Some(cloud) = &state.cloud else { return Vec::new() };
    let axes = state.link.axes;
    let place = |latent: &[f32]| (cloud.position(latent, axes.0), cloud.position(latent, axes.1));
    let mut markers = Vec::new();
    let selected = state.selection.as_ref().map(|selection| selection.source);
    for (index, file) in state.files.iter().enumerate().filter(|(_, file)| file.encoding.mean.len() == cloud.dims) {
        let (x, y) = place(&file.encoding.mean);
        // One name at a time: files of alike galaxies lie close together.
        let is_selected = selected == Some(Source::File(index));
        let label = if is_selected { file.title() } else { String::new() };
        let kind = if is_selected { MarkerKind::SelectedFile } else { MarkerKind::File };
        markers.push(Marker { x, y, kind, label });
    }
    if let Some(Source::Row(row)) = selected
        && row < cloud.len()
    {
        let (x, y) = place(cloud.row(row));
        markers.push(Marker { x, y, kind: MarkerKind::Selected, label: String::new() });
    }
    if state.latent.len() == cloud.dims && (state.selection.is_none() || state.moved()) {
        let (x, y) = place(&state.latent);
        markers.push(Marker { x, y, kind: MarkerKind::Place, label: String::new() });
    }
    markers
}

/// A click near a star selects the file; else the nearest point.
fn select_at(page: Page, frame: Option<Frame>, place: (f64, f64), row: Option<usize>) {
    let Some(frame) = frame else { return };
    let file = page.state.with_untracked(|state| {
        let cloud = state.cloud.as_ref()?;
        let (x, y) = state.link.axes;
        state.files.iter().position(|file| {
            let (fx, fy) = (cloud.position(&file.encoding.mean, x), cloud.position(&file.encoding.mean, y));
            (frame.x_at(f64::from(fx)) - place.0).hypot(frame.y_at(f64::from(fy)) - place.1) < 10.0
        })
    });
    match (file, row) {
        (Some(index), _) => page.act(|state| state.select_file(index)),
        (None, Some(row)) => page.act(|state| state.select_row(row)),
        (None, None) => {}
    }
}

fn zoomed(frame: &Frame, factor: f64, about: (f64, f64)) -> Range {
    let (x, y) = frame.value_at(about.0, about.1);
    let scale = |axis: Axis, fixed: f64| (fixed + (axis.min - fixed) * factor, fixed + (axis.max - fixed) * factor);
    (scale(frame.x, x), scale(frame.y, y))
}

fn panned(frame: &Frame, (dx, dy): (f64, f64)) -> Range {
    let x = dx / (frame.right - frame.left) * (frame.x.max - frame.x.min);
    let y = dy / (frame.bottom - frame.top) * (frame.y.max - frame.y.min);
    ((frame.x.min - x, frame.x.max - x), (frame.y.min + y, frame.y.max + y))
}

fn describe(count: usize, (x, y): (AxisChoice, AxisChoice), color: &str) -> String {
    format!(
        "Scatter of {count} spectra along {} and {}, coloured by {color}. Click selects a spectrum; arrow keys go to the \
         next one.",
        x.label(),
        y.label()
    )
}

fn name_of(state: &AppState, row: usize) -> Option<String> {
    let cloud = state.cloud.as_ref()?;
    let class = Class::from_code(i32::from(*cloud.class.get(row)?)).name();
    let value = |name: &str| state.catalogue.as_ref()?.integers(name)?.get(row).copied();
    Some(match (value("plate"), value("mjd"), value("fiber")) {
        (Some(plate), Some(mjd), Some(fiber)) => format!("{plate}-{mjd}-{fiber} · {class}"),
        _ => class.to_owned(),
    })
}
