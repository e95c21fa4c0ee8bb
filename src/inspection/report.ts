/** An inspection as a person reads it. */
import type { Inspection } from './inspection.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const isThere = (version: string | null): string => version ?? 'not in this image';

export function inspectionLines(inspection: Inspection): readonly string[] {
  const { name, image, packages, modules, settings } = inspection;
  return [
    `${name}: ${megabytes(image.bytes)}, ${image.platform}, ${image.id}`,
    `Postfix ${isThere(inspection.postfix)}, Node.js ${isThere(inspection.node)}, Debian ${isThere(inspection.debian)}`,
    '',
    'Layers',
    ...image.layers.map(({ digest, bytes }) => `  ${megabytes(bytes).padStart(9)}  ${digest}`),
    '',
    `Debian packages (${packages.length})`,
    ...packages.map((one) => `  ${one.name} ${one.version}`),
    '',
    `npm modules in hikyaku itself (${modules.length})`,
    ...modules.map((one) => `  ${one.name} ${one.version} (${one.license})`),
    '',
    'Settings inside',
    ...settings.variables.map((line) => `  ${line}`),
    ...(settings.file?.trimEnd().split('\n') ?? []).map((line) => `  ${line}`),
    ...(settings.variables.length === 0 && settings.file === null ? ['  none'] : []),
  ];
}
