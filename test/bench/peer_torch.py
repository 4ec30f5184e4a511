"""peer_torch.py
PyTorch on the CPU as the peer in training.  Weights start as Keras's do, so
that losses can be compared.
"""
import numpy as np
import torch
from torch import nn

import peer

torch.manual_seed(1)


class Sequence(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.rnn = nn.LSTM(features, 64, num_layers=2, batch_first=True)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


def dense(*sizes, last=None):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    layers.pop()
    return nn.Sequential(*layers, *([last] if last else []))


def network(name):
    if name == "mlp":
        model = dense(100, 64, 64, 10)
    elif name == "wide":
        model = dense(784, 1024, 1024, 10)
    elif name == "cnn":
        model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
                              nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                              nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, 10))
    elif name == "lstm28":
        model = Sequence(28)
    elif name == "lstm100":
        model = Sequence(16)
    elif name == "generator":
        model = dense(100, 256, 256, 128, 64, 32, 10, last=nn.Tanh())
    else:
        model = dense(10, 128, 128, 64, 32, 1)
    for key, value in model.named_parameters():
        if "weight_hh" in key:
            nn.init.orthogonal_(value)
        elif value.ndim > 1:
            nn.init.xavier_uniform_(value)
        else:
            nn.init.zeros_(value)
            if "bias_ih" in key:        # the forget gate's
                value.data[64:128] = 1
    return model


def adam(model, fused):
    options = {"fused": True} if fused else {}
    return torch.optim.Adam(model.parameters(), eps=1e-7, **options)


def classifier(args, data, channels_last=False, fused=False):
    def make():
        model = network(args.line.network)
        if channels_last:
            model = model.to(memory_format=torch.channels_last)
        model.train()
        optimizer, criterion = adam(model, fused), nn.CrossEntropyLoss()

        def train(first, last):
            total, count = torch.zeros(()), 0
            for x, y in data[first:last]:
                optimizer.zero_grad(set_to_none=True)
                loss = criterion(model(x), y)
                loss.backward()
                optimizer.step()
                total.add_(loss.detach(), alpha=len(y))
                count += len(y)
            return total.item() / count
        return train
    return make


def gan_losses(d, real, fake, joined, criterion):
    """The discriminator's; joined: both halves in one pass."""
    ones, zeros = torch.ones(len(real), 1), torch.zeros(len(fake), 1)
    if joined:
        return criterion(d(torch.cat([real, fake])), torch.cat([ones, zeros]))
    return 0.5 * (criterion(d(real), ones) + criterion(d(fake), zeros))


def gan(args, data, joined, fused=False):
    """One step: the discriminator on real and generated rows, then the generator."""
    def make():
        g, d = network("generator"), network("discriminator")
        g_adam, d_adam = adam(g, fused), adam(d, fused)
        criterion = nn.BCEWithLogitsLoss()

        def train(first, last):
            total = torch.zeros(2)
            for real, _ in data[first:last]:
                n = len(real)
                with torch.no_grad():
                    fake = g(torch.randn(n, 100))
                d_adam.zero_grad(set_to_none=True)
                d_loss = gan_losses(d, real, fake, joined, criterion)
                d_loss.backward()
                d_adam.step()
                g_adam.zero_grad(set_to_none=True)
                for p in d.parameters():
                    p.requires_grad_(False)
                g_loss = criterion(d(g(torch.randn(n, 100))), torch.ones(n, 1))
                g_loss.backward()
                for p in d.parameters():
                    p.requires_grad_(True)
                g_adam.step()
                total += torch.stack([d_loss.detach(), g_loss.detach()])
            return (total / (last - first)).tolist()
        return train
    return make


def main():
    args = peer.arguments()
    torch.set_num_threads(args.threads)
    shape = {"cnn": (-1, 1, 28, 28), "lstm28": (-1, 28, 28), "lstm100": (-1, 100, 16)}.get(
        args.line.network)

    def convert(x):
        x = torch.from_numpy(np.array(x))
        return x.reshape(shape) if shape else x
    data = peer.batches(args.line, args.data, convert, lambda y: torch.from_numpy(np.array(y)).long())
    if args.line.kind == "gan":
        variants = {"two passes": gan(args, data, False), "joined": gan(args, data, True),
                    "joined, fused Adam": gan(args, data, True, fused=True)}
    else:
        variants = {"eager": classifier(args, data), "fused Adam": classifier(args, data, fused=True)}
        if args.line.network == "cnn":
            variants["channels last"] = classifier(args, data, channels_last=True)
            variants["channels last, fused Adam"] = classifier(args, data, True, True)
    peer.main(variants, args, torch.__version__)


main()
