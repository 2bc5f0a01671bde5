// @ts-check
/** For tests: puts a value into databases that the backend's variables lead to, or says in which of them it is. */
import { createClient } from "@redis/client";
import { MongoClient } from "mongodb";
import pg from "pg";

const [what = "", kinds = ""] = process.argv.slice(2);
const { MONGODB_URL = "", MONGODB_DB_NAME = "", REDIS_URL = "", ...env } = process.env;

const inMongodb = async () => {
  const client = await new MongoClient(MONGODB_URL).connect();
  const marks = client.db(MONGODB_DB_NAME).collection("marks");
  if (what === "put") await marks.insertOne({ mark: "here" });
  const found = await marks.countDocuments({ mark: "here" });
  await client.close();
  return found > 0;
};

const inPostgres = async () => {
  const { POSTGRES_HOST: host = "", POSTGRES_PORT: port, POSTGRES_USER: user } = env;
  const { POSTGRES_PASSWORD: password, POSTGRES_DB: database } = env;
  const client = new pg.Client({ host, port: Number(port), user, password, database });
  await client.connect();
  if (what === "put") await client.query("INSERT INTO users (email) VALUES ('mark@example.com')");
  const { rowCount } = await client.query("SELECT FROM users WHERE email = 'mark@example.com'");
  await client.end();
  return rowCount === 1;
};

const inRedis = async () => {
  const client = await createClient({ url: REDIS_URL }).connect();
  if (what === "put") await client.set("mark", "here");
  const found = await client.get("mark");
  await client.close();
  return found === "here";
};

const all = { mongodb: inMongodb, postgres: inPostgres, redis: inRedis };
const found = [];
for (const [kind, look] of Object.entries(all)) if (kinds.includes(kind) && (await look())) found.push(kind);
console.log(found.join(" "));
