"""A backend as Kaïros' is: Python, with the drivers that such a backend uses, and the contract's class in databases.py.

It makes its indexes and tables at its start, and answers JSON over HTTP. The sandbox boots
it by `--backend`; app.test.ts asks it.
"""

import asyncio
import json
import os
import signal
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import redis
from databases import Databases
from pymongo import ASCENDING, DESCENDING, TEXT, IndexModel, MongoClient, ReturnDocument, UpdateOne
from pymongo.errors import DuplicateKeyError
from sqlalchemy import ForeignKey, String, UniqueConstraint, create_engine, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

databases = Databases()


class Refused(Exception):
    """An answer that is no success: its status, and why."""

    def __init__(self, status: int, why: str):
        super().__init__(why)
        self.status = status


# ---------------------------------------------------------------------------------------------------- MongoDB

mongo = MongoClient(**databases.mongodb.client_options(), tz_aware=True)
db = mongo[databases.mongodb.db_name]

INDEXES = {
    "users": [IndexModel([("email", ASCENDING)], unique=True)],
    "modules": [
        IndexModel([("slug", ASCENDING)], unique=True),
        IndexModel([("subject", ASCENDING), ("level", DESCENDING)], name="subject_level"),
        IndexModel([("title", TEXT), ("summary", TEXT)], name="words", default_language="french"),
    ],
    "progress": [
        IndexModel([("user", ASCENDING), ("module", ASCENDING)], unique=True),
        IndexModel([("done_at", ASCENDING)], partialFilterExpression={"done": True}),
    ],
    "sessions": [IndexModel([("seen_at", ASCENDING)], expireAfterSeconds=3600)],
}


def prepare_mongodb() -> None:
    for collection, indexes in INDEXES.items():
        db[collection].create_indexes(indexes)


def import_modules(modules: list[dict]) -> dict:
    """Brings in modules by their slugs: new ones are made, the others brought up to date."""
    writes = [
        UpdateOne(
            {"slug": module["slug"]},
            {"$set": module, "$setOnInsert": {"created_at": datetime.now(timezone.utc)}, "$inc": {"revision": 1}},
            upsert=True,
        )
        for module in modules
    ]
    result = db.modules.bulk_write(writes, ordered=False)
    return {"made": result.upserted_count, "changed": result.modified_count}


def find_modules(subject: str | None, page: int) -> list[dict]:
    wanted = {} if subject is None else {"subject": subject, "level": {"$in": [1, 2, 3]}}
    found = db.modules.find(wanted, {"_id": 0, "slug": 1, "title": 1, "level": 1})
    return list(found.sort([("level", DESCENDING), ("slug", ASCENDING)]).skip(2 * page).limit(2))


def record_progress(user: str, module: str, score: int) -> dict:
    """One attempt: counted, with the best score kept and the last three of all."""
    now = datetime.now(timezone.utc)
    return db.progress.find_one_and_update(
        {"user": user, "module": module},
        {
            "$inc": {"attempts": 1},
            "$max": {"best": score},
            "$min": {"first_at": now},
            "$push": {"scores": {"$each": [score], "$slice": -3}},
            "$set": {"done": score >= 50, "done_at": now},
        },
        upsert=True,
        return_document=ReturnDocument.AFTER,
        projection={"_id": 0, "attempts": 1, "best": 1, "scores": 1, "done": 1},
    )


def dashboard(user: str) -> dict:
    """What a user has done: totals, by subject, and the modules, from one question."""
    [found] = db.progress.aggregate(
        [
            {"$match": {"user": user}},
            {"$lookup": {"from": "modules", "localField": "module", "foreignField": "slug", "as": "about"}},
            {"$unwind": "$about"},
            {
                "$facet": {
                    "totals": [
                        {"$group": {"_id": None, "attempts": {"$sum": "$attempts"}, "best": {"$max": "$best"}}},
                        {"$project": {"_id": 0}},
                    ],
                    "subjects": [
                        {"$group": {"_id": "$about.subject", "modules": {"$sum": 1}, "mean": {"$avg": "$best"}}},
                        {"$sort": {"_id": 1}},
                    ],
                    "modules": [
                        {"$sort": {"best": -1, "module": 1}},
                        {"$project": {"_id": 0, "module": 1, "title": "$about.title", "best": 1}},
                    ],
                }
            },
        ]
    )
    return found


# ------------------------------------------------------------------------------------------------- PostgreSQL

engine = create_engine(**databases.postgres.engine_options(), pool_size=5)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    preferences: Mapped[dict] = mapped_column(JSONB, default=dict)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    enrollments: Mapped[list["Enrollment"]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Course(Base):
    __tablename__ = "courses"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    enrollments: Mapped[list["Enrollment"]] = relationship(back_populates="course")


class Enrollment(Base):
    __tablename__ = "enrollments"
    __table_args__ = (UniqueConstraint("user_id", "course_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    user: Mapped[User] = relationship(back_populates="enrollments")
    course: Mapped[Course] = relationship(back_populates="enrollments")


def prepare_postgres() -> None:
    # Twice, as it happens with every start: what is there is left alone.
    for _ in range(2):
        Base.metadata.create_all(engine, checkfirst=True)


def enroll(email: str, title: str) -> dict:
    """One transaction; whoever is enrolled already stays so."""
    with Session(engine) as session, session.begin():
        user = session.scalars(select(User).where(User.email == email).with_for_update()).one_or_none()
        if user is None:
            raise Refused(404, f"no user {email}")
        session.execute(insert(Course).values(title=title).on_conflict_do_nothing())
        course = session.scalars(select(Course).where(Course.title == title)).one()
        made = session.execute(
            insert(Enrollment)
            .values(user_id=user.id, course_id=course.id)
            .on_conflict_do_nothing()
            .returning(Enrollment.id)
        ).first()
        return {"new": made is not None}


def courses_of(email: str) -> list[str]:
    with Session(engine) as session:
        both = selectinload(User.enrollments).selectinload(Enrollment.course)
        user = session.scalars(select(User).where(User.email == email).options(both)).one()
        return sorted(enrollment.course.title for enrollment in user.enrollments)


async def count_enrollments() -> list[dict]:
    """The same tables by asyncpg."""
    async_engine = create_async_engine(**databases.postgres.engine_options("asyncpg"))
    try:
        async with async_sessionmaker(async_engine)() as session:
            rows = await session.execute(
                select(Course.title, func.count(Enrollment.id))
                .outerjoin(Enrollment)
                .group_by(Course.title)
                .order_by(Course.title)
            )
            return [{"course": title, "enrolled": count} for title, count in rows]
    finally:
        await async_engine.dispose()


# ------------------------------------------------------------------------------------------------------ Redis

cache = redis.Redis.from_url(**databases.redis.client_options(), decode_responses=True)
ATTEMPTS = 3


def limited(client: str) -> None:
    """So many calls in a minute, by a counter that goes by itself."""
    key = f"rate:{client}:{datetime.now(timezone.utc):%H%M}"
    with cache.pipeline(transaction=True) as pipeline:
        count, _ = pipeline.incr(key).expire(key, 90).execute()
    if count > ATTEMPTS:
        raise Refused(429, f"more than {ATTEMPTS} calls a minute; {cache.ttl(key)} seconds are left")


def scored(user: str, score: int) -> None:
    with cache.pipeline() as pipeline:
        pipeline.zadd("scores", {user: score}, gt=True)
        pipeline.hincrby(f"user:{user}", "attempts", 1)
        pipeline.hset(f"user:{user}", mapping={"last": score})
        pipeline.expire(f"user:{user}", timedelta(days=1))
        pipeline.execute()


def leaders() -> list[dict]:
    best = cache.zrevrange("scores", 0, 2, withscores=True)
    return [{"user": user, "score": int(score), "rank": cache.zrevrank("scores", user)} for user, score in best]


def cached_modules(subject: str | None, page: int) -> dict:
    key = f"modules:{subject}:{page}"
    known = cache.get(key)
    if known is not None:
        return {"cached": True, "modules": json.loads(known)}
    modules = find_modules(subject, page)
    cache.setex(key, timedelta(minutes=5), json.dumps(modules))
    return {"cached": False, "modules": modules}


def exclusively(name: str, action):
    """One at a time over all processes. Whoever finds it busy is told so."""
    lock = cache.lock(f"lock:{name}", timeout=10, blocking=False)
    if not lock.acquire():
        raise Refused(409, f"{name} is going on")
    try:
        for key in cache.scan_iter(match="modules:*"):
            cache.delete(key)
        return action()
    finally:
        lock.release()


# ------------------------------------------------------------------------------------------------------- HTTP


def sign_up(email: str) -> dict:
    """In both databases; the second refuses what the first one let pass."""
    try:
        with Session(engine) as session, session.begin():
            session.add(User(email=email, preferences={"language": "fr"}))
        db.users.insert_one({"email": email, "created_at": datetime.now(timezone.utc)})
    except (IntegrityError, DuplicateKeyError) as error:
        raise Refused(409, f"{email} is taken") from error
    db.sessions.update_one({"_id": email}, {"$currentDate": {"seen_at": True}}, upsert=True)
    return {"email": email}


def attempt(user: str, module: str, score: int) -> dict:
    scored(user, score)
    return record_progress(user, module, score)


def health() -> dict:
    mongo.admin.command("ping")
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    cache.ping()
    return {"status": "ok"}


def indexes() -> dict:
    return {name: sorted(db[name].index_information()) for name in INDEXES}


def busy() -> dict:
    """An import that finds another one going on."""
    with cache.lock("lock:import", timeout=10):
        return exclusively("import", dict)


GET = {
    "/health": lambda _: health(),
    "/indexes": lambda _: indexes(),
    "/modules": lambda query: cached_modules(query.get("subject"), int(query.get("page", 0))),
    "/dashboard": lambda query: dashboard(query["user"]),
    "/courses": lambda query: courses_of(query["user"]),
    "/enrollments": lambda _: asyncio.run(count_enrollments()),
    "/leaders": lambda _: leaders(),
    "/limited": lambda query: limited(query["client"]),
    "/busy": lambda _: busy(),
}
POST = {
    "/import": lambda body: exclusively("import", lambda: import_modules(body["modules"])),
    "/users": lambda body: sign_up(body["email"]),
    "/enroll": lambda body: enroll(body["user"], body["course"]),
    "/attempts": lambda body: attempt(body["user"], body["module"], body["score"]),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlparse(self.path)
        self.answer(GET, url.path, {key: value for key, [value] in parse_qs(url.query).items()})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.answer(POST, self.path, json.loads(self.rfile.read(length)))

    def answer(self, calls: dict, path: str, given: dict) -> None:
        try:
            if path not in calls:
                raise Refused(404, f"no such call: {path}")
            status, body = 200, calls[path](given)
        except Refused as refusal:
            status, body = refusal.status, {"message": str(refusal)}
        except Exception as error:  # A driver's message may quote a URL with its password.
            status, body = 500, {"message": f"{path}: {type(error).__name__}", "code": getattr(error, "code", None)}
            print(f"{path}: {type(error).__name__}: {getattr(error, 'details', '')}", flush=True)
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_) -> None:
        """Nothing is logged of a call that is answered."""


def main() -> None:
    prepare_mongodb()
    prepare_postgres()
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    # A thread of its own: the one that serves cannot wait for its own end.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on {os.environ['PORT']}", flush=True)
    server.serve_forever()
    mongo.close()
    engine.dispose()
    cache.close()
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
