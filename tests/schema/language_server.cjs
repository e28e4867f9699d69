// What an editor shows of federation.toml: taplo's language server, the one in its extension for VS Code, is asked as an
// editor asks it. Every table must offer its keys with what they mean, every word its choices, and a mistake is underlined.
// Usage: node language_server.cjs PACKAGES SCHEMA, the directory where npm installed @taplo/lsp, and the schema's file.
'use strict';
const fs = require('fs');
const path = require('path');
const {pathToFileURL} = require('url');
const assert = require('assert');

const [packages, schemaFile] = process.argv.slice(2).map(file => path.resolve(file));
const {TaploLsp} = require(path.join(packages, 'node_modules/@taplo/lsp'));
const schema = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
const directory = path.dirname(schemaFile);
const deadline = 60_000;  // milliseconds for everything; a server that does not answer is a failure

// What taplo wants to know of the world: it may read files, and nothing else.
const environment = {
  now: () => new Date(0),
  envVar: () => undefined,
  envVars: () => [],
  stdErrAtty: () => false,
  stdin: async () => new Uint8Array(),
  stdout: async bytes => bytes.length,
  stderr: async bytes => bytes.length,
  glob: () => [],
  readFile: async file => fs.readFileSync(file),
  writeFile: async () => { throw new Error('nothing is to be written'); },
  urlToFilePath: address => decodeURI(address).replace(/^file:\/\//, ''),
  isAbsolute: file => path.isAbsolute(file),
  cwd: () => directory,
  findConfigFile: () => undefined,
  fetch: {fetch: async () => { throw new Error('no network'); }, Headers, Request, Response},
};

// The other end of the language server protocol.
class Editor {
  static async start() {
    const editor = new Editor();
    editor.answers = new Map();
    editor.opened = 0;
    editor.calls = 0;
    editor.problems = new Map();
    editor.watchers = new Map();
    editor.server = await TaploLsp.initialize(environment, {onMessage: message => editor.receive(message)});
    const root = pathToFileURL(directory).href;
    await editor.call('initialize', {
      capabilities: {workspace: {configuration: true}},
      workspaceFolders: [{uri: root, name: 'federation'}],
    });
    editor.send({method: 'initialized', params: {}});
    return editor;
  }

  send(message) { this.server.send({jsonrpc: '2.0', ...message}); }

  call(method, params) {
    const id = ++this.calls;
    this.send({id, method, params});
    return new Promise(resolve => this.answers.set(id, resolve));
  }

  receive(message) {
    if (message.method === undefined) return this.answers.get(message.id)(message.result);
    if (message.method === 'textDocument/publishDiagnostics') {
      const {uri, diagnostics} = message.params;
      if (diagnostics.length > 0 && this.watchers.has(uri)) this.watchers.get(uri)(diagnostics);
    }
    if (message.id === undefined) return;
    const settings = {schema: {enabled: true, catalogs: []}};
    const result = message.method === 'workspace/configuration' ? message.params.items.map(() => settings) : null;
    this.send({id: message.id, result});
  }

  // A file that nobody has saved yet; `|` is where the cursor is.
  open(marked) {
    const text = `#:schema ./${path.basename(schemaFile)}\n${marked.replace('|', '')}`;
    const before = `#:schema ./${path.basename(schemaFile)}\n${marked.split('|')[0]}`.split('\n');
    const uri = `${pathToFileURL(directory).href}/${++this.opened}.toml`;
    const problems = new Promise(resolve => this.watchers.set(uri, resolve));
    this.send({method: 'textDocument/didOpen', params: {textDocument: {uri, languageId: 'toml', version: 1, text}}});
    const position = {line: before.length - 1, character: before.at(-1).length};
    return {textDocument: {uri}, position, problems};
  }

  async ask(method, marked) {
    const {textDocument, position} = this.open(marked);
    return this.call(method, {textDocument, position});
  }
}

// The tables of the language, by a header that leads to them.
function tables(table, header = '') {
  const found = header ? [[header, table.properties]] : [];
  for (const [key, value] of Object.entries(table.properties ?? {})) {
    const name = header ? `${header}.${key}` : key;
    const [named] = Object.values(value.patternProperties ?? {});  // tables by name, or labels
    if (named?.properties) found.push(...tables(named, `${name}.any`));
    else if (value.properties) found.push(...tables(value, name));
  }
  return found;
}

const meaning = value => value.description ?? value.anyOf[0].description;
const sorted = words => [...words].sort();

function checks(editor) {
  const rows = [];
  for (const [header, keys] of tables(schema)) {
    rows.push([`[${header}] offers its keys, and says what they mean`, async () => {
      const offered = await editor.ask('textDocument/completion', `[${header}]\n|\n`);
      const whole = offered.filter(item => !item.label.includes('.'));  // `gateway.port` is offered too
      assert.deepEqual(sorted(new Set(whole.map(item => item.label))), sorted(Object.keys(keys)));
      for (const item of whole) assert.ok(item.documentation?.value, `${item.label} is offered without a word`);
      for (const [key, value] of Object.entries(keys)) {
        const said = whole.filter(item => item.label === key).map(item => item.documentation.value);
        assert.ok(said.includes(meaning(value)), `${key}: ${said}`);
      }
    }]);
    for (const [key, value] of Object.entries(keys)) {
      rows.push([`[${header}] says what ${key} means`, async () => {
        const shown = await editor.ask('textDocument/hover', `[${header}]\n${key}| = ""\n`);
        assert.equal(shown.contents.value.trim().split('\n')[0], meaning(value));
      }]);
      const words = value.enum ?? value.anyOf?.[0].enum;
      if (!words) continue;
      rows.push([`[${header}] offers the words of ${key}`, async () => {
        const offered = await editor.ask('textDocument/completion', `[${header}]\n${key} = "|"\n`);
        const strings = offered.map(item => item.label).filter(label => label.startsWith('"'));
        // Of a word or a table, the editor offers what may stand in the table, too.
        const table = (value.anyOf ?? []).flatMap(form => Object.values(form.properties ?? {}));
        const nested = table.flatMap(inner => inner.enum ?? (inner.type === 'string' ? [''] : []));
        const expected = [...words, ...nested].map(word => `"${word}"`);
        assert.deepEqual(nested.length ? sorted(new Set(strings)) : sorted(strings), sorted(new Set(expected)));
      }]);
    }
  }
  for (const [wrong, line, words] of [['[defaults]\nmtsl = "strict"', 1, /mtsl/], ['[defaults]\nmtls = "on"', 2, /unmanaged/]]) {
    rows.push([`${JSON.stringify(wrong)} is underlined`, async () => {
      const problems = await editor.open(wrong).problems;
      assert.ok(problems.some(problem => words.test(problem.message) && problem.range.start.line === line),
                JSON.stringify(problems));
    }]);
  }
  return rows;
}

async function main() {
  let passed = 0, failed = 0;
  const timer = setTimeout(() => {
    console.log(`no answer in ${deadline / 1000} s\n${passed} passed, ${failed + 1} failed`);
    process.exit(1);
  }, deadline);
  for (const [name, check] of checks(await Editor.start())) {
    try {
      await check();
      ++passed;
    } catch (error) {
      ++failed;
      console.log(`${name}: FAILED\n${error.message}`);
    }
  }
  clearTimeout(timer);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

main();
