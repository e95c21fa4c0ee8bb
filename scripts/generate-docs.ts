import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './docs/generated.ts';

const ROOT = new URL('../', import.meta.url);

for (const [path, content] of generatedFiles(readFileSync(new URL('README.md', ROOT), 'utf8'))) {
  writeFileSync(new URL(path, ROOT), content);
  console.log(`wrote ${path}`);
}
