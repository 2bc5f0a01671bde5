/** OBJECT: what Redis tells of how it holds a value, as Redis 7.2 holds one of that size by default. */
import type { Entry } from "../keyspace.ts";
import type { Call, Commands } from "../session.ts";

const isInteger = (text: string) => /^(0|-?[1-9]\d{0,18})$/.test(text) && fits(BigInt(text));
const fits = (value: bigint) => BigInt.asIntN(64, value) === value;

/** Few and short ones are packed together. */
const packed = (items: Iterable<string>, most: number) => {
  const all = [...items];
  return all.length <= most && all.every((item) => item.length <= 64);
};

function encoding(entry: Entry): string {
  switch (entry.type) {
    case "string":
      return isInteger(entry.value) ? "int" : entry.value.length <= 44 ? "embstr" : "raw";
    case "list": {
      // 8 kB, with what each takes besides.
      const size = entry.value.reduce((sum, item) => sum + item.length + 2, 7);
      return size <= 8192 ? "listpack" : "quicklist";
    }
    case "hash":
      return packed([...entry.value].flat(), 256) ? "listpack" : "hashtable";
    case "set":
      if (entry.value.size <= 512 && [...entry.value].every(isInteger)) return "intset";
      return packed(entry.value, 128) ? "listpack" : "hashtable";
    case "zset":
      return packed(entry.value.keys(), 128) ? "listpack" : "skiplist";
  }
}

const about = (tell: (entry: Entry) => string | number) => (call: Call, key: string) => {
  const entry = call.db.entry(key);
  return entry === undefined ? null : tell(entry);
};

export const object: Commands = {
  "object|encoding": about(encoding),
  "object|refcount": about(({ type, value }) =>
    type === "string" && isInteger(value) && Number(value) >= 0 && Number(value) < 10_000 ? 2 ** 31 - 1 : 1,
  ),
};
