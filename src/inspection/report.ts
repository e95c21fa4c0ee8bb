/** An inspection as a person reads it: what people ask for first, and the longest list last. */
import type { Inspection } from './inspection.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const isThere = (version: string | null): string => version ?? 'not in this image';

export function inspectionLines(inspection: Inspection): readonly string[] {
  const { name, image, packages, modules, settings } = inspection;
  return [
    `${name}: ${megabytes(image.bytes)}, ${image.platform}, ${image.id}`,
    `Postfix ${isThere(inspection.postfix)}, Node.js ${isThere(inspection.node)}, Debian ${isThere(inspection.debian)}`,
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
