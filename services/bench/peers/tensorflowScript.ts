/**
 * One worker of a game in TensorFlow: an iteration is one `tf.function`, and weights are updated by the same kernels as ours,
 * which are faster than Keras's optimizers. Reals are on the device already, as in `torchScript.ts`; running statistics are
 * left out, which is to its favour too.
 */
import { INIT_RANGE } from '../networks.ts';
import { SERVE_SCRIPT } from './serveScript.ts';

export const TENSORFLOW_SCRIPT = `${SERVE_SCRIPT}
def network(tf, layers):
    weights = []
    for layer in layers:
        for weight, bias in [layer['parameterShapes']] if layer['parameterShapes'] else []:
            first = tf.ones(weight) if layer['type'] == 'batch-norm' else tf.random.uniform(weight, -${INIT_RANGE}, ${INIT_RANGE})
            weights += [tf.Variable(first), tf.Variable(tf.zeros(bias))]
    return weights
def linear(tf, x, layer, weight, bias):
    kind = layer['type']
    if kind == 'dense':
        return tf.nn.bias_add(tf.matmul(tf.reshape(x, [x.shape[0], -1]), weight), bias)
    if kind == 'batch-norm':
        return tf.compat.v1.nn.fused_batch_norm(x, weight, bias, epsilon=layer['epsilon'])[0]
    stride, padding = layer['stride'], layer['padding'].upper()
    if kind == 'conv':
        return tf.nn.bias_add(tf.nn.conv2d(x, weight, stride, padding), bias)
    return tf.nn.bias_add(tf.nn.conv2d_transpose(x, weight, [x.shape[0], *layer['outputShape']], stride, padding), bias)
def forward(tf, x, layers, weights):
    left = iter(weights)
    activations = {'linear': tf.identity, 'relu': tf.nn.relu, 'leaky-relu': tf.nn.leaky_relu, 'sigmoid': tf.sigmoid}
    for layer in layers:
        if layer['type'] == 'reshape':
            x = tf.reshape(x, [x.shape[0], *layer['outputShape']])
        else:
            x = activations[layer['activation']](linear(tf, x, layer, next(left), next(left)))
    return tf.reshape(x, [x.shape[0], -1])
def optimizer(tf, case, weights):
    rate = case['learningRate']
    if case['type'] == 'sgd':
        def descend(gradients):
            for w, gradient in zip(weights, gradients):
                tf.raw_ops.ResourceApplyGradientDescent(var=w.handle, alpha=rate, delta=gradient)
        return descend
    beta1, beta2 = case['beta1'], case['beta2']
    powers = tf.Variable(1.0), tf.Variable(1.0)
    slots = [(tf.Variable(tf.zeros_like(w)), tf.Variable(tf.zeros_like(w))) for w in weights]
    def adam(gradients):
        power1, power2 = powers[0].assign(powers[0] * beta1), powers[1].assign(powers[1] * beta2)
        for w, (m, v), gradient in zip(weights, slots, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=w.handle, m=m.handle, v=v.handle, beta1_power=power1, beta2_power=power2,
                lr=rate, beta1=beta1, beta2=beta2, epsilon=case['epsilon'], grad=gradient)
    return adam
def prepare(case):
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(case['threads'])
    tf.config.threading.set_inter_op_parallelism_threads(case['threads'])
    batch, g_layers, d_layers = case['batchSize'], case['generator'], case['discriminator']
    g, d = network(tf, g_layers), network(tf, d_layers)
    g_update = optimizer(tf, case['optimizer']['generator'], g)
    d_update = optimizer(tf, case['optimizer']['discriminator'], d)
    apart = any(layer['type'] == 'batch-norm' for layer in d_layers)
    real = tf.random.uniform([batch, *d_layers[0]['inputShape']])
    def fakes():
        z = tf.random.uniform([batch, *g_layers[0]['inputShape']], -3 ** 0.5, 3 ** 0.5)
        return forward(tf, z, g_layers, g)
    def judged(images):
        return forward(tf, images, d_layers, d)
    def descend(weights, loss, update):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            value = loss()
        update(tape.gradient(value, weights))
    def d_loss():
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            if case['r1'] > 0:
                tape.watch(real)
            both = [judged(real), judged(fakes())] if apart else tf.split(judged(tf.concat([real, fakes()], 0)), 2)
        loss = tf.reduce_mean(tf.nn.softplus(-both[0])) + tf.reduce_mean(tf.nn.softplus(both[1]))
        if case['r1'] > 0:
            slope = tape.gradient(both[0], real)
            loss += case['r1'] / 2 * tf.reduce_mean(tf.reduce_sum(tf.square(slope), 1))
        return loss
    def g_loss():
        return tf.reduce_mean(tf.nn.softplus(-judged(fakes())))
    @tf.function
    def iteration():
        descend(d, d_loss, d_update)
        descend(g, g_loss, g_update)
    def iterate():
        iteration()
        g[-1].numpy()
    return tf.__version__, lambda count: measure(iterate, count)
serve(prepare)
`;
