/** What commands make themselves to print it. Their types alone are loaded with a command line; `docs/documents.ts` loads the rest. */
import { z } from 'zod';
import { stampSchema } from '../backend/stamp.ts';
import { dataSummarySchema } from '../data/summary.ts';

const count = z.int().min(0);
const address = z.string().describe('HOST:PORT.');

export const versionSchema = z.strictObject({
  ganglion: z.string(),
  node: z.string(),
  platform: z.string().describe('As linux-x64.'),
});
export type Version = z.output<typeof versionSchema>;

export const presetSchema = z.strictObject({ name: z.string(), summary: z.string() });
export type Preset = z.output<typeof presetSchema>;

export const validConfigSchema = z.strictObject({
  file: z.string(),
  valid: z.literal(true).describe('What is wrong with another is told on stderr, with exit code 2.'),
  name: z.string(),
  samples: count.describe('Of the training data.'),
  phases: count,
});
export type ValidConfig = z.output<typeof validConfigSchema>;

export const contextSchema = z.strictObject({
  name: z.string(),
  current: z.boolean(),
  coordinator: address,
  tlsDir: z.string().optional(),
  tokenFile: z.string().optional(),
});
export type ContextRow = z.output<typeof contextSchema>;

export const checkedDataSchema = z.strictObject({
  split: z.enum(['train', 'valid', 'test']),
  ...dataSummarySchema.shape,
  normalize: z.string().describe('What is done to the values before the networks see them.'),
});
export type CheckedData = Readonly<z.output<typeof checkedDataSchema>>;

export const downloadSchema = z.strictObject({
  dataset: z.string(),
  path: z.string().describe('The two are the section `data` of a run config.'),
});
export type Download = z.output<typeof downloadSchema>;

export const listensSchema = z.strictObject({
  address: address.describe('HOST:PORT of gRPC.'),
  httpAddress: address.describe('HOST:PORT of /metrics, /healthz, /readyz and /samples.'),
  pageAddress: address.describe('HOST:PORT of the live page.'),
});
export type Listens = z.output<typeof listensSchema>;

export const neighbourSchema = z.strictObject({
  sample: count.describe('The last of a row of the picture.'),
  nearest: count.describe('The training image that is nearest to it.'),
  distance: z.number().describe('L2 over the pixels.'),
});
export type Neighbour = z.output<typeof neighbourSchema>;

export const certificateSchema = z.strictObject({
  folder: z.string().describe('For --tls-dir.'),
  name: z.string(),
  roles: z.array(z.string()).describe('What its holder may do as a caller.'),
  days: count,
  hosts: z.array(z.string()),
});
export type IssuedCertificate = z.output<typeof certificateSchema>;

export const installSchema = z.strictObject({
  outcome: z.enum(['installed', 'already-installed']),
  folder: z.string(),
  ...stampSchema.shape,
});
export type Install = z.output<typeof installSchema>;
