//! Where the spectra lie, small, so that they are seen to move where the training is watched.

use leptos::html;
use leptos::prelude::*;

use crate::page::canvas::{follow_size, paint, redraw_on};
use crate::page::context::use_page;
use crate::page::state::AppState;
use crate::page::view::embedding::Cloud;
use crate::plot::{Axis, Theme};
use crate::spectrum::Class;

/// The latents of the newest epoch.
#[component]
pub fn Newest() -> impl IntoView {
    let page = use_page();
    // One latent has no second axis.
    let some =
        Memo::new(move |_| page.state.with(|s| s.training.seen.as_ref().is_some_and(|seen| seen.cloud.dims > 1)));
    view! {
        <Show when=move || some.get()>
            <Miniature at=Signal::derive(|| None) testid="newest-map" />
        </Show>
    }
}

/// The latents of one of the two, small: VAE 1 along x, VAE 2 along y.
#[component]
pub fn Miniature(at: Signal<Option<usize>>, testid: &'static str) -> impl IntoView {
    let page = use_page();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = follow_size(canvas);
    let key = Memo::new(move |_| {
        let serial = page.state.with(|s| seen(s, at.get()).map_or(0, |cloud| cloud.serial));
        (serial, size.get(), page.dark.get())
    });
    redraw_on(key, move || {
        let Some(canvas) = canvas.get_untracked() else { return };
        let (size, theme) = (size.get_untracked(), page.theme());
        let cloud = page.state.with_untracked(|s| seen(s, at.get_untracked()).cloned());
        paint(
            &canvas,
            size,
            |_| (),
            |pen| {
                if let Some(cloud) = &cloud {
                    let _ = draw(pen, cloud, &theme, size.width, size.height);
                }
            },
        );
    });
    let name = Memo::new(move |_| {
        page.state.with(|s| match at.get() {
            Some(index) => s.kept.get(index).map(|kept| format!("Latents of {}", kept.name)).unwrap_or_default(),
            None => {
                s.training.seen.as_ref().map_or_else(String::new, |seen| format!("Latents after epoch {}", seen.epoch))
            }
        })
    });
    view! {
        <figure>
            <figcaption>{move || name.get()}</figcaption>
            <div class="plot mini-plot">
                <canvas node_ref=canvas role="img" data-testid=testid
                    aria-label=move || format!("{}: VAE 1 along x, VAE 2 along y, by class.", name.get())></canvas>
            </div>
        </figure>
    }
}

fn seen(state: &AppState, at: Option<usize>) -> Option<&std::sync::Arc<Cloud>> {
    match at {
        Some(index) => state.kept.get(index)?.seen.as_ref().map(|seen| &seen.cloud),
        None => state.training.seen.as_ref().map(|seen| &seen.cloud),
    }
}

fn draw<DB: plotters_backend::DrawingBackend>(
    pen: &mut crate::plot::Pen<'_, DB>,
    cloud: &Cloud,
    theme: &Theme,
    width: f64,
    height: f64,
) -> crate::plot::Drawn<DB> {
    let second = usize::from(cloud.dims > 1);
    let x: Vec<f32> = cloud.along.iter().step_by(cloud.dims).copied().collect();
    let y: Vec<f32> = cloud.along.iter().skip(second).step_by(cloud.dims).copied().collect();
    let ((x0, x1), (y0, y1)) = (Cloud::view_range(&x), Cloud::view_range(&y));
    let frame = crate::plot::Frame {
        left: 44.0,
        top: 6.0,
        right: width - 6.0,
        bottom: height - 38.0,
        x: Axis::linear(x0, x1),
        y: Axis::linear(y0, y1),
    };
    crate::plot::draw_scatter_axes(pen, theme, &frame, ("VAE 1", if second == 1 { "VAE 2" } else { "VAE 1" }))?;
    // Two thousand points show where the classes lie.
    let step = cloud.len().div_ceil(2000).max(1);
    for row in (0..cloud.len()).step_by(step) {
        let at = (frame.x_at(f64::from(x[row])), frame.y_at(f64::from(y[row])));
        if frame.contains(at.0, at.1) {
            pen.circle(at, 1.2, theme.class(Class::from_code(i32::from(cloud.class[row]))), None)?;
        }
    }
    Ok(())
}
