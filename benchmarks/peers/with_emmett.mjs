// emmett at the contest: its SQLite event store, with one connection kept open, which is faster than its default of
// one a call. It sets WAL; `synchronous=FULL` is set here. An append is of one stream, so that many streams take a
// commit each. All events are read by `readMessagesBatch`; its own projections run in its consumer, in batches of a
// hundred, with a checkpoint in the file. It serves as answering.py does; BigInt and JSON are its own.

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [folder, given, place] = process.argv.slice(2);
const task = JSON.parse(given);
const resolve = createRequire(join(place, 'package.json')).resolve;
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { CommandHandler } = await load('@event-driven-io/emmett');
const { getSQLiteEventStore, readMessagesBatch, sqliteConnection } = await load('@event-driven-io/emmett-sqlite');

const TEXT = 'The queue for refunds is handled by hand until the policy is in the dataset';
const AT_ONCE = 1000;

const initialState = () => ({ title: null, notes: [] });
const evolve = (state, { type, data }) => {
  if (type === 'InitiativeOpened') state.title = data.title;
  else state.notes.push(data.text);
  return state;
};
const note = () => ({ type: 'NoteAdded', data: { text: TEXT, by: 'paula', at: new Date().toISOString() } });
const begun = (number) => ({ type: 'InitiativeOpened', data: { title: `Initiative ${number}` } });
const noted = (streams, each) =>
  Array.from({ length: streams }, (_, number) => [
    `initiative-${number}`,
    [begun(number), ...Array.from({ length: each - 1 }, note)],
  ]);

async function timed(path, work) {
  const fileName = join(path, 'events.db');
  const connection = sqliteConnection({ fileName });
  await connection.command('PRAGMA synchronous = FULL');
  const options = { fileName, connectionOptions: { singleton: true, connection } };
  const store = getSQLiteEventStore(options);
  await store.readStream('initiative-none');
  const began = process.hrtime.bigint();
  await work(store, connection);
  const took = Number(process.hrtime.bigint() - began) / 1e9;
  await connection.command('PRAGMA wal_checkpoint(TRUNCATE)'); // its close cannot be waited for
  connection.close();
  return took;
}

async function append(store, many) {
  for (const [stream, events] of many) await store.appendToStream(stream, events);
}

function checkCount(found, expected) {
  if (found !== expected) throw new Error(`${found} events were read, not ${expected}`);
}

const works = {
  append: (path) =>
    timed(path, async (store) => {
      const handle = CommandHandler({ evolve, initialState });
      for (let each = 0; each < task.commits; each++)
        await handle(store, `initiative-${each % task.streams}`, () => note());
    }),
  'append-many': (path) => {
    const many = noted(task.streams, task.each);
    return timed(path, (store) => append(store, many));
  },
  load: () =>
    timed(join(folder, 'whole'), async (store) => {
      for (let each = 0; each < task.loads; each++)
        await store.aggregateStream('initiative-0', { evolve, initialState });
    }),
  'read-all': () =>
    timed(join(folder, 'many'), async (_, connection) => {
      let count = 0;
      for (let after = 0n, left = true; left; ) {
        const { messages, currentGlobalPosition, areEventsLeft } = await readMessagesBatch(connection, {
          after,
          batchSize: AT_ONCE,
        });
        count += messages.length;
        after = currentGlobalPosition;
        left = areEventsLeft;
      }
      checkCount(count, task.streams * task.each);
    }),
  project: (path) => {
    cpSync(join(folder, 'many'), path, { recursive: true });
    return timed(path, async (store) => {
      const expected = task.streams * task.each;
      let count = 0;
      const consumer = store.consumer();
      consumer.processor({
        processorId: 'counting',
        startFrom: 'BEGINNING',
        eachMessage: () => void count++,
        stopAfter: () => count === expected,
      });
      await consumer.start();
      checkCount(count, expected);
    });
  },
};

for (const [name, streams, each] of [
  ['some', task.streams, task.before],
  ['whole', 1, task.events],
  ['many', task.streams, task.each],
]) {
  mkdirSync(join(folder, name), { recursive: true });
  await timed(join(folder, name), (store) => append(store, noted(streams, each)));
}

for await (const line of createInterface({ input: process.stdin })) {
  const path = mkdtempSync(join(folder, 'work-'));
  if (line === 'append') cpSync(join(folder, 'some'), path, { recursive: true });
  console.log(JSON.stringify(await works[line](path)));
  rmSync(path, { recursive: true });
}
