/**
 * One worker of the bench's game in TensorFlow: an iteration is one `tf.function`, and weights are updated by the same
 * kernels as ours, which are faster than Keras's optimizers. Reals are on the device already, as in `torchScript.ts`.
 */
import { INIT_RANGE } from '../networks.ts';
import { SERVE_SCRIPT } from './serveScript.ts';

export const TENSORFLOW_SCRIPT = `${SERVE_SCRIPT}
def network(tf, units):
    weights = []
    for inputs, outputs in zip(units, units[1:]):
        weights.append(tf.Variable(tf.random.uniform([inputs, outputs], -${INIT_RANGE}, ${INIT_RANGE})))
        weights.append(tf.Variable(tf.zeros([outputs])))
    return weights
def forward(tf, x, weights):
    for i in range(0, len(weights), 2):
        x = tf.nn.bias_add(tf.matmul(x, weights[i]), weights[i + 1])
        if i < len(weights) - 2:
            x = tf.nn.relu(x)
    return x
def optimizer(tf, case, weights):
    rate = case['learningRate']
    if case['optimizer'] == 'sgd':
        def descend(gradients):
            for w, gradient in zip(weights, gradients):
                tf.raw_ops.ResourceApplyGradientDescent(var=w.handle, alpha=rate, delta=gradient)
        return descend
    beta1, beta2 = 0.9, 0.999
    powers = tf.Variable(1.0), tf.Variable(1.0)
    slots = [(tf.Variable(tf.zeros_like(w)), tf.Variable(tf.zeros_like(w))) for w in weights]
    def adam(gradients):
        power1, power2 = powers[0].assign(powers[0] * beta1), powers[1].assign(powers[1] * beta2)
        for w, (m, v), gradient in zip(weights, slots, gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=w.handle, m=m.handle, v=v.handle, beta1_power=power1, beta2_power=power2,
                lr=rate, beta1=beta1, beta2=beta2, epsilon=1e-8, grad=gradient)
    return adam
def prepare(case):
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(case['threads'])
    tf.config.threading.set_inter_op_parallelism_threads(case['threads'])
    batch = case['batchSize']
    g, d = network(tf, case['generatorUnits']), network(tf, case['discriminatorUnits'])
    g_update, d_update = optimizer(tf, case, g), optimizer(tf, case, d)
    real = tf.random.uniform([batch, case['discriminatorUnits'][0]])
    def fakes():
        z = tf.random.uniform([batch, case['generatorUnits'][0]], -3 ** 0.5, 3 ** 0.5)
        return tf.sigmoid(forward(tf, z, g))
    def descend(weights, loss, update):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            value = loss()
        update(tape.gradient(value, weights))
    def d_loss():
        logits = forward(tf, tf.concat([real, fakes()], 0), d)
        return tf.reduce_mean(tf.nn.softplus(-logits[:batch])) + tf.reduce_mean(tf.nn.softplus(logits[batch:]))
    def g_loss():
        return tf.reduce_mean(tf.nn.softplus(-forward(tf, fakes(), d)))
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
