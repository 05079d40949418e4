/** Where a file of a run folder is served. */
export function fileUrl(runId: string, name: string): string {
  const path = name.split('/').map(encodeURIComponent).join('/');
  return `/runs/${encodeURIComponent(runId)}/files/${path}`;
}
