/** Times, durations and numbers as a page writes them. */

export function clock(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').slice(0, 19);
}

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

export function whole(value: number): string {
  return value.toLocaleString('en');
}

export function figure(value: number): string {
  return Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(5)));
}
