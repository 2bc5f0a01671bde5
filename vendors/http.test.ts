import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type CallOptions, VendorApi, VendorError } from "./http.ts";

/** These answers are of no form. */
const anything = z.unknown();
const secret = randomBytes(16).toString("hex");
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A vendor that gives these answers one after another, the last one for ever. */
async function vendor(answers: ((response: ServerResponse) => void)[]) {
  const calls: { method: string | undefined; at: number }[] = [];
  const port = await listening(
    createServer((request, response) => {
      calls.push({ method: request.method, at: performance.now() });
      (answers[calls.length - 1] ?? answers.at(-1))?.(response);
    }),
  );
  return { calls, base: `http://127.0.0.1:${port}` };
}

const api = (base: string, options: CallOptions = {}) =>
  new VendorApi(
    {
      vendor: "Render",
      base,
      keys: "the test",
      secrets: [secret],
      authorize: () => ({ authorization: secret }),
    },
    { environment: {}, pause: 1, ...options },
  );
const status =
  (code: number, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end('{"message":"no"}');
const well = (response: ServerResponse) => void response.end('{"ok":true}');
const broken = (response: ServerResponse) => void response.socket?.destroy();

describe("a call is made again", () => {
  it.each<[string, "GET" | "POST", ((response: ServerResponse) => void)[]]>([
    ["after a 429", "GET", [status(429), well]],
    ["after a 429, whatever it is: nothing was done", "POST", [status(429), status(429), well]],
    ["after a 500", "GET", [status(500), status(503), well]],
    ["after an answer that broke off", "GET", [broken, well]],
  ])("%s (%s)", async (_, method, answers) => {
    const { calls, base } = await vendor(answers);
    expect(await api(base).send(method, "/x", method === "POST" ? { body: {} } : {})).toEqual({ ok: true });
    expect(calls.map((call) => call.method)).toEqual(answers.map(() => method));
  });

  it.each([
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 2000).toUTCString()],
  ])("when the vendor says so, in %s", async (_, header) => {
    const { calls, base } = await vendor([status(429, { "retry-after": header() }), well]);
    await api(base).get("/x", anything);
    const [first, second] = calls;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(900);
  });
});

describe("a call is not made again", () => {
  it.each<[string, "GET" | "POST", (response: ServerResponse) => void, string]>([
    ["after a 500 that may have done it", "POST", status(500), "answered 500 (no)"],
    ["after an answer that broke off and may have done it", "POST", broken, "got no answer (UND_ERR_SOCKET)"],
    ["after a refusal", "GET", status(403), "answered 403 (no)"],
    [
      "when the vendor wants more time than there is",
      "GET",
      status(429, { "retry-after": "3600" }),
      "answered 429",
    ],
  ])("%s (%s)", async (_, method, answer, said) => {
    const { calls, base } = await vendor([answer]);
    const error = await api(base)
      .send(method, "/x")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VendorError);
    expect(String((error as Error).message)).toContain(`Render: ${method} /x ${said}`);
    expect(calls).toHaveLength(1);
  });

  it("for ever", async () => {
    const { calls, base } = await vendor([status(503)]);
    await expect(api(base, { retries: 2 }).get("/x", anything)).rejects.toThrow("answered 503");
    expect(calls).toHaveLength(3);
  });

  it("past its time limit", async () => {
    const { base } = await vendor([() => {}]);
    await expect(api(base, { timeLimit: 50 }).get("/x", anything)).rejects.toThrow(
      "got no answer (TimeoutError)",
    );
  });

  it("once somebody has stopped it", async () => {
    const aborter = new AbortController();
    const { calls, base } = await vendor([status(429)]);
    const call = api(base, { pause: 60_000, timeLimit: 600_000, signal: aborter.signal }).get("/x", anything);
    setTimeout(() => aborter.abort(), 50);
    await expect(call).rejects.toThrow();
    expect(calls.length).toBeLessThanOrEqual(2);
  });
});

it("what is gone already counts as deleted", async () => {
  const { base } = await vendor([status(404)]);
  expect(await api(base).send("DELETE", "/x", { orNothing: true })).toBeUndefined();
  await expect(api(base).send("DELETE", "/x")).rejects.toThrow("answered 404");
});

it("an error shows nothing secret, and in words of whoever called", async () => {
  const { base } = await vendor([
    (response) => void response.writeHead(400).end(`{"message":"bad ${secret}"}`),
  ]);
  const error = await api(base, { word: ({ message }) => new Error(`${message}; look again`) })
    .get("/x", anything, { token: secret })
    .catch((thrown: unknown) => inspect(thrown, { depth: 9, showHidden: true }));
  expect(error).toContain("Render: GET /x answered 400 (bad [secret]); expected 2xx; look again");
  expect(error).not.toContain(secret);
});

describe("behind a proxy", () => {
  /** Leads every host to the vendor, by CONNECT or by a whole URL, and keeps who was asked for. */
  async function proxy(target: string) {
    const asked: string[] = [];
    const { port } = new URL(target);
    const server = createServer((request: IncomingMessage, response) => {
      asked.push(new URL(request.url ?? "").host);
      response.end('{"ok":true}');
    });
    server.on("connect", (request, socket, head) => {
      asked.push(request.url ?? "");
      const upstream = connect(Number(port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    return { asked, url: `http://127.0.0.1:${await listening(server)}` };
  }

  it.each(["HTTP_PROXY", "http_proxy"])("a vendor is reached by %s", async (name) => {
    const { base } = await vendor([well]);
    const { asked, url } = await proxy(base);
    expect(await api("http://api.vendor.test", { environment: { [name]: url } }).get("/x", anything)).toEqual(
      {
        ok: true,
      },
    );
    expect(asked.map((host) => host.replace(":80", ""))).toEqual(["api.vendor.test"]);
  });

  it("this machine is reached without it, and so is what NO_PROXY names", async () => {
    const { base, calls } = await vendor([well]);
    const { asked, url } = await proxy(base);
    await api(base, { environment: { HTTP_PROXY: url } }).get("/x", anything);
    await expect(
      api("http://api.vendor.test", {
        environment: { HTTP_PROXY: url, NO_PROXY: "vendor.test" },
        retries: 0,
      }).get("/x", anything),
    ).rejects.toThrow("got no answer (ENOTFOUND");
    expect(calls).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});
