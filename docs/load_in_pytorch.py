"""Loads a Spectrascape model (.safetensors) in PyTorch, and writes one that the page reads.

    pip install torch safetensors
    python load_in_pytorch.py vae6.safetensors

Spectra are on the paper's grid (1000 pixels, 10^(3.53 + 0.00039 i) Angstrom in vacuum, rest frame), with unit root mean
square; the model takes them less its own `input_mean`. A model with weights as input takes sqrt(w epsilon) of every pixel after
them, w = 1 / (1 / ivar + epsilon), 0 where masked.
"""

import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn


class InfoVAE(nn.Module):
    """The network of Portillo et al. (2020): 1000 - h1 - h2 - (mean, log variance), decoder mirrored.

    `inputs` is 2000 for a model with weights as input; `predictions` counts the outputs of a head: a score a class, then the
    measurements, less their mean and in units of their standard deviation (`head_scale` in the file's metadata).
    """

    def __init__(self, pixels, hidden1, hidden2, latents, slope=0.0, inputs=None, predictions=0):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(inputs or pixels, nn.LeakyReLU(slope), nn.Linear(hidden1, hidden2), nn.LeakyReLU(slope)
        )
        self.mean = nn.Linear(hidden2, latents)
        self.log_var = nn.Linear(hidden2, latents)
        self.decoder = nn.Sequential(
            nn.Linear(latents, hidden2), nn.LeakyReLU(slope), nn.Linear(hidden2, hidden1), nn.LeakyReLU(slope),
            nn.Linear(hidden1, pixels),
        )
        if predictions:
            self.head = nn.Linear(latents, predictions)

    def encode(self, x):
        hidden = self.encoder(x)
        return self.mean(hidden), self.log_var(hidden)


def load(path):
    """The network, the spectrum that is subtracted from its input, and what the file says of itself."""
    with safe_open(path, "pt") as file:
        about = json.loads(file.metadata()["spectrascape"])
    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    config = about["config"]
    head = config.get("head") or {"classes": 0, "measurements": []}
    network = InfoVAE(
        config["pixels"], config["hidden1"], config["hidden2"], config["latents"], config["negative_slope"],
        inputs=config["pixels"] * (2 if config.get("input") == "FluxAndWeight" else 1),
        predictions=head["classes"] + len(head["measurements"]),
    )
    network.load_state_dict({name: tensors[name] for name in network.state_dict()})
    return network.eval(), tensors["input_mean"], about


def save(network, path):
    """A file that the page's "Open weights" reads: the layers alone."""
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, path)


if __name__ == "__main__":
    network, mean, about = load(sys.argv[1])
    with torch.no_grad():
        latent, log_var = network.encode(torch.zeros(1, network.encoder[0].in_features))
        flux = network.decoder(latent) + mean
    print(about["name"], "epoch", about["epoch"], "latents of the mean spectrum:", latent[0].tolist())
