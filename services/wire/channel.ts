/** How a program of ours dials the coordinator: with TLS or without, with a token or without. */
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import {
  Channel,
  type ChannelCredentials,
  type ClientOptions,
  credentials,
  experimental,
  InterceptingCall,
  type Interceptor,
} from '@grpc/grpc-js';
import { hostOf, isLoopback } from '../config/loopback.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { TlsFolder, TlsMaterial } from '../security/tlsFolder.ts';
import type { WatchedFiles } from '../security/watchedFiles.ts';
import { CHANNEL_OPTIONS, PROTOCOL_HEADER, PROTOCOL_VERSION } from './limits.ts';

/** What a caller has to show. */
export interface Badge {
  readonly tls?: TlsFolder | undefined;
  readonly token?: WatchedFiles<string> | undefined;
}

/** One connection, for all clients that get it. Closing any of them closes it. */
export interface Dialled {
  readonly credentials: ChannelCredentials;
  readonly options: ClientOptions;
}

/**
 * A connection of its own: gRPC would share one that another channel to the same address began, and one that was begun while
 * the coordinator's pod was replaced stays on its way to the pod that is gone, for the two minutes that TCP tries.
 * Throws `refused` where a token would travel in the clear.
 */
export function dial(address: string, { tls, token }: Badge): Dialled {
  if (token && !tls && !isLoopback(hostOf(address))) throw inTheClear(address);
  const keys = tls ? renewedCredentials(tls, hostOf(address)) : credentials.createInsecure();
  const channelOverride = new Channel(address, keys, {
    ...CHANNEL_OPTIONS,
    'grpc.use_local_subchannel_pool': 1,
    ...(tls && isIP(hostOf(address)) && { 'grpc.ssl_target_name_override': NO_NAME }),
  });
  return { credentials: keys, options: { channelOverride, interceptors: [introduction(token)] } };
}

/** What a server is called that is dialled by its address: TLS names no addresses, and Node warns of each. */
const NO_NAME = 'address.invalid';

/** Each connection is made with the folder's newest files. */
function renewedCredentials(tls: TlsFolder, host: string): ChannelCredentials {
  const provider = new FolderProvider(tls);
  return experimental.createCertificateProviderChannelCredentials(provider, tls.current.own ? provider : null, {
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  });
}

type CaListener = experimental.CaCertificateUpdateListener;
type IdentityListener = experimental.IdentityCertificateUpdateListener;

class FolderProvider implements experimental.CertificateProvider {
  readonly #folder: TlsFolder;
  readonly #stops = new Map<CaListener | IdentityListener, () => void>();

  constructor(folder: TlsFolder) {
    this.#folder = folder;
  }

  addCaCertificateListener(listener: CaListener): void {
    this.#add(listener, ({ ca }) => listener({ caCertificate: ca }));
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#add(listener, ({ own }) => listener(own ? { certificate: own.certificate, privateKey: own.key } : null));
  }

  removeCaCertificateListener(listener: CaListener): void {
    this.#remove(listener);
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#remove(listener);
  }

  #add(listener: CaListener | IdentityListener, tell: (material: TlsMaterial) => void): void {
    this.#stops.set(listener, this.#folder.onChange(tell));
    tell(this.#folder.current);
  }

  #remove(listener: CaListener | IdentityListener): void {
    this.#stops.get(listener)?.();
    this.#stops.delete(listener);
  }
}

/** On each call: which protocol is spoken, and the newest token of the file. */
function introduction(token: WatchedFiles<string> | undefined): Interceptor {
  return (options, nextCall) =>
    new InterceptingCall(nextCall(options), {
      start: (metadata, listener, next) => {
        metadata.set(PROTOCOL_HEADER, String(PROTOCOL_VERSION));
        if (token) metadata.set('authorization', `Bearer ${token.current}`);
        next(metadata, listener);
      },
    });
}

function inTheClear(address: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: `A token would travel to ${address} in the clear: without TLS everybody on the way could read it.`,
    remedy: 'Name a folder with the CA that the coordinator is of by --tls-dir; it may have ca.crt alone.',
  });
}
