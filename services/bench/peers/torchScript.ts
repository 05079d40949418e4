/**
 * One worker of a game in PyTorch, as its users write it: eager, or with both losses through `torch.compile`. D sees real and
 * fake as one batch, or as two where it has batch norm, without a gradient into G; G's update computes none for D. The reals
 * are on the device already, which is to its favour: ours converts a byte a value in every D phase.
 */
import { SERVE_SCRIPT } from './serveScript.ts';

/** Networks, losses and optimizers of a `PythonCase`; DDP has the same. */
export const TORCH_GAME_SCRIPT = `
def convolution(nn, layer):
    below, above, kernel, stride = layer['inputShape'], layer['outputShape'], layer['kernel'], layer['stride']
    kind, large, small = ((nn.Conv2d, below, above) if layer['type'] == 'conv' else (nn.ConvTranspose2d, above, below))
    pads = [max((small[i] - 1) * stride + kernel - large[i], 0) for i in (0, 1)]
    if any(pad % 2 for pad in pads):
        raise ValueError('PyTorch pads both sides alike')
    return kind(below[2], above[2], kernel, stride, [pad // 2 for pad in pads])
def modules(torch, layer):
    nn, kind, below, above = torch.nn, layer['type'], layer['inputShape'], layer['outputShape']
    if kind == 'reshape':
        yield nn.Unflatten(1, (above[2], above[0], above[1]))
    elif kind == 'dense':
        if len(below) > 1:
            yield nn.Flatten()
        yield nn.Linear(torch.Size(below).numel(), above[0])
    elif kind == 'batch-norm':
        yield (nn.BatchNorm2d if len(below) > 1 else nn.BatchNorm1d)(above[-1], layer['epsilon'], 1 - layer['momentum'])
    else:
        yield convolution(nn, layer)
    activations = {'relu': (nn.ReLU, True), 'leaky-relu': (nn.LeakyReLU, 0.2, True), 'sigmoid': (nn.Sigmoid,)}
    activation = layer.get('activation', 'linear')
    if activation != 'linear':
        kind, *arguments = activations[activation]
        yield kind(*arguments)
def network(torch, layers):
    built = torch.nn.Sequential(*[module for layer in layers for module in modules(torch, layer)])
    if len(layers[-1]['outputShape']) > 1:
        built.append(torch.nn.Flatten())
    ours = sum(torch.Size(shape).numel() for layer in layers for shape in layer['parameterShapes'])
    theirs = sum(parameter.numel() for parameter in built.parameters())
    if ours != theirs:
        raise ValueError(f'{theirs} parameters where ours has {ours}')
    return built
def networks(torch, case):
    return network(torch, case['generator']), network(torch, case['discriminator'])
def optimizer(torch, case, parameters):
    rate = case['learningRate']
    if case['type'] == 'sgd':
        return torch.optim.SGD(parameters, lr=rate)
    return torch.optim.Adam(parameters, lr=rate, betas=(case['beta1'], case['beta2']), eps=case['epsilon'])
def game(torch, case, batch, g, d, frozen, compiled):
    """One iteration. frozen is D without what averages its gradients."""
    softplus = torch.nn.functional.softplus
    g_optimizer = optimizer(torch, case['optimizer']['generator'], g.parameters())
    d_optimizer = optimizer(torch, case['optimizer']['discriminator'], d.parameters())
    latent, sample = [case[name][0]['inputShape'][0] for name in ('generator', 'discriminator')]
    apart = any(layer['type'] == 'batch-norm' for layer in case['discriminator'])
    real = torch.rand(batch, sample)
    def latents():
        return torch.empty(batch, latent).uniform_(-3 ** 0.5, 3 ** 0.5)
    def fakes(z):
        with torch.no_grad():
            return g(z)
    def d_loss(z):
        seen = real.detach().requires_grad_(case['r1'] > 0)
        on_real, on_fake = (d(seen), d(fakes(z))) if apart else d(torch.cat([seen, fakes(z)])).split(batch)
        loss = softplus(-on_real).mean() + softplus(on_fake).mean()
        if case['r1'] > 0:
            slope, = torch.autograd.grad(on_real.sum(), seen, create_graph=True)
            loss = loss + case['r1'] / 2 * slope.square().sum(1).mean()
        return loss
    def g_loss(z):
        return softplus(-frozen(g(z))).mean()
    if compiled:
        d_loss, g_loss = torch.compile(d_loss), torch.compile(g_loss)
    def update(loss, optimizer):
        optimizer.zero_grad()
        loss(latents()).backward()
        optimizer.step()
    def iterate():
        update(d_loss, d_optimizer)
        frozen.requires_grad_(False)
        update(g_loss, g_optimizer)
        frozen.requires_grad_(True)
    return iterate
`;

export const TORCH_SCRIPT = `${SERVE_SCRIPT}${TORCH_GAME_SCRIPT}
def prepare(case):
    import torch
    torch.set_num_threads(case['threads'])
    g, d = networks(torch, case)
    iterate = game(torch, case, case['batchSize'], g, d, d, case['compiled'])
    return torch.__version__, lambda count: measure(iterate, count)
serve(prepare)
`;
