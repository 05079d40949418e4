"""Writes fixtures.json: what NumPy, SciPy and scikit-learn say about the numbers that numbers.ts draws too.

    python3 -m pip install numpy scipy scikit-learn && python3 tests/evaluate/fixtures.py

Every metric is computed here in another way than in services/evaluate: densities by KernelDensity, square roots of matrices
by sqrtm, the jackknife by leaving out each pair, neighbours by a tree, the pyramid by ndimage's convolution.
"""
import json
import pathlib

import numpy as np
from scipy import linalg, ndimage, spatial, stats
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import KernelDensity, NearestNeighbors


def numbers(seed, rows, columns):
    """Uniform in [0, 1): the congruential generator of numbers.ts, exact in float32."""
    found = np.empty(rows * columns)
    for i in range(found.size):
        seed = (seed * 1664525 + 1013904223) % 2**32
        found[i] = (seed >> 8) * 2.0**-24
    return found.reshape(rows, columns)


def parzen():
    samples, validation, test = numbers(1, 40, 6), numbers(2, 15, 6), numbers(3, 20, 6)
    grid = np.logspace(-1, 0, 10)
    fit = lambda sigma: KernelDensity(kernel="gaussian", bandwidth=sigma, rtol=0, atol=0).fit(samples)
    sigma = grid[np.argmax([fit(s).score_samples(validation).mean() for s in grid])]
    found = fit(sigma).score_samples(test)
    return {"sigma": sigma, "logLikelihood": found.mean(), "standardError": found.std() / np.sqrt(len(found)),
            "atEachSigma": [fit(s).score_samples(test).mean() for s in grid]}


def frechet():
    a, b = numbers(4, 50, 5), numbers(5, 60, 5) * 2 + 0.25
    b[:, 1] += b[:, 0]
    mixed = lambda s: np.cov(s, rowvar=False)
    root = linalg.sqrtm(mixed(a) @ mixed(b)).real
    apart = ((a.mean(0) - b.mean(0)) ** 2).sum()
    return {"distance": apart + np.trace(mixed(a) + mixed(b) - 2 * root)}


def mmd():
    x, y = numbers(6, 30, 4), numbers(7, 30, 4) + 0.125
    bandwidth = np.median(spatial.distance.pdist(x))
    kernel = lambda a, b: np.mean([rbf_kernel(a, b, gamma=1 / (2 * (s * bandwidth) ** 2)) for s in (0.25, 0.5, 1, 2, 4)], 0)

    def estimate(a, b):
        h = kernel(a, a) + kernel(b, b) - kernel(a, b) - kernel(b, a)
        return (h.sum() - np.trace(h)) / (len(a) * (len(a) - 1))

    n = len(x)
    without = np.array([estimate(np.delete(x, i, 0), np.delete(y, i, 0)) for i in range(n)])
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    return {"mmd2": estimate(x, y), "standardError": error, "bandwidth": bandwidth}


def prdc():
    real, fake = numbers(8, 80, 3), numbers(9, 70, 3) * 1.25 + 0.125
    radii = lambda s: NearestNeighbors(n_neighbors=4).fit(s).kneighbors(s)[0][:, 3]
    inside_real = spatial.distance.cdist(real, fake) < radii(real)[:, None]
    inside_fake = spatial.distance.cdist(real, fake) < radii(fake)[None, :]
    return {"precision": inside_real.any(0).mean(), "recall": inside_fake.any(1).mean(),
            "density": inside_real.sum(0).mean() / 3, "coverage": inside_real.any(1).mean()}


def sliced_wasserstein():
    a, b = numbers(10, 64, 5), numbers(11, 64, 5) * 1.5
    directions = numbers(12, 9, 5) - 0.5
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return {"distance": np.mean([stats.wasserstein_distance(a @ d, b @ d) for d in directions])}


def pyramid():
    """Karras et al. 2018: pyr_down, pyr_up, and patches."""
    images = numbers(13, 2, 32 * 36 * 3).reshape(2, 32, 36, 3)
    taps = np.array([1, 4, 6, 4, 1])
    kernel = (np.outer(taps, taps) / 256)[None, :, :, None]
    small = ndimage.convolve(images, kernel, mode="mirror")[:, ::2, ::2]
    spread = np.zeros_like(images)
    spread[:, ::2, ::2] = small
    levels = [images - ndimage.convolve(spread, kernel * 4, mode="mirror"), small]
    places = [(0, 0), (3, 1), (9, 11), (2, 10), (1, 8), (4, 4)]
    patches = np.stack([small[i // 3, t : t + 7, l : l + 7] for i, (t, l) in enumerate(places)])
    patches = (patches - patches.mean((0, 1, 2))) / patches.std((0, 1, 2))
    return {"sumOfSquares": [float((level**2).sum()) for level in levels],
            "corners": [level[1, [0, 0, -1, -1, 5], [0, -1, 0, -1, 7], 2].tolist() for level in levels],
            "patch": patches.reshape(6, -1)[4].tolist()}


def modes():
    points, centres = numbers(14, 200, 2) * 4, np.array([[1, 1], [3, 1], [1, 3], [3, 3], [9, 9]])
    distances = spatial.distance.cdist(points, centres)
    nearest = distances.argmin(1)
    good = distances.min(1) <= 3 * 0.2
    weights = np.array([0.1, 0.2, 0.3, 0.2, 0.2])
    return {"modes": len(set(nearest[good])), "highQuality": good.mean(),
            "reverseKl": stats.entropy(np.bincount(nearest, minlength=5), weights)}


if __name__ == "__main__":
    all_of = {f.__name__: f() for f in (parzen, frechet, mmd, prdc, sliced_wasserstein, pyramid, modes)}
    pathlib.Path(__file__).with_name("fixtures.json").write_text(json.dumps(all_of, indent=1) + "\n")
