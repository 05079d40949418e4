/** The page of the gRPC contracts, out of the comments of the .proto files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { packageRoot } from '../config/packageRoot.ts';
import { table } from './markdown.ts';

const HEAD = `# Protocol

The gRPC contracts of package \`ganglion.v1\`, by file. Made by \`npm run generate\` out of the comments in \`proto/\`; do not edit. \`grpc.health.v1\` and server reflection are served beside them,
so that \`grpcurl -plaintext 127.0.0.1:7600 list\` shows the same.
`;

export function protocolReference(): string {
  const folder = join(packageRoot(), 'proto', 'ganglion', 'v1');
  const files = readdirSync(folder).sort();
  return [HEAD, ...files.flatMap((file) => ofFile(file, readFileSync(join(folder, file), 'utf8')))].join('\n');
}

function ofFile(file: string, text: string): string[] {
  const { root } = protobuf.parse(text, { keepCase: true, alternateCommentMode: true });
  const namespace = root.lookup('ganglion.v1') as protobuf.Namespace;
  const about = /^\/\/ (.*)$/m.exec(text)?.[1] ?? '';
  return [`## ${file}`, '', about, '', ...namespace.nestedArray.flatMap((thing) => ofThing(thing))];
}

function ofThing(thing: protobuf.ReflectionObject): string[] {
  const head = (kind: string) => [`### ${kind} ${thing.name}`, '', thing.comment ?? '', ''];
  if (thing instanceof protobuf.Service) {
    const rows = thing.methodsArray.map(
      ({ name, requestType, requestStream, responseType, responseStream, comment }) => [
        `\`${name}\``,
        `${requestStream ? 'stream of ' : ''}${requestType}`,
        `${responseStream ? 'stream of ' : ''}${responseType}`,
        comment ?? '',
      ],
    );
    return [...head('service'), ...table(['rpc', 'takes', 'gives', ''], rows), ''];
  }
  if (thing instanceof protobuf.Enum) {
    const rows = Object.entries(thing.values).map(([name, id]) => [`\`${name}\``, `${id}`, thing.comments[name] ?? '']);
    return [...head('enum'), ...table(['value', 'number', ''], rows), ''];
  }
  if (!(thing instanceof protobuf.Type)) return [];
  const rows = thing.fieldsArray.map((field) => [
    `\`${field.name}\``,
    typeOf(field),
    `${field.id}`,
    field.comment ?? '',
  ]);
  return [
    ...head('message'),
    ...table(['field', 'type', 'number', ''], rows),
    '',
    ...thing.nestedArray.flatMap(ofThing),
  ];
}

function typeOf(field: protobuf.Field): string {
  if (field instanceof protobuf.MapField) return `map of ${field.keyType} to ${field.type}`;
  if (field.repeated) return `list of ${field.type}`;
  const choice = field.partOf;
  return choice === null || choice.isProto3Optional ? field.type : `${field.type}, one of ${choice.name}`;
}
