/** Which answer a URL asks for: pure. */

export type Route =
  | { readonly type: 'asset'; readonly name: string }
  | { readonly type: 'events'; readonly runId: string | undefined; readonly cursor: string | undefined }
  | { readonly type: 'checkpoints'; readonly runId: string }
  | { readonly type: 'figure1'; readonly runId: string }
  | { readonly type: 'file'; readonly runId: string; readonly name: string };

/** Undefined where nothing is there. The page itself is the asset `index.html`. */
export function routeOf(url: string): Route | undefined {
  const [path = '', query = ''] = url.split('?', 2);
  const parts = decoded(path.split('/').slice(1));
  const [first, second = '', third, ...rest] = parts ?? [];
  if (path === '/') return { type: 'asset', name: 'index.html' };
  if (first === 'assets') return { type: 'asset', name: (parts ?? []).slice(1).join('/') };
  if (path === '/events') {
    const asked = new URLSearchParams(query);
    return { type: 'events', runId: asked.get('run') || undefined, cursor: asked.get('after') || undefined };
  }
  if (first !== 'runs' || second === '') return undefined;
  if (third === 'files' && rest.length > 0) return { type: 'file', runId: second, name: rest.join('/') };
  if ((third === 'checkpoints' || third === 'figure1') && rest.length === 0) return { type: third, runId: second };
  return undefined;
}

function decoded(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined; // A % that means nothing.
  }
}
