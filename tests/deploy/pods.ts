/** The pods that manifests ask for, wherever a kind keeps its template. */
import type { Resource } from './render.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly securityContext?: Record<string, unknown>;
  readonly resources?: { readonly requests?: Record<string, string>; readonly limits?: Record<string, string> };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: object;
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
}

export interface Pod {
  readonly owner: string;
  readonly labels: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: a pod's spec, which the schemas have judged.
  readonly spec: any;
  readonly containers: readonly Container[];
}

export function podsOf(resources: readonly Resource[]): Pod[] {
  return resources.flatMap((resource) => {
    const { kind, metadata, spec } = resource;
    const template = templateOf(kind, spec);
    if (template === undefined) return [];
    const containers = [...(template.spec.initContainers ?? []), ...template.spec.containers];
    return [{ owner: `${kind} ${metadata.name}`, labels: template.metadata.labels, spec: template.spec, containers }];
  });
}

function templateOf(kind: string, spec: Resource['spec']) {
  switch (kind) {
    case 'StatefulSet':
    case 'Deployment':
    case 'Job':
      return spec.template;
    case 'JobSet':
      return spec.replicatedJobs[0].template.spec.template;
    case 'TrainingRuntime':
      return spec.template.spec.replicatedJobs[0].template.spec.template;
    default:
      return undefined;
  }
}
