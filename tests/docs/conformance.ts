/** What the stand-ins serve of their vendors' own API descriptions, and where they deviate on purpose. */
import { described as atlas } from "../../sandbox/clouds/atlas/index.ts";
import { described as redisCloud } from "../../sandbox/clouds/redis-cloud/index.ts";
import { described as render } from "../../sandbox/clouds/render/index.ts";
import { described as upstash } from "../../sandbox/clouds/upstash/index.ts";
import { table } from "./markers.ts";

const all = [render, atlas, upstash, redisCloud].map(({ description }) => description);
const code = (words: readonly string[] = []) => words.map((word) => `\`${word}\``).join(", ");

export const conformance = (): string =>
  [
    table(
      ["vendor", "description", "of", "calls", "of which take a body"],
      all.map(({ vendor, source, day, routes }) => [
        vendor,
        `[${source.replace("https://github.com/", "").replace(/\/blob\/([0-9a-f]{7})[0-9a-f]*\//, " at $1: ")}](${source})`,
        day,
        String(Object.keys(routes).length),
        String(Object.values(routes).filter(({ request }) => request !== undefined).length),
      ]),
    ),
    table(
      ["vendor", "where", "deviation", "why"],
      all.flatMap(({ vendor, deviations }) =>
        deviations.map(({ kind, call, schema, fields, why }) => [
          vendor,
          call === undefined ? (schema ?? "everywhere") : code([call]),
          fields === undefined ? kind : `${kind}: ${code(fields)}`,
          why,
        ]),
      ),
    ),
  ].join("\n\n");
