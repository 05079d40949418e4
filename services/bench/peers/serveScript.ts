/** Python's side of a peer process (see `peerProcess.ts`), in front of every script. */
export const SERVE_SCRIPT = `
import json, sys, time
def measure(iterate, count, ready=lambda: None):
    ms = []
    for _ in range(count):
        ready()
        start = time.perf_counter()
        iterate()
        ms.append((time.perf_counter() - start) * 1e3)
    return ms
def serve(prepare):
    """prepare(case) gives a version and a function of a count that gives so many times."""
    def say(answer):
        print(json.dumps(answer), flush=True)
    try:
        version, times = prepare(json.loads(sys.argv[1]))
        say({'version': version})
        for line in sys.stdin:
            say({'ms': times(int(line))})
    except Exception as error:
        say({'error': (str(error).strip() or repr(error)).split('\\n')[0]})
`;
