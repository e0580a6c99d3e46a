// Reads GitHub-flavoured Markdown as its specification says, and prints the tree (mdast) as JSON.
// usage: markdown.mjs [FILE]    (standard input without FILE)
import { readFileSync } from 'node:fs';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

const text = readFileSync(process.argv[2] ?? 0, 'utf8');
const tree = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
process.stdout.write(JSON.stringify(tree, (key, value) => (key === 'position' ? undefined : value)));
