import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './docs/generated.ts';

const ROOT = new URL('../', import.meta.url);

const onDisk = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

for (const [path, content] of generatedFiles(onDisk)) {
  writeFileSync(new URL(path, ROOT), content);
  console.log(`wrote ${path}`);
}
