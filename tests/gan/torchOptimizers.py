"""Writes torchOptimizers.json: what PyTorch's optimizers, in float64, make of given gradients.

    python tests/gan/torchOptimizers.py        (needs torch; tried with 2.15)

PyTorch has no average over samples, no bound on columns, and corrects Adam's averages by the newest β2 alone. These are here by
their definitions: an average by its weights, each of them a product of its own.
"""
import json
import math
from pathlib import Path
import torch

torch.set_default_dtype(torch.float64)
PHASES = 12
# 23 samples in minibatches of 8.
SAMPLE_COUNTS = [8, 8, 7]

DENSE = {
    'generator': {'layers': [{'type': 'dense', 'units': 5, 'activation': 'relu'}, {'type': 'dense', 'units': 6, 'activation': 'sigmoid'}]},
    'discriminator': {'layers': [{'type': 'dense', 'units': 4, 'activation': 'relu'}, {'type': 'dense', 'units': 1}]},
}
DENSE_SHAPES = {'generator': [[3, 5], [5], [5, 6], [6]], 'discriminator': [[6, 4], [4], [4, 1], [1]]}

LIMITED = {
    'generator': {
        'layers': [
            {'type': 'dense', 'units': 4},
            {'type': 'reshape', 'shape': [1, 2, 2]},
            {'type': 'conv-transpose', 'filters': 3, 'kernel': 2, 'stride': 2, 'maxColumnNorm': 0.9},
            {'type': 'dense', 'units': 6, 'maxColumnNorm': 1.5},
        ]
    },
    'discriminator': {
        'layers': [
            {'type': 'reshape', 'shape': [2, 3, 1]},
            {'type': 'conv', 'filters': 2, 'kernel': 2, 'maxColumnNorm': 0.8},
            {'type': 'maxout', 'units': 2, 'pieces': 3, 'maxColumnNorm': 1.2},
            {'type': 'dense', 'units': 1},
        ]
    },
}
LIMITED_SHAPES = {
    'generator': [[3, 4], [4], [2, 2, 3, 2], [3], [24, 6], [6]],
    'discriminator': [[2, 2, 1, 2], [2], [12, 6], [6], [2, 1], [1]],
}
# By tensor: the norm, and the axes of a column.
LIMITS = {
    'generator': {2: (0.9, (0, 1, 3)), 4: (1.5, (0,))},
    'discriminator': {0: (0.8, (0, 1, 2)), 2: (1.2, (0,))},
}

SGD = {'type': 'sgd', 'learningRate': 0.1}
CASES = {
    'momentum, clipped': (
        DENSE,
        {
            'generator': {**SGD, 'momentum': {'initial': 0.8, 'final': 0.8, 'saturateEpoch': 1}, 'clipNorm': 2.5},
            'discriminator': {**SGD, 'clipNorm': 1e-3},
        },
    ),
    'adam, clipped in part, with two time scales': (
        DENSE,
        {
            'generator': {'type': 'adam', 'learningRate': 0.01, 'beta1': 0.5, 'epsilon': 1e-3, 'clipNorm': 4},
            'discriminator': {'type': 'adam', 'learningRate': 0.04, 'beta1': 0, 'beta2': 0.9, 'epsilon': 1e-3},
        },
    ),
    'adamw, warmed up': (
        DENSE,
        {
            'generator': {'type': 'adamw', 'learningRate': 0.02, 'epsilon': 1e-3, 'weightDecay': 0.5},
            'discriminator': {
                'type': 'adamw',
                'learningRate': {'type': 'cosine', 'from': 0.05, 'to': 0, 'overUpdates': 7, 'warmUpUpdates': 3},
                'epsilon': 1e-3,
                'weightDecay': 1,
            },
        },
    ),
    'rmsprop': (
        DENSE,
        {
            'generator': {'type': 'rmsprop', 'learningRate': 0.01, 'epsilon': 0.1},
            'discriminator': {
                'type': 'rmsprop',
                'learningRate': {'type': 'exponential', 'from': 0.05, 'to': 0.001, 'overUpdates': 9},
                'rho': 0.8,
                'epsilon': 1e-3,
                'clipNorm': 3,
            },
        },
    ),
    'β2 and the average on schedules': (
        DENSE,
        {
            'generator': {
                'type': 'adam',
                'learningRate': 0.02,
                'beta1': 0,
                'beta2': {'type': 'cosine', 'from': 0.5, 'to': 0.95, 'overUpdates': 9},
                'epsilon': 1e-3,
            },
            'discriminator': {
                'type': 'adamw',
                'learningRate': 0.02,
                'beta2': {'type': 'exponential', 'from': 0.9, 'to': 0.6, 'overUpdates': 20},
                'epsilon': 1e-3,
            },
        },
        {'halfLifeSamples': {'type': 'cosine', 'from': 0, 'to': 40, 'overUpdates': 8}},
    ),
    'columns with a bound': (LIMITED, {'generator': {**SGD}, 'discriminator': {'type': 'adam', 'learningRate': 0.05, 'epsilon': 0.1}}, {'halfLifeSamples': 20}),
}


def scheduled(value, t):
    if not isinstance(value, dict):
        return value
    first, last, warm = value['from'], value['to'], value.get('warmUpUpdates', 0)
    if t < warm:
        return first * (t + 1) / (warm + 1)
    x = min((t - warm) / value['overUpdates'], 1)
    if value['type'] == 'exponential':
        return first * (last / first) ** x
    return last + (first - last) * (1 + math.cos(math.pi * x)) / 2


def values(shape, salt):
    """In ±1; the test computes the same."""
    count = math.prod(shape)
    return torch.tensor([((i * 7919 + salt * 104729 + 17) % 1009) / 504.5 - 1 for i in range(count)]).reshape(shape)


def torch_optimizer(parameters, config):
    rate, kind = scheduled(config['learningRate'], 0), config['type']
    if kind == 'sgd':
        return torch.optim.SGD(parameters, lr=rate, momentum=config.get('momentum', {}).get('final', 0))
    if kind == 'rmsprop':
        return torch.optim.RMSprop(parameters, lr=rate, alpha=config.get('rho', 0.99), eps=config['epsilon'])
    options = dict(lr=rate, betas=(float(config.get('beta1', 0.9)), float(config.get('beta2', 0.999))), eps=config['epsilon'])
    if kind == 'adamw':
        return torch.optim.AdamW(parameters, weight_decay=config.get('weightDecay', 0.01), **options)
    return torch.optim.Adam(parameters, **options)


class AdamByDefinition:
    """m̂ and v̂ as weighted means of all gradients so far: (1 − β_s) times the product of the later β, over the sum of these."""

    def __init__(self, parameters, config):
        self.parameters, self.config, self.seen = parameters, config, []

    def mean(self, beta, powers):
        t = len(powers)
        weights = [(1 - beta(s)) * math.prod(beta(r) for r in range(s + 1, t)) for s in range(t)]
        return sum(w * g for w, g in zip(weights, powers)) / sum(weights)

    def step(self):
        config, t = self.config, len(self.seen)
        self.seen.append([p.grad.clone() for p in self.parameters])
        rate = scheduled(config['learningRate'], t)
        for index, p in enumerate(self.parameters):
            gradients = [step[index] for step in self.seen]
            m = self.mean(lambda s: config.get('beta1', 0.9), gradients)
            v = self.mean(lambda s: scheduled(config['beta2'], s), [g * g for g in gradients])
            if config['type'] == 'adamw':
                p.data -= rate * config.get('weightDecay', 0.01) * p.data
            p.data -= rate * m / (v.sqrt() + config['epsilon'])


def train(network, shapes, config, ema, limits):
    parameters = [torch.nn.Parameter(values(shape, i)) for i, shape in enumerate(shapes)]
    moving = isinstance(config.get('beta2'), dict)
    optimizer = AdamByDefinition(parameters, config) if moving else torch_optimizer(parameters, config)
    averages = [p.data.clone() for p in parameters]
    for phase in range(PHASES):
        for i, p in enumerate(parameters):
            p.grad = values(shapes[i], 100 + 10 * phase + i)
        if 'clipNorm' in config:
            torch.nn.utils.clip_grad_norm_(parameters, config['clipNorm'])
        if not moving:
            optimizer.param_groups[0]['lr'] = scheduled(config['learningRate'], phase)
        optimizer.step()
        for i, (norm, axes) in limits.items():
            p = parameters[i].data
            length = p.square().sum(axes, keepdim=True).sqrt()
            p *= torch.where(length > norm, norm / length, torch.ones_like(length))
        if ema is not None:
            half_life = scheduled(ema['halfLifeSamples'], phase)
            kept = 0 if half_life == 0 else 0.5 ** (SAMPLE_COUNTS[phase % 3] / half_life)
            averages = [kept * a + (1 - kept) * p.data for a, p in zip(averages, parameters)]
    flat = lambda tensors: [float(f'{x:.9g}') for tensor in tensors for x in tensor.flatten().tolist()]
    result = {'shapes': shapes, 'weights': flat([p.data for p in parameters])}
    if ema is not None and network == 'generator':
        result['ema'] = flat(averages)
    if not moving:
        for name in ('exp_avg', 'exp_avg_sq', 'square_avg'):
            slots = [optimizer.state[p][name] for p in parameters if name in optimizer.state[p]]
            if slots:
                result[name] = flat(slots)
    return result


cases = []
for name, (layers, optimizers, *ema) in CASES.items():
    shapes, limits = (DENSE_SHAPES, {}) if layers is DENSE else (LIMITED_SHAPES, LIMITS)
    average = ema[0] if ema else None
    results = {network: train(network, shapes[network], optimizers[network], average, limits.get(network, {})) for network in shapes}
    config = {**layers, 'optimizer': optimizers, **({'ema': average} if average else {})}
    cases.append({'name': name, 'config': config, **results})
lines = ',\n'.join(json.dumps(case, ensure_ascii=False) for case in cases)
Path(__file__).with_suffix('.json').write_text(f'{{ "torch": "{torch.__version__.split("+")[0]}", "phases": {PHASES}, "cases": [\n{lines}\n] }}\n')
