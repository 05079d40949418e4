// Preloaded by a worker of a test: its clock is wrong from the start, in the threads that it starts too.
const origin = performance.timeOrigin + Number(process.env.TEST_SKEW_MS);
Object.defineProperty(performance, 'timeOrigin', { value: origin });
