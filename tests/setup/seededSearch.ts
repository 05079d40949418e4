/**
 * Property tests search from the same seed in every run, so that a commit that passed passes. To search on:
 * `GANGLION_TEST_SEED=$RANDOM GANGLION_TEST_RUNS=30 npm test -- --project unit tests/coordinator`.
 */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.GANGLION_TEST_SEED ?? 1) });
