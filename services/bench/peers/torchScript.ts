/**
 * One worker of the bench's game in PyTorch, as its users write it: eager, or with both losses through `torch.compile`.
 * D sees real and fake as one batch, without a gradient into G; G's update computes none for D. The reals are on the
 * device already, which is to its favour: ours converts a byte a value in every D phase.
 */
import { SERVE_SCRIPT } from './serveScript.ts';

/** Networks, losses and optimizers; DDP has the same. */
export const TORCH_GAME_SCRIPT = `
def network(torch, units, last):
    layers = []
    for i in range(len(units) - 1):
        layers.append(torch.nn.Linear(units[i], units[i + 1]))
        layers.append(torch.nn.ReLU() if i < len(units) - 2 else last)
    return torch.nn.Sequential(*layers)
def networks(torch, case):
    return (network(torch, case['generatorUnits'], torch.nn.Sigmoid()),
            network(torch, case['discriminatorUnits'], torch.nn.Identity()))
def optimizer(torch, case, parameters):
    kind = torch.optim.SGD if case['optimizer'] == 'sgd' else torch.optim.Adam
    return kind(parameters, lr=case['learningRate'])
def game(torch, case, batch, g, d, frozen, compiled):
    """One iteration. frozen is D without what averages its gradients."""
    softplus = torch.nn.functional.softplus
    g_optimizer, d_optimizer = optimizer(torch, case, g.parameters()), optimizer(torch, case, d.parameters())
    real = torch.rand(batch, case['discriminatorUnits'][0])
    def latents():
        return torch.empty(batch, case['generatorUnits'][0]).uniform_(-3 ** 0.5, 3 ** 0.5)
    def fakes(z):
        with torch.no_grad():
            return g(z)
    def d_loss(z):
        logits = d(torch.cat([real, fakes(z)]))
        return softplus(-logits[:batch]).mean() + softplus(logits[batch:]).mean()
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
