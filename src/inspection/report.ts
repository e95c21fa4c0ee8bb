/** An inspection as a person reads it: what people ask for first, and the longest list last. */
import type { Inspection } from './inspection.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Packages are known of every image of Debian; of Node.js only our build leaves a record. */
const packaged = (version: string | null): string => version ?? 'not in this image';

const nodeWords = ({ node, image }: Inspection): string =>
  `Node.js ${node ?? (image.isRelay ? 'not in this image' : 'unknown (only relays tell)')}`;

export function inspectionLines(inspection: Inspection): readonly string[] {
  const { name, image, packages, modules, settings } = inspection;
  return [
    `${name}: ${megabytes(image.bytes)}, ${image.platform}, ${image.id}`,
    ...(image.isRelay ? [] : ['no relay of Hikyaku, nor made from one']),
    `Postfix ${packaged(inspection.postfix)}, ${nodeWords(inspection)}, Debian ${packaged(inspection.debian)}`,
    `ports ${image.ports.join(', ') || 'none'}; health check ${image.healthTest.slice(1).join(' ') || 'none'}`,
    '',
    'Settings inside',
    ...settings.variables.map((line) => `  ${line}`),
    ...(settings.file?.trimEnd().split('\n') ?? []).map((line) => `  ${line}`),
    ...(settings.variables.length === 0 && settings.file === null ? ['  none'] : []),
    '',
    'Layers',
    ...image.layers.map(({ digest, bytes }) => `  ${megabytes(bytes).padStart(9)}  ${digest}`),
    '',
    `npm modules in hikyaku itself (${modules.length})`,
    ...modules.map((one) => `  ${one.name} ${one.version} (${one.license})`),
    '',
    `Debian packages (${packages.length})`,
    ...packages.map((one) => `  ${one.name} ${one.version}`),
  ];
}
