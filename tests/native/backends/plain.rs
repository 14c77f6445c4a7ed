//! The paper's network by plain loops in double precision, its derivatives by hand: what a backend is held against at sizes that no
//! fixture has. It is itself held against the fixture, which NumPy made.

use spectrascape::vae::VaeConfig;
use spectrascape::vae::objective::{LossTerms, MmdTerm, TermWeights};
use spectrascape::vae::parameters::{Layout, Slot};

/// A forward pass and its derivatives.
pub struct Pass {
    /// `[n * d]` of q(z|x).
    pub mean: Vec<f64>,
    pub log_var: Vec<f64>,
    pub terms: LossTerms,
    /// As [`Layout`] has it.
    pub gradient: Vec<f64>,
}

/// A training by Adam.
pub struct Plain {
    pub parameters: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    step: i32,
}

impl Plain {
    pub fn new(parameters: &[f32]) -> Self {
        let zeros = vec![0.0; parameters.len()];
        Self { parameters: widened(parameters), first: zeros.clone(), second: zeros, step: 0 }
    }

    /// Does one step (Kingma & Ba 2015, algorithm 1) and returns the pass before it.
    pub fn train(&mut self, config: &VaeConfig, inputs: [&[f32]; 4], learning_rate: f64) -> Pass {
        let [x, weight, noise, prior] = inputs;
        let pass = pass(config, &self.parameters, x, weight, Some(noise), prior);
        self.step += 1;
        for (at, g) in pass.gradient.iter().enumerate() {
            self.first[at] = 0.9 * self.first[at] + 0.1 * g;
            self.second[at] = 0.999 * self.second[at] + 0.001 * g * g;
            let mean = self.first[at] / (1.0 - 0.9_f64.powi(self.step));
            let square = self.second[at] / (1.0 - 0.999_f64.powi(self.step));
            self.parameters[at] -= learning_rate * mean / (square.sqrt() + 1e-8);
        }
        pass
    }
}

/// Goes forward and back. `x` and `weight` are `[n * pixels]`, `noise` `[n * d]`, `prior` `[m * d]`.
pub fn pass(
    config: &VaeConfig,
    parameters: &[f64],
    x: &[f32],
    weight: &[f32],
    noise: Option<&[f32]>,
    prior: &[f32],
) -> Pass {
    let &VaeConfig { pixels, latents, negative_slope, variational, .. } = config;
    let (x, weight, prior) = (widened(x), widened(weight), widened(prior));
    let noise = noise.filter(|_| variational).map(widened);
    let (spectra, slope) = (x.len() / pixels, f64::from(negative_slope));
    let n = spectra as f64;
    let Layout { layers: [e0, e1, heads, d0, d1, d2], len, .. } = Layout::new(config);
    let hidden = |slot: Slot, x: &[f64]| hidden(parameters, slot, x, slope);
    let hidden1 = hidden(e0, &x);
    let hidden2 = hidden(e1, &hidden1);
    let posterior = forward(parameters, heads, &hidden2);
    let part = |from: usize| -> Vec<f64> {
        posterior.chunks_exact(2 * latents).flat_map(|row| row[from..from + latents].to_vec()).collect()
    };
    let (mean, log_var) = (part(0), part(latents));
    let drawn = |at: usize, noise: &[f64]| mean[at] + noise[at] * (0.5 * log_var[at]).exp();
    let latent: Vec<f64> = match &noise {
        Some(noise) => (0..mean.len()).map(|at| drawn(at, noise)).collect(),
        None => mean.clone(),
    };
    let hidden3 = hidden(d0, &latent);
    let hidden4 = hidden(d1, &hidden3);
    let decoded = forward(parameters, d2, &hidden4);

    let error = || decoded.iter().zip(&x).zip(&weight);
    let reconstruction = error().map(|((decoded, x), w)| w * (decoded - x).powi(2) / 2.0).sum::<f64>() / n;
    let d_decoded: Vec<f64> = error().map(|((decoded, x), w)| w * (decoded - x) / n).collect();
    let kl = mean.iter().zip(&log_var).map(|(m, v)| (m * m + v.exp() - v - 1.0) / 2.0).sum::<f64>() / n;
    let (plain_mmd, d_mmd) = if variational { mmd(&latent, &prior, latents) } else { (0.0, vec![0.0; latent.len()]) };
    let terms = LossTerms::of_batch(config, spectra, reconstruction, kl, plain_mmd);

    let mut gradient = vec![0.0; len];
    let mut back = |slot: Slot, x: &[f64], d: &[f64]| backward(parameters, slot, x, d, &mut gradient);
    let gate = |d: Vec<f64>, activated: &[f64]| -> Vec<f64> {
        d.into_iter().zip(activated).map(|(d, a)| if *a > 0.0 { d } else { slope * d }).collect()
    };
    let d_hidden4 = gate(back(d2, &hidden4, &d_decoded), &hidden4);
    let d_hidden3 = gate(back(d1, &hidden3, &d_hidden4), &hidden3);
    let d_latent = back(d0, &latent, &d_hidden3);
    let weights = TermWeights::new(config);
    let (of_kl, of_mmd) =
        (f64::from(weights.kl) / n, f64::from(weights.mmd) * f64::from(MmdTerm::new(config, spectra).scale));
    let mut d_posterior = vec![0.0; posterior.len()];
    for at in 0..latent.len() {
        let row = at / latents * 2 * latents + at % latents;
        let d = d_latent[at] + of_mmd * d_mmd[at];
        d_posterior[row] = d + of_kl * mean[at];
        if variational {
            let spread = noise.as_ref().map_or(0.0, |noise| 0.5 * noise[at] * (0.5 * log_var[at]).exp());
            d_posterior[row + latents] = d * spread + of_kl * (log_var[at].exp() - 1.0) / 2.0;
        }
    }
    let d_hidden2 = gate(back(heads, &hidden2, &d_posterior), &hidden2);
    let d_hidden1 = gate(back(e1, &hidden1, &d_hidden2), &hidden1);
    back(e0, &x, &d_hidden1);
    Pass { mean, log_var, terms, gradient }
}

/// Returns what latents `[n * d]` decode to, `[n * pixels]`.
pub fn decode(config: &VaeConfig, parameters: &[f64], latent: &[f64]) -> Vec<f64> {
    let [.., d0, d1, d2] = Layout::new(config).layers;
    let slope = f64::from(config.negative_slope);
    let hidden3 = hidden(parameters, d0, latent, slope);
    forward(parameters, d2, &hidden(parameters, d1, &hidden3, slope))
}

fn hidden(parameters: &[f64], slot: Slot, x: &[f64], slope: f64) -> Vec<f64> {
    forward(parameters, slot, x).into_iter().map(|a| if a > 0.0 { a } else { slope * a }).collect()
}

/// Returns x W + b, `[n * out]`.
fn forward(parameters: &[f64], slot: Slot, x: &[f64]) -> Vec<f64> {
    let mut out = Vec::with_capacity(x.len() / slot.inputs * slot.outputs);
    for row in x.chunks_exact(slot.inputs) {
        let mut sums = parameters[slot.bias..slot.bias + slot.outputs].to_vec();
        for (x, weights) in row.iter().zip(parameters[slot.weight..slot.bias].chunks_exact(slot.outputs)) {
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += x * weight);
        }
        out.extend(sums);
    }
    out
}

/// Adds the derivatives in a layer's weight and bias to `gradient`, and returns those in its input, d W'.
fn backward(parameters: &[f64], slot: Slot, x: &[f64], d: &[f64], gradient: &mut [f64]) -> Vec<f64> {
    let mut d_x = Vec::with_capacity(x.len());
    for (x, d) in x.chunks_exact(slot.inputs).zip(d.chunks_exact(slot.outputs)) {
        gradient[slot.bias..slot.bias + slot.outputs].iter_mut().zip(d).for_each(|(sum, d)| *sum += d);
        let of_weight = gradient[slot.weight..slot.bias].chunks_exact_mut(slot.outputs);
        let weight = parameters[slot.weight..slot.bias].chunks_exact(slot.outputs);
        for ((x, of_weight), weight) in x.iter().zip(of_weight).zip(weight) {
            of_weight.iter_mut().zip(d).for_each(|(sum, d)| *sum += x * d);
            d_x.push(weight.iter().zip(d).map(|(weight, d)| weight * d).sum());
        }
    }
    d_x
}

/// Returns mean k(z, z') + mean k(p, p') - 2 mean k(z, p) with k(x, y) = exp(-mean (x - y)^2), and its derivatives in z.
fn mmd(latent: &[f64], prior: &[f64], dims: usize) -> (f64, Vec<f64>) {
    let kernel =
        |a: &[f64], b: &[f64]| (-a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / dims as f64).exp();
    let mean = |a: &[f64], b: &[f64]| {
        let pairs = a.chunks_exact(dims).flat_map(|a| b.chunks_exact(dims).map(move |b| (a, b)));
        pairs.map(|(a, b)| kernel(a, b)).sum::<f64>() / (a.len() / dims * (b.len() / dims)) as f64
    };
    let (n, m) = ((latent.len() / dims) as f64, (prior.len() / dims) as f64);
    let mut derivative = vec![0.0; latent.len()];
    for (own, d) in latent.chunks_exact(dims).zip(derivative.chunks_exact_mut(dims)) {
        for (others, factor) in [(latent, 2.0 / (n * n)), (prior, -2.0 / (n * m))] {
            for other in others.chunks_exact(dims) {
                let k = kernel(own, other);
                for (at, d) in d.iter_mut().enumerate() {
                    *d -= factor * k * 2.0 / dims as f64 * (own[at] - other[at]);
                }
            }
        }
    }
    (mean(latent, latent) + mean(prior, prior) - 2.0 * mean(latent, prior), derivative)
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}
