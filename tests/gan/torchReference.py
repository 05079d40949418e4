"""The gradients of the game by PyTorch's autograd, penalties by its double backward, in float64.

Reads cases as `torchReference.test.ts` writes them (layers, weights, samples and random numbers) as JSON from stdin; writes for
each one the flat gradient in the order of the parameters, the losses and the penalty. Shares nothing with the code under test.
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def tensor(entry):
    return torch.tensor(entry["values"]).reshape(entry["shape"])


def activate(z, name):
    if name == "relu":
        return F.relu(z)
    if name == "leaky-relu":
        return F.leaky_relu(z, 0.2)
    smooth = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "elu": F.elu, "softplus": F.softplus}
    return z if name == "linear" else smooth[name](z)


def margins(large, small, kernel, stride, padding):
    """Before and after the large side, as TensorFlow pads."""
    total = max((small - 1) * stride + kernel - large, 0) if padding == "same" else 0
    return total // 2, total - total // 2


def convolve(layer, x, weight, bias):
    kernel, stride = layer["kernel"], layer["stride"]
    height, width, channels = layer["inputShape"]
    out_height, out_width, filters = layer["outputShape"]
    images = x.reshape(-1, height, width, channels).permute(0, 3, 1, 2)
    if layer["type"] in ("conv", "maxout-conv"):
        top, bottom = margins(height, out_height, kernel, stride, layer["padding"])
        left, right = margins(width, out_width, kernel, stride, layer["padding"])
        padded = F.pad(images, (left, right, top, bottom))
        z = F.conv2d(padded, weight.permute(3, 2, 0, 1), stride=stride)
    else:
        z = F.conv_transpose2d(images, weight.permute(3, 2, 0, 1), stride=stride)
        top, _ = margins(out_height, height, kernel, stride, layer["padding"])
        left, _ = margins(out_width, width, kernel, stride, layer["padding"])
        z = F.pad(z, (0, max(0, left + out_width - z.shape[3]), 0, max(0, top + out_height - z.shape[2])))
        z = z[:, :, top : top + out_height, left : left + out_width]
    z = z.permute(0, 2, 3, 1) + bias
    if layer["type"] == "maxout-conv":
        return z.reshape(x.shape[0], out_height, out_width, filters, layer["pieces"]).amax(4).flatten(1)
    return activate(z, layer["activation"]).reshape(x.shape[0], -1)


def pool(layer, images):
    size, stride = layer["size"], layer.get("stride", layer["size"])
    return F.max_pool2d(images, size, stride) if layer["kind"] == "max" else F.avg_pool2d(images, size, stride)


def with_deviation(layer, x):
    """One more channel: the mean deviation of the values of a group of samples."""
    groups = x.split(layer["groupSize"])
    spread = torch.cat([g.var(0, unbiased=False).add(1e-8).sqrt().mean().expand(len(g), 1) for g in groups])
    places = x.reshape(len(x), -1, layer["inputShape"][-1])
    return torch.cat([places, spread[:, None].expand(-1, places.shape[1], 1)], 2).flatten(1)


def without_weights(layer, x, mask):
    if layer["type"] == "reshape":
        return x
    if layer["type"] == "dropout":
        return x * mask
    if layer["type"] == "minibatch-std":
        return with_deviation(layer, x)
    images = x.reshape(len(x), *layer["inputShape"]).permute(0, 3, 1, 2)
    images = pool(layer, images) if layer["type"] == "pool" else F.interpolate(images, scale_factor=layer["factor"])
    return images.permute(0, 2, 3, 1).flatten(1)


def forward(layers, weights, network, x, masks, labels=None):
    for index, layer in enumerate(layers):
        if layer["type"] in ("reshape", "dropout", "minibatch-std", "pool", "upsample"):
            x = without_weights(layer, x, masks.get(str(index)))
            continue
        table = weights.get(f"{network}.{index}.embedding")
        if layer["type"] == "class-embedding":
            x = torch.cat([x, table[labels]], 1)
            continue
        weight, bias = weights[f"{network}.{index}.weight"], weights[f"{network}.{index}.bias"]
        if layer.get("spectralNorm"):
            weight = weight / (weight.flatten(0, -2) @ tensor(layer["singular"])).norm()
        if layer["type"] == "class-projection":
            x = x @ weight + bias + (x * table[labels]).sum(1, keepdim=True)
        elif layer["type"] == "dense":
            x = activate(x @ weight + bias, layer["activation"])
        elif layer["type"] == "maxout":
            x = (x @ weight + bias).reshape(x.shape[0], layer["units"], layer["pieces"]).amax(2)
        else:
            x = convolve(layer, x, weight, bias)
    return x


def losses(objective, real, fake):
    """Of D and of G, as sums over the samples."""
    s = objective["labelSmoothing"]
    loss = objective["loss"]
    if loss == "log":
        with_logits = F.binary_cross_entropy_with_logits
        d = with_logits(real, torch.full_like(real, 1 - s), reduction="sum")
        d = d + with_logits(fake, torch.zeros_like(fake), reduction="sum")
        g = -F.softplus(fake).sum() if objective["generator"] == "minimax" else F.softplus(-fake).sum()
    elif loss == "least-squares":
        d = ((real - (1 - s)) ** 2).sum() / 2 + (fake**2).sum() / 2
        g = ((fake - 1) ** 2).sum() / 2
    elif loss == "hinge":
        d, g = F.relu(1 - real).sum() + F.relu(1 + fake).sum(), -fake.sum()
    elif loss == "wasserstein":
        d, g = fake.sum() - real.sum(), -fake.sum()
    else:
        d, g = F.softplus(-(real - fake)).sum(), F.softplus(-(fake - real)).sum()
    return objective["discriminatorScale"] * d, g


def penalties(case, critic, reals, fakes, masks, labels):
    """Summed over the samples; each differentiable once more."""
    penalty = case["objective"].get("penalty") or {}

    def norms(x, mask, classes=labels["real"]):
        x = x.detach().requires_grad_()
        (slope,) = torch.autograd.grad(critic(x, mask, classes).sum(), x, create_graph=True)
        return slope.flatten(1).norm(dim=1)

    total = torch.zeros(())
    if "r1" in penalty:
        total = total + penalty["r1"] / 2 * (norms(reals, masks["real"]) ** 2).sum()
    if "r2" in penalty:
        total = total + penalty["r2"] / 2 * (norms(fakes, masks["fake"], labels["fake"]) ** 2).sum()
    if "gp" in penalty:
        share = tensor(case["interpolation"])
        between = share * reals + (1 - share) * fakes
        excess = norms(between, masks["interpolated"]) - penalty["gp"]["norm"]
        total = total + penalty["gp"]["weight"] * (excess**2).sum()
    if "dragan" in penalty:
        excess = norms(reals + tensor(case["perturbation"]), masks["perturbed"]) - penalty["dragan"]["norm"]
        total = total + penalty["dragan"]["weight"] * (excess**2).sum()
    return total


def play(case):
    weights = {name: tensor(entry).requires_grad_() for name, entry in case["weights"].items()}
    masks = {side: {i: tensor(mask) for i, mask in layers.items()} for side, layers in case["masks"].items()}
    reals = tensor(case["reals"])
    labels = {side: torch.tensor(classes) for side, classes in case["labels"].items()}
    latents = tensor(case["latents"])
    fakes = forward(case["generator"], weights, "generator", latents, masks["generator"], labels["fake"])
    critic = lambda x, mask, classes: forward(case["discriminator"], weights, "discriminator", x, mask, classes)
    real, fake = [critic(x, masks[side], labels[side]) for side, x in (("real", reals), ("fake", fakes))]
    d_loss, g_loss = losses(case["objective"], real, fake)
    penalty = penalties(case, critic, reals, fakes.detach(), masks, labels)
    gradient = []
    for network, loss in (("discriminator", d_loss + penalty), ("generator", g_loss)):
        own = [weight for name, weight in weights.items() if name.startswith(network)]
        for part in torch.autograd.grad(loss, own, retain_graph=True):
            gradient += part.flatten().tolist()
    return {
        "gradient": gradient,
        "discriminatorLoss": d_loss.item(),
        "generatorLoss": g_loss.item(),
        "penalty": penalty.item(),
    }


json.dump({name: play(case) for name, case in json.load(sys.stdin).items()}, sys.stdout)
