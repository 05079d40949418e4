/** Pages of the codes between two programs: nobody answers, another version does, or one that says no. */
import type { ErrorPage } from './errorPage.ts';

export const REACH_ERRORS = {
  unreachable: {
    causes: [
      'No coordinator runs there, or it has just been started: a call waits three seconds for one.',
      'The address is another one: `--coordinator` beats `GANGLION_COORDINATOR`, which beats the current context; without any it is 127.0.0.1:7600.',
      'On a cluster: the port is not forwarded, or `kubectl port-forward` ended with the pod that it led to.',
      'The coordinator has `--tls-dir`, and the caller has none: in the clear it hears nothing.',
      'Between workers: a firewall or a network policy. `backend install` and `data download` name the server that they did not reach.',
    ],
    example: `$ npx ganglion runs list --coordinator 127.0.0.1:7699
ganglion: No Ganglion coordinator answers at 127.0.0.1:7699 (connect ECONNREFUSED 127.0.0.1:7699).
  Start one with \`ganglion coordinator\`, or name the right address with --coordinator HOST:PORT; one that has --tls-dir is dialled with --tls-dir.
  unreachable: docs/errors/unreachable.md`,
    steps: [
      'Look whether the coordinator’s process or pod runs, and read the end of its log.',
      'Its first line on stdout is its addresses: those of gRPC, metrics and page. `curl http://HOST:9464/readyz` asks the second one.',
      'On a cluster, forward the port anew: `kubectl -n ganglion port-forward service/ganglion-coordinator 7600`.',
      'With TLS, name a client’s folder: `--tls-dir tls/client`, or a context that has it.',
      'Runs are in no hurry: workers keep their state, and dial again until the coordinator is back.',
    ],
    near: {
      unauthenticated: 'somebody answered, and one side does not trust the other.',
      'protocol-mismatch': 'somebody answered, and speaks otherwise.',
    },
  },
  'protocol-mismatch': {
    causes: [
      'Coordinator and workers, or the CLI, are of versions whose protocol differs; both numbers are in the sentence.',
      'A checkpoint, a journal or a run folder was written by a newer version than reads it.',
      'Something else than a coordinator listens there: another gRPC server does not know the call.',
    ],
    example: `$ npx ganglion evaluate ./ring-1
ganglion: /home/ann/gan/ring-1/checkpoints/phase-000000040/manifest.json has the form ganglion.checkpoint.v9; this program reads ganglion.checkpoint.v1.
  Use the version of Ganglion that wrote it, or a newer one.
  protocol-mismatch: docs/errors/protocol-mismatch.md`,
    steps: [
      '`ganglion version` says what this program is; the coordinator’s version is in `ganglion_build_info`, and on *Fleet*.',
      'Bring the older side up to the newer one. What an older version wrote is always read; what is newer is refused, and left as it is.',
      'Coordinator and workers are of one version: roll them out together. A CLI of the same minor version may differ.',
    ],
    near: {
      corrupt: 'the form is the right one, and the bytes are not.',
      refused: 'both understand each other, and one says no.',
    },
  },
  refused: {
    causes: [
      'A service would listen beyond this machine without TLS, and nobody said `--insecure`.',
      '`ganglion chaos` without `--yes-break-things`, or against a coordinator without `--allow-chaos`.',
      'A token would travel in the clear.',
      'Between workers: a connection without the generation’s key, a frame that does not fit its seal. It is dropped, and entered no sum.',
      'A picture of what is none: samples that are points, figure 1 of a run with more than one dimension.',
    ],
    example: `$ npx ganglion coordinator --host 0.0.0.0
ganglion: --host 0.0.0.0 would listen beyond this machine without TLS: anyone there could launch runs.
  Name certificates by --tls-dir (\`ganglion tls init\` makes them), or say --insecure on a network that you trust.
  refused: docs/errors/refused.md`,
    steps: [
      'Do what the second line says. What was refused changed nothing.',
      'For TLS: `ganglion tls init tls --hosts NAME` makes a CA and certificates for everybody; [Security](../../README.md#security) has the rest.',
      'Where workers are refused again and again, look who else dials their ports, and whether all are of one version.',
    ],
    near: {
      forbidden: 'it is done for others, whose role is another.',
      'wrong-state': 'it would be done in another state of the run.',
    },
  },
  unauthenticated: {
    causes: [
      'No certificate and no token was shown to a coordinator that asks for one.',
      'A certificate that has expired, is not yet valid, or is of another CA; the sentence says which.',
      'A token that is not, or is no longer, in the coordinator’s `--tokens-file`.',
      'The other way round: the coordinator’s certificate is of a CA that the caller’s `ca.crt` does not have, or is not for that address.',
    ],
    example: `$ npx ganglion runs list --coordinator 127.0.0.1:7601
ganglion: ganglion.v1.RunService/ListRuns was refused to a caller: it showed no certificate.
  Name a folder with a certificate of this cluster’s CA by --tls-dir, or a token by --token-file.
  unauthenticated: docs/errors/unauthenticated.md`,
    steps: [
      'Name who you are: `--tls-dir tls/client` (`GANGLION_TLS_DIR`), or `--token-file FILE` (`GANGLION_TOKEN_FILE`), or a context that has them.',
      '`openssl x509 -in tls/client/tls.crt -noout -dates -issuer` shows until when a certificate holds, and whose it is.',
      'A new one: `ganglion tls issue tls NAME --role client`. It needs `tls/ca/ca.key`; services read new files within a second, without a restart.',
      'Not for this address: `ganglion tls init` takes all names and addresses of the coordinator by `--hosts`.',
    ],
    near: {
      forbidden: 'it is known who calls, and they may not.',
      unreachable: 'in the clear, a coordinator with TLS does not answer at all.',
    },
  },
  forbidden: {
    causes: [
      'A worker’s certificate or token was used for the CLI, or a client’s for a worker.',
      'A client’s was used for what an admin does: draining a worker, `ganglion chaos`.',
      'A certificate without any role: neither `urn:ganglion:role:…` among its names nor an organizational unit that is one.',
    ],
    example: `$ npx ganglion runs list --coordinator 127.0.0.1:7601 --token-file worker.token
ganglion: The holder of this token has the role worker; ganglion.v1.RunService/ListRuns is for client, admin.
  Call with the certificate or the token of one that may: client, admin.
  forbidden: docs/errors/forbidden.md`,
    steps: [
      'The sentence has the role that was found and those that may; [the table](../../README.md#security) has every call and role.',
      'Call as one of them: `--tls-dir tls/admin`, say. A token counts for more than a certificate, so leave `GANGLION_TOKEN_FILE` out.',
      'A certificate with more than one role: `ganglion tls issue tls NAME --role worker,client`.',
    ],
    near: {
      unauthenticated: 'it is not known who calls.',
      refused: 'nobody may.',
    },
  },
  'port-in-use': {
    causes: [
      'Another coordinator runs on this machine, in the background or in another terminal.',
      'Another service has 7600, 9464 (metrics) or 9465 (the live page) by habit.',
    ],
    example: `$ npx ganglion coordinator --port 7600 --data-dir other-runs
ganglion: Port 7600 on 127.0.0.1 is already in use.
  Stop the other program, or choose another port with --port (0 takes a free one).
  port-in-use: docs/errors/port-in-use.md`,
    steps: [
      '`ss -ltnp | grep 7600` names the process. Where it is a coordinator, its runs are one `ganglion runs list` away: perhaps no second one is needed.',
      'A second one gets ports and a folder of its own: `ganglion coordinator --port 0 --http-port 0 --page-port 0 --data-dir other-runs`. Its first line on stdout has the ports that it took.',
    ],
    near: { 'already-exists': 'the ports are free, and the data folder is another coordinator’s.' },
  },
} as const satisfies Record<string, ErrorPage>;
