def census():
    """Counts the backend's database and its copy, or writes or removes a canary; put behind look.py's functions."""
    ask = {"postgres": tables, "mongodb": documents}[GIVEN["database"]]
    said = {}
    for place in ("source", "copy") if "copy" in GIVEN else ("source",):
        try:
            said[place] = ask(place)
        except ImportError:
            said[place] = {"code": "driver-missing"}
        except Exception as error:
            said[place] = {"code": code_of(error)}
    say(said)


def unsealed(text):
    """A password that only who has the backend's own variables can read."""
    import hmac

    key, raw = os.environ[GIVEN["key"]].encode(), bytes.fromhex(text)
    nonce, body = raw[:16], raw[16:]
    stream = b"".join(hmac.new(key, nonce + bytes([i]), "sha256").digest() for i in range(len(body) // 32 + 1))
    return bytes(a ^ b for a, b in zip(body, stream)).decode()


def tables(place):
    kind, driver = first("psycopg", "psycopg2", "asyncpg")
    if place == "source":
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "database": "DB"}
        login = {key: os.environ["POSTGRES_" + name] for key, name in names.items()}
    else:
        login = {**GIVEN["copy"], "password": unsealed(GIVEN["copy"]["password"])}
    login["port"] = int(login["port"])
    query, close = (over_asyncpg if kind == "asyncpg" else over_libpq)(driver, login, login.pop("database"))
    try:
        if "canary" in GIVEN:
            return [query(text) for text in GIVEN["canary"]["statements"]]
        query("SET default_transaction_read_only = on")
        query(GIVEN["count"])
        return json.loads(query(GIVEN["census"])[0]["census"])
    finally:
        close()


def documents(place):
    import pymongo
    from bson import ObjectId

    options = {"serverSelectionTimeoutMS": int(SECONDS * 1000), "appname": "kairos-backups"}
    if place == "source":
        client, name = pymongo.MongoClient(os.environ["MONGODB_URL"], **options), os.environ["MONGODB_DB_NAME"]
    else:
        copy = GIVEN["copy"]
        name = copy["database"]
        client = pymongo.MongoClient(copy["url"], username=copy["user"], password=unsealed(copy["password"]), authSource="admin", **options)
    try:
        if "canary" in GIVEN:
            one = client[name][GIVEN["canary"]["name"]]
            return one.drop() if GIVEN["canary"]["does"] == "remove" else str(one.insert_one({}).inserted_id)
        last, counts = ObjectId(GIVEN["lastId"]), []
        for collection in client[name].list_collections(nameOnly=True, authorizedCollections=True):
            if collection.get("type") == "view" or collection["name"].startswith("system."):
                continue
            one, timed = client[name][collection["name"]], {"_id": {"$lte": last, "$type": "objectId"}}
            before = one.count_documents({"$or": [timed, {"_id": {"$not": {"$type": "objectId"}}}]})
            newest = one.find_one(timed, {"_id": 1}, sort=[("_id", -1)])
            counts.append({"name": collection["name"], "rows": one.count_documents({}), "before": before, "newest": newest and newest["_id"].generation_time.isoformat()})
        return counts
    finally:
        client.close()


census()
