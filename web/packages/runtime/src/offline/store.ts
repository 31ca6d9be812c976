import { hereabouts } from "@lowcode/protocol";

/** What stays on the device: one small database for each address the page stands at. */
const NAME = hereabouts("lowcode");

export type StoreName = "queue" | "files" | "kept";

let opened: Promise<IDBDatabase> | undefined;

/** What did not open, or was closed by the browser, is opened anew by whoever asks next. */
const again = () => {
  opened = undefined;
};

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of ["queue", "files", "kept"]) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      request.result.onclose = again;
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("the database of the device did not open"));
  });
  opened.catch(again);
  return opened;
}

async function run<Answer>(store: StoreName, mode: IDBTransactionMode, work: (objects: IDBObjectStore) => IDBRequest<Answer>): Promise<Answer> {
  const database = await open();
  return await new Promise<Answer>((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const request = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error ?? new Error("nothing was kept on the device"));
  });
}

/** Looks and writes in one transaction, so that nothing another hand wrote in between is lost. What `next` gives is kept:
 * the same as was found leaves it, undefined takes it away. */
async function change<Value>(name: StoreName, key: string, next: (found: Value | undefined) => Value | undefined): Promise<Value | undefined> {
  let kept: Value | undefined;
  await run(name, "readwrite", (objects) => {
    const request = objects.get(key) as IDBRequest<Value | undefined>;
    request.onsuccess = () => {
      kept = next(request.result);
      if (kept === undefined) objects.delete(key);
      else if (kept !== request.result) objects.put(kept, key);
    };
    return request;
  });
  return kept;
}

export const store = {
  change,
  get: <Value,>(name: StoreName, key: string) => run<Value | undefined>(name, "readonly", (objects) => objects.get(key) as IDBRequest<Value | undefined>),
  all: <Value,>(name: StoreName) => run<Value[]>(name, "readonly", (objects) => objects.getAll() as IDBRequest<Value[]>),
  put: (name: StoreName, key: string, value: unknown) => run(name, "readwrite", (objects) => objects.put(value, key)),
  remove: (name: StoreName, key: string) => run(name, "readwrite", (objects) => objects.delete(key)),
  clear: (name: StoreName) => run(name, "readwrite", (objects) => objects.clear()),
};
