/** Files that wait to be sent, kept in the browser's database so that a reload or a crash does not lose them. */

const NAME = "letan-chat";
const STORE = "files";
const memory = new Map();
let database;

function opened() {
  database ??= new Promise((resolve) => {
    // A browser that offers no database (a private window, a blocked frame) leaves us with the memory of this page.
    let request;
    try {
      request = indexedDB.open(NAME, 1);
    } catch (failure) {
      if (!(failure instanceof DOMException || failure instanceof TypeError || failure instanceof ReferenceError)) throw failure;
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => resolve(null);
  });
  return database;
}

async function inStore(mode, work) {
  const found = await opened();
  if (!found) return undefined;
  return new Promise((resolve) => {
    const transaction = found.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => resolve(undefined);
  });
}

/** Keep a file under the id of its message. */
export async function keep(id, blob) {
  memory.set(id, blob);
  await inStore("readwrite", (store) => store.put(blob, id));
}

/** The file of a message that waits, or `undefined`. */
export async function fetchKept(id) {
  if (!memory.has(id)) {
    const blob = await inStore("readonly", (store) => store.get(id));
    if (blob) memory.set(id, blob);
  }
  return memory.get(id);
}

/** The file, where this page itself was given it: for showing at once. */
export const atHand = (id) => memory.get(id);

/** The message is through or was given up. */
export async function forget(id) {
  memory.delete(id);
  await inStore("readwrite", (store) => store.delete(id));
}

/** Throw away what belongs to no waiting message any more: a crash may have come between the two. */
export async function sweep(wanted) {
  for (const id of (await inStore("readonly", (store) => store.getAllKeys())) ?? []) if (!wanted.includes(id)) await forget(id);
}
