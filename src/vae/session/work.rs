//! The pieces of a training's work.

use super::{
    EpochLatents, Follow, LinearStage, Pace, SessionError, SessionEvent, TrainingSession, TrainingState, Until,
};
use crate::vae::backend::Backend;
use crate::vae::epoch_encoder::EpochEncoder;
use crate::vae::linear_baseline::LinearBaselineFit;
use crate::vae::model_card::EpochReport;
use crate::vae::training::Outcome;

/// The next piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Encode,
    LinearBaseline,
    Batches,
}

impl<B: Backend> TrainingSession<B> {
    /// Returns whether there is something to do that does not wait for spectra.
    pub fn can_work(&self) -> bool {
        self.piece().is_some()
    }

    /// Returns whether it would go on, were its spectra there.
    pub fn waits_for_spectra(&self) -> bool {
        self.state == TrainingState::Running && self.piece().is_none()
    }

    /// Does one piece of work and returns what it brought about. `now` is a clock in milliseconds, which only measures.
    ///
    /// # Errors
    ///
    /// A loss that is no number, and a failure of the backend.
    pub async fn advance(&mut self, now: impl Fn() -> f64) -> Result<Vec<SessionEvent>, SessionError> {
        match self.piece() {
            None => Ok(Vec::new()),
            Some(Piece::Encode) => self.encode().await,
            Some(Piece::LinearBaseline) => Ok(self.fit_linear_baseline().into_iter().collect()),
            Some(Piece::Batches) => self.batches(now).await,
        }
    }

    /// Returns whether the next piece encodes spectra.
    pub(super) fn is_encoding(&self) -> bool {
        self.piece() == Some(Piece::Encode)
    }

    fn piece(&self) -> Option<Piece> {
        let whole = self.set.len() == self.total;
        if self.encoder.is_some() {
            // Even while paused: weights that it starts with are to be seen, and spectra that came late.
            return (whole && self.state != TrainingState::Loading).then_some(Piece::Encode);
        }
        if self.state != TrainingState::Running {
            return None;
        }
        if let LinearStage::Fitting(_) = self.linear_baseline {
            return Some(Piece::LinearBaseline);
        }
        if self.training_loop.is_finished() {
            return None;
        }
        self.training_loop.needs().is_some_and(|row| row < self.set.len()).then_some(Piece::Batches)
    }

    async fn batches(&mut self, now: impl Fn() -> f64) -> Result<Vec<SessionEvent>, SessionError> {
        let start = now();
        let most = if self.until == Until::OneStep { 1 } else { self.backend.max_in_flight() };
        let position = self.training_loop.position();
        let mut batches = 0;
        while batches < most && self.training_loop.needs().is_some_and(|row| row < self.set.len()) {
            let Some(batch) = self.training_loop.next_batch() else { break };
            self.backend.enqueue(&self.set, batch).await?;
            batches += 1;
        }
        let losses = self.backend.losses().await?;
        // Batches of validation are not measured: they are not what a training step costs.
        if position.step < position.steps {
            let took = now() - start;
            self.pace.busy += took;
            self.pace.steps += batches as u32;
            self.pace.newest = took / batches.max(1) as f64;
        }
        let mut events = Vec::new();
        for terms in losses {
            match self.training_loop.record_losses(terms)? {
                Outcome::Batch(terms) => self.newest = terms,
                Outcome::Epoch { report, best } => events.extend(self.end_epoch(report, best).await?),
            }
        }
        if self.until == Until::OneStep && self.state == TrainingState::Running {
            self.state = TrainingState::Paused;
            self.unsaved = true;
            events.push(SessionEvent::State(self.state));
        }
        Ok(events)
    }

    async fn end_epoch(&mut self, report: EpochReport, best: bool) -> Result<Vec<SessionEvent>, SessionError> {
        if best {
            self.best = self.backend.state().await?.parameters;
        }
        if self.training_loop.is_finished() && self.training_loop.best() > 0 {
            // After the last epoch it is the best state that decodes, so its latents are the ones to show.
            self.backend.set_parameters(&self.best).await?;
        }
        self.ends_epoch = true;
        self.unsaved = true;
        let ms_per_step = self.pace.busy / f64::from(self.pace.steps.max(1));
        self.pace = Pace { newest: self.pace.newest, ..Pace::default() };
        let mut events = vec![SessionEvent::Epoch { report, best, ms_per_step }];
        match self.follow {
            Follow::Losses => events.extend(self.settle()),
            Follow::Latents { .. } => self.encoder = Some(EpochEncoder::default()),
        }
        Ok(events)
    }

    async fn encode(&mut self) -> Result<Vec<SessionEvent>, SessionError> {
        let Some(encoder) = &mut self.encoder else { return Ok(Vec::new()) };
        if !encoder.advance(&mut self.backend, &self.set, self.total).await? {
            return Ok(Vec::new());
        }
        let Some(encoder) = self.encoder.take() else { return Ok(Vec::new()) };
        let watched = self.backend.reconstruct(&self.set, self.follow.watch()).await?;
        let epoch = self.training_loop.history().len();
        let variance = encoder.variance();
        let latents = EpochLatents { epoch, latents: encoder.latents, variance, watched };
        if matches!(self.linear_baseline, LinearStage::Later) {
            let train = &self.training_loop.split().train;
            let fit = LinearBaselineFit::new(&self.set, train, self.training_loop.config());
            self.linear_baseline = LinearStage::Fitting(Box::new(fit));
        }
        let mut events = vec![SessionEvent::Latents(Box::new(latents))];
        events.extend(self.settle());
        Ok(events)
    }

    /// Finishes or pauses, where the end of an epoch is the time to.
    fn settle(&mut self) -> Option<SessionEvent> {
        if self.state != TrainingState::Running {
            return None;
        }
        if self.training_loop.is_finished() {
            self.state = TrainingState::Finished;
        } else if self.ends_epoch && matches!(self.until, Until::EndOfEpoch | Until::EpochEncoded) {
            self.state = TrainingState::Paused;
            self.unsaved |= self.until == Until::EpochEncoded;
        } else {
            return None;
        }
        Some(SessionEvent::State(self.state))
    }

    fn fit_linear_baseline(&mut self) -> Option<SessionEvent> {
        let LinearStage::Fitting(fit) = &mut self.linear_baseline else { return None };
        let valid = &self.training_loop.split().valid;
        let baseline = fit.advance(&self.set, valid, self.follow.watch(), self.training_loop.config())?;
        self.linear_baseline = LinearStage::Done;
        Some(SessionEvent::LinearBaseline(Box::new(baseline)))
    }
}
