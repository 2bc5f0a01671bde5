"""Looks at the backend's databases from where the backend stands, with its own drivers and its own variables.

Runs as a one-off job of a service. Prints facts in lines that begin with a mark: answers of the databases, and codes of
what failed. Never a driver's message, which may quote a URL: logs are kept. GIVEN is put in front of it: the questions,
which are those that are asked from outside too, and the beginnings of vendors' refusals that are known.
"""

import errno, importlib, importlib.util, json, os, re, socket, ssl, sys, threading, time
from importlib.metadata import version
from urllib.parse import unquote, urlsplit

SECONDS = GIVEN["milliseconds"] / 1000

# What drivers say in words that has a code elsewhere; OpenSSL, libpq, libc and Redis word it alike in all of them.
WORDS = [
    (r"CERTIFICATE_VERIFY_FAILED.*(has expired|not yet valid)", "CERT_HAS_EXPIRED"),
    (r"(Hostname|IP address) mismatch|doesn't match", "ERR_TLS_CERT_ALTNAME_INVALID"),
    (r"self.signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"),
    (r"self.signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"),
    (r"unable to get (local )?issuer", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
    (r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|does not support SSL", "ERR_SSL_WRONG_VERSION_NUMBER"),
    (r"Connection refused", "ECONNREFUSED"),
    (r"(Name or service not known|nodename nor|name resolution|translate host name|getaddrinfo|DNS |No address assoc)", "ENOTFOUND"),
    (r"password authentication failed", "28P01"),
    (r"no pg_hba.conf entry|Ident authentication|no password supplied", "28000"),
    (r"database \S+ does not exist", "3D000"),
    (r"too many (connections|clients)|remaining connection slots", "53300"),
    (r"is starting up", "57P03"),
    (r"invalid username-password pair|invalid password", "WRONGPASS"),
    (r"Authentication required", "NOAUTH"),
    (r"No route to host", "EHOSTUNREACH"),
    (r"Network is unreachable", "ENETUNREACH"),
    (r"timed out|[Tt]imeout|did not complete", "ETIMEDOUT"),
    (r"closed|reset by peer|Broken pipe|connection (was )?lost", "ECONNRESET"),
]


def code_of(error):
    """One code for an error and all that is below it: the first that somebody has given, then what its words mean."""
    chain, seen = [error], set()
    for one in chain:
        if id(one) in seen:
            continue
        seen.add(id(one))
        chain += [e for e in (one.__cause__, one.__context__, getattr(one, "orig", None)) if e is not None]
        code = getattr(one, "sqlstate", None) or getattr(one, "pgcode", None) or getattr(one, "code", None)
        if isinstance(code, (str, int)) and re.fullmatch(r"[A-Z0-9]{1,6}", str(code)):
            return str(code)
    for one in chain:
        # pymongo says which time limits it has, whatever went wrong.
        text = re.sub(r" \(configured timeouts:[^)]*\)", "", str(one))
        for phrase in GIVEN["phrases"]:
            if text.lower().startswith(phrase.lower()):
                return phrase
        for pattern, code in WORDS:
            if re.search(pattern, text):
                return code
        if isinstance(one, socket.gaierror):
            return "ENOTFOUND"
        if isinstance(one, TimeoutError):
            return "ETIMEDOUT"
        if isinstance(one, OSError) and one.errno in errno.errorcode:
            return errno.errorcode[one.errno]
        word = re.match(r"(?:\w+ )?([A-Z]{4,})(?= |$)", text)
        if word and type(one).__module__.startswith("redis"):
            return word[1]
    return type(error).__name__


def encryption(host, port, before=lambda connection: True):
    """How a connection of its own is encrypted; None where nobody speaks TLS."""
    for verify in (True, False):
        context = ssl.create_default_context()
        if not verify:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection((host, port), SECONDS) as connection:
                if not before(connection):
                    return {"on": False}
                with context.wrap_socket(connection, server_hostname=host) as wrapped:
                    found = {"on": True, "version": wrapped.version(), "trusted": verify}
                    found["validTo"] = not_after(wrapped.getpeercert(True))
                    if not verify:
                        found["untrustedBecause"] = because
                    return found
        except ssl.SSLCertVerificationError as error:
            because = code_of(error)
        except Exception:
            return None


def not_after(certificate):
    """End of the validity, ISO 8601, from the DER: of what it does not trust Python tells nothing else."""
    time_of = rb"(?:\x17\x0d(\d{12})|\x18\x0f(\d{14}))Z"
    found = re.search(time_of + time_of, certificate)
    text = (found[4] or b"20" + found[3]).decode() if found else None
    return text and time.strftime("%Y-%m-%dT%H:%M:%SZ", time.strptime(text, "%Y%m%d%H%M%S"))


class Look:
    """One database: how far it came, what it answered, and why it ended."""

    def __init__(self, ask):
        self.said = {"stage": "connecting", "answers": {}}
        self.ask = ask

    def run(self):
        start = time.monotonic()
        try:
            self.ask(self)
        except ImportError:
            self.said["code"] = "driver-missing"
        except Exception as error:
            self.said["code"] = code_of(error)
        self.said["seconds"] = round(time.monotonic() - start, 3)

    def answer(self, name, question):
        """A question that may be refused: then nothing is known, and that is no failure."""
        try:
            self.said["answers"][name] = question()
        except Exception as error:
            self.said["answers"].setdefault("refused", {})[name] = code_of(error)

    def latency(self, question):
        times = []
        while len(times) < 5 and sum(times) < SECONDS * 200:
            since = time.monotonic()
            question()
            times.append(round((time.monotonic() - since) * 1000, 2))
        self.said["answers"]["times"] = times


def mongodb(look):
    import pymongo

    look.said["driver"] = "pymongo " + pymongo.version
    name = os.environ["MONGODB_DB_NAME"]
    wanted = [c for c, module in (("snappy", "snappy"), ("zlib", "zlib"), ("zstd", "zstandard")) if has(module)]
    given = {k.lower() for k in re.findall(r"[?&](\w+)=", os.environ["MONGODB_URL"])}
    options = {
        "serverSelectionTimeoutMS": int(SECONDS * 1000),
        "connectTimeoutMS": int(SECONDS * 1000),
        "maxPoolSize": int(os.environ["MONGODB_MAX_POOL_SIZE"]),
        "minPoolSize": 0,
        "heartbeatFrequencyMS": 10000,
        "compressors": ",".join(wanted),
        "appname": "kairos-status",
    }
    heard = []

    class Heartbeats(pymongo.monitoring.ServerHeartbeatListener):
        started = lambda self, event: None
        succeeded = lambda self, event: look.said.update(accepted=True)
        failed = lambda self, event: heard.append(event.reply)

    client = pymongo.MongoClient(os.environ["MONGODB_URL"], event_listeners=[Heartbeats()], **{k: v for k, v in options.items() if k.lower() not in given})
    try:
        database, admin = client[name], client.admin
        try:
            database.command("ping")
        except pymongo.errors.ServerSelectionTimeoutError as error:
            # That nobody was there in time is what came of it; a server's own error says why.
            servers = client.topology_description.server_descriptions().values()
            whys = [why for why in heard if all(s.server_type_name == "Unknown" for s in servers) and code_of(why).isupper()]
            raise (whys or [error])[-1]
        finally:
            topology = client.topology_description
            servers = [{"address": "%s:%s" % a, "type": s.server_type_name} for a, s in topology.server_descriptions().items()]
            look.said["answers"]["topology"] = {"type": topology.topology_type_name, "set": topology.replica_set_name, "servers": servers}
            look.said["accepted"] = any(s["type"] != "Unknown" for s in servers) or any(accepts(*s) for s in topology.server_descriptions())
            look.said["wantsTls"] = client.options.pool_options._ssl_context is not None
        look.said["stage"] = "asking"
        look.latency(lambda: database.command("ping"))
        inside = client.options
        look.said["answers"]["settings"] = {
            "serverSelectionTimeout": int(inside.server_selection_timeout * 1000),
            "connectTimeout": int((inside.pool_options.connect_timeout or 0) * 1000),
            "maxPoolSize": inside.pool_options.max_pool_size,
            "minPoolSize": int(os.environ["MONGODB_MIN_POOL_SIZE"]),
            "heartbeat": 10000,
            "retryWrites": inside.retry_writes,
            "retryReads": inside.retry_reads,
            "compressors": wanted,
        }
        look.answer("version", lambda: admin.command("buildInfo")["version"])
        look.answer("connectionStatus", lambda: admin.command("connectionStatus", showPrivileges=True))
        look.answer("databases", lambda: [d["name"] for d in admin.command("listDatabases", nameOnly=True, authorizedDatabases=True)["databases"]])
        look.answer("hello", lambda: {"compression": admin.command("hello", compression=wanted).get("compression", [])})
        look.answer("collections", lambda: collections(database))
        if look.said["wantsTls"]:
            primary = client.primary or client.address
            look.said["tls"] = encryption(*primary) if primary else None
        else:
            look.said["tls"] = {"on": False}
    finally:
        client.close()


def collections(database):
    found = [c for c in database.list_collections(nameOnly=True, authorizedCollections=True) if c.get("type") != "view" and not c["name"].startswith("system.")]
    return [{"name": c["name"], "indexes": [i["name"] for i in database[c["name"]].list_indexes()]} for c in found[:100]]


def postgres(look):
    host, port = os.environ["POSTGRES_HOST"], int(os.environ["POSTGRES_PORT"])
    kind, driver = first("psycopg", "psycopg2", "asyncpg")
    look.said["driver"] = "%s %s" % (kind, version_of(kind))
    look.said["wantsTls"] = True
    with socket.create_connection((host, port), SECONDS):
        look.said["accepted"] = True
    login = {"host": host, "port": port, "user": os.environ["POSTGRES_USER"], "password": os.environ["POSTGRES_PASSWORD"]}
    query, close = (over_asyncpg if kind == "asyncpg" else over_libpq)(driver, login, os.environ["POSTGRES_DB"])
    try:
        look.said["stage"] = "asking"
        query("SET default_transaction_read_only = on")
        look.latency(lambda: query("SELECT 1 AS one"))
        for name, text in GIVEN["sql"].items():
            look.answer(name, lambda: query(text))
        look.said["tls"] = encryption(host, port, speaks_tls)
    finally:
        close()


def speaks_tls(connection):
    connection.sendall(bytes.fromhex("0000000804d2162f"))  # SSLRequest
    return connection.recv(1) == b"S"


def over_libpq(driver, login, database):
    connection = driver.connect(dbname=database, connect_timeout=max(2, round(SECONDS)), application_name="kairos-status", **login)
    connection.autocommit = True

    def query(text):
        cursor = connection.cursor()
        cursor.execute(text)
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    return query, connection.close


def over_asyncpg(driver, login, database):
    import asyncio

    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(driver.connect(database=database, timeout=SECONDS, server_settings={"application_name": "kairos-status"}, **login))
    return (
        lambda text: [dict(row) for row in loop.run_until_complete(connection.fetch(text, timeout=SECONDS))],
        lambda: loop.run_until_complete(connection.close(timeout=SECONDS)),
    )


def redis(look):
    import redis as driver

    look.said["driver"] = "redis " + driver.__version__
    url = os.environ["REDIS_URL"]
    parts = urlsplit(url)
    look.said["wantsTls"] = parts.scheme == "rediss"
    with socket.create_connection((parts.hostname, parts.port or 6379), SECONDS):
        look.said["accepted"] = True
    client = driver.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, client_name="kairos-status")
    key = "kairos:status:" + os.urandom(12).hex()
    try:
        client.ping()
        look.said["stage"] = "asking"
        look.latency(client.ping)
        done = look.said["answers"]["commands"] = {"set": False, "get": False, "expire": False, "del": False}
        try:
            done["set"] = client.set(key, "1", ex=30, nx=True) is True
            done["get"] = client.get(key) in (b"1", "1")
            done["expire"] = bool(client.expire(key, 30))
        finally:
            done["del"] = client.delete(key) == 1
        look.answer("information", lambda: information(client))
        look.said["tls"] = encryption(parts.hostname, parts.port or 6379) if look.said["wantsTls"] else {"on": False}
    finally:
        client.close()


def information(client):
    told = {**client.info("server"), **client.info("memory")}
    known = ("redis_version", "valkey_version", "maxmemory_policy", "maxmemory", "used_memory")
    return "\r\n".join("%s:%s" % (name, told[name]) for name in known if name in told)


def accepts(host, port):
    try:
        with socket.create_connection((host, port), min(SECONDS, 2)):
            return True
    except OSError:
        return False


def has(module):
    return importlib.util.find_spec(module) is not None


def first(*names):
    for name in names:
        if has(name):
            return name, importlib.import_module(name)
    raise ImportError(names[0])


def version_of(name):
    try:
        return version(name if name != "psycopg2" or has_distribution(name) else "psycopg2-binary")
    except Exception:
        return "of unknown version"


def has_distribution(name):
    try:
        return bool(version(name))
    except Exception:
        return False


def without_secrets(text):
    """There are none in it; should a driver put one into an answer, it is not printed."""
    urls = [os.environ.get(name, "") for name in ("MONGODB_URL", "REDIS_URL")]
    passwords = [os.environ.get("POSTGRES_PASSWORD", "")] + [re.sub(r"^[^:]*://[^:@]*:([^@]*)@.*", r"\1", url) for url in urls]
    for secret in urls + passwords + [unquote(password) for password in passwords]:
        if len(secret) > 5:
            text = text.replace(json.dumps(secret)[1:-1], "[secret]")
    return text


def main():
    looks = {name: Look(ask) for name, ask in (("mongodb", mongodb), ("postgres", postgres), ("redis", redis)) if name in GIVEN["databases"]}
    threads = [threading.Thread(target=look.run, daemon=True) for look in looks.values()]
    for thread in threads:
        thread.start()
    end = time.monotonic() + SECONDS * 2 + 2
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    said = {name: ({**look.said, "code": "ETIMEDOUT", "seconds": SECONDS} if thread.is_alive() else look.said) for (name, look), thread in zip(looks.items(), threads)}
    say({"python": sys.version.split()[0], "databases": said})


def say(value):
    """The answer, and the end."""
    text = without_secrets(json.dumps(value, default=str))
    # A log may cut a long line.
    parts = [text[i : i + 1500] for i in range(0, len(text), 1500)]
    for i, part in enumerate(parts):
        print("%s %d/%d %s" % (GIVEN["mark"], i + 1, len(parts), part), flush=True)
    os._exit(0)


main()
