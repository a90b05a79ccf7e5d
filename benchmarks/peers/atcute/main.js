// Read a repository with @atcute/repo: `stream CAR` or `whole CAR`.
import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';

import { fromStream, fromUint8Array } from '@atcute/repo';

const stream = (path) =>
	fromStream(Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })));

const [mode, path] = process.argv.slice(2);
const begin = performance.now();
let records = 0;
let length = 0;
if (mode === 'stream') {
	for await (const entry of stream(path)) {
		records += 1;
		length += entry.bytes.length;
	}
} else {
	for (const entry of fromUint8Array(readFileSync(path))) {
		records += 1;
		length += entry.bytes.length;
	}
}
const seconds = (performance.now() - begin) / 1000;
console.log(JSON.stringify({ records, seconds }));
