//! The components of the page, one file each.

mod chart_plot;
mod choosers;
mod colors;
mod corner;
mod draws;
mod drop_zone;
mod facts;
mod find_object;
mod header;
mod host_consent;
mod hover_card;
mod legend;
mod lessons;
mod menu;
mod neighbours;
mod noise;
mod notice;
mod object;
mod outliers;
mod own_catalogues;
mod own_details;
mod own_questions;
mod own_spectra;
mod own_table;
mod panel;
mod paths;
mod pca;
mod peek;
mod picked_panel;
mod row_button;
mod row_keys;
mod save_menu;
mod scatter;
mod scatter_controls;
mod scrolling;
mod share;
mod simulator_panel;
mod sliders;
mod spectrum;
mod training;

use leptos::prelude::*;

use super::context::use_page;
use super::permalink::View;
use super::state::AppState;
use corner::Corner;
use drop_zone::DropZone;
use find_object::FindObject;
use header::{FrameBar, Header};
use host_consent::HostConsent;
use legend::Legend;
use lessons::LessonCard;
use notice::Notice;
use panel::Panel;
use peek::PeekBar;
use scatter::Scatter;
use scatter_controls::ScatterControls;
use sliders::Sliders;
use spectrum::Spectrum;
use training::{GoOn, TrainingPanel};

/// Renders the whole page.
#[component]
pub fn App() -> impl IntoView {
    let page = use_page();
    colors::follow_scheme(page);
    let (embed, view) = page.state.with_untracked(|state| (state.link().embed, state.link().view));
    let train = NodeRef::<leptos::html::Section>::new();
    Effect::new(move |_| {
        if let Some(section) = train.get().filter(|_| view == View::Train) {
            section.scroll_into_view();
        }
    });
    let whose = Memo::new(move |_| page.state.with(AppState::whose_latents));
    view! {
        <div class="page" class:embed=embed>
            {if embed { view! { <FrameBar /> }.into_any() } else { view! { <Header /> }.into_any() }}
            <HostConsent />
            <Notice />
            {(!embed).then(|| view! { <GoOn /> })}
            <main class="board">
                <div class="column">
                    <section class="card map" aria-labelledby="map-title">
                        <div class="card-head">
                            <h2 id="map-title">"Latent space " <span class="sub">{move || whose.get()}</span></h2>
                            <ScatterControls />
                        </div>
                        <Scatter />
                        <Legend />
                        <FindObject />
                    </section>
                    <section class="card corners" aria-labelledby="corner-title">
                        <Corner />
                    </section>
                </div>
                <div class="column">
                    <section class="card light" aria-labelledby="light-title">
                        <Spectrum />
                    </section>
                    <section class="card dials" aria-labelledby="dials-title">
                        <Sliders />
                    </section>
                    <section class="card about" aria-label="More about the spectra">
                        <Panel />
                    </section>
                </div>
                <section class="card school" aria-labelledby="school-title" node_ref=train>
                    <TrainingPanel />
                </section>
            </main>
            {(!embed).then(footer)}
            <PeekBar />
            <DropZone />
            <LessonCard />
        </div>
    }
}

fn footer() -> impl IntoView {
    let page = use_page();
    let provenance = Memo::new(move |_| {
        page.state.with(|s| s.manifest().map(|m| (m.title.clone(), m.provenance.clone(), m.license.clone())))
    });
    let site_license = Memo::new(move |_| {
        let license = page.state.with(|s| s.library().map(|library| library.license.clone()));
        license.filter(|license| !license.is_empty())
    });
    view! {
        <footer class="foot">
            <p>
                "The model is the InfoVAE of "
                <a href="https://arxiv.org/abs/2002.10464">"Portillo, Parejko, Vergara & Connolly (2020)"</a>
                ". Everything runs in this browser; no spectrum leaves it."
            </p>
            {move || provenance.get().map(|(title, provenance, license)| view! {
                <p>{title}". "{provenance}" Licence: "{license}"."</p>
            })}
            {move || site_license.get().map(|license| view! { <p>"Licence of this site: "{license}"."</p> })}
        </footer>
    }
}
