"""What Kaïros' databases give the backend.

Written by npx kairos contract --lang python
Changes by hand are lost; --check of the same command says whether it is current.
"""

from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from typing_extensions import Self


class Database(BaseSettings):
    """Variables of one database. What is wrong is said without any value."""

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def given(cls) -> Self | None:
        """None when it has no variable; some without the others are an error."""
        try:
            return cls()
        except ValidationError as error:
            missing = [one for one in error.errors() if one["type"] == "missing"]
            if len(missing) == len(cls.model_fields):
                return None
            raise


class Mongodb(Database):
    """MongoDB."""

    url: SecretStr = Field(
        validation_alias="MONGODB_URL", description="MongoDB Atlas connection URL"
    )
    db_name: str = Field(
        validation_alias="MONGODB_DB_NAME", description="Name of the database"
    )
    timeout_ms: int = Field(
        validation_alias="MONGODB_TIMEOUT_MS",
        ge=1,
        le=600000,
        description="Connection timeout (ms)",
    )
    max_pool_size: int = Field(
        validation_alias="MONGODB_MAX_POOL_SIZE",
        ge=1,
        le=65536,
        description="Largest size of the connection pool",
    )
    min_pool_size: int = Field(
        validation_alias="MONGODB_MIN_POOL_SIZE",
        ge=0,
        le=65536,
        description="Smallest size of the connection pool",
    )

    def client_options(self) -> dict[str, Any]:
        """For pymongo: MongoClient(**options), AsyncMongoClient(**options). Secret."""
        return {
            "host": self.url.get_secret_value(),
            "serverSelectionTimeoutMS": self.timeout_ms,
            "connectTimeoutMS": self.timeout_ms,
            "maxPoolSize": self.max_pool_size,
            "minPoolSize": self.min_pool_size,
        }


class Postgres(Database):
    """PostgreSQL."""

    host: str = Field(
        validation_alias="POSTGRES_HOST",
        description="Host name of the PostgreSQL service",
    )
    port: int = Field(
        validation_alias="POSTGRES_PORT", ge=1, le=65535, description="PostgreSQL port"
    )
    user: str = Field(validation_alias="POSTGRES_USER", description="User name")
    password: SecretStr = Field(
        validation_alias="POSTGRES_PASSWORD", description="Password"
    )
    db: str = Field(validation_alias="POSTGRES_DB", description="Name of the database")

    def engine_options(
        self, driver: Literal["psycopg", "asyncpg"] = "psycopg"
    ) -> dict[str, Any]:
        """For SQLAlchemy: create_engine(**options), create_async_engine. Secret."""
        from sqlalchemy import URL

        # From outside Render's private network TLS is a must; inside, names are short.
        tls = "require" if self.host.endswith(".render.com") else "prefer"
        return {
            "url": URL.create(
                f"postgresql+{driver}",
                username=self.user,
                password=self.password.get_secret_value(),
                host=self.host,
                port=self.port,
                database=self.db,
            ),
            "connect_args": {"ssl" if driver == "asyncpg" else "sslmode": tls},
            # Maintenance and failover close connections that a pool still holds.
            "pool_pre_ping": True,
        }


class Redis(Database):
    """Redis."""

    url: SecretStr = Field(
        validation_alias="REDIS_URL", description="Redis connection URL"
    )

    def client_options(self) -> dict[str, Any]:
        """For redis-py: Redis.from_url(**options), also of redis.asyncio. Secret."""
        url = self.url.get_secret_value()
        # Versions before 6 do not compare the host's name unless they are told to.
        tls = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
        return {"url": url, **(tls if url.startswith("rediss://") else {})}


class Databases(BaseModel):
    """All of them, from the environment: Databases()."""

    mongodb: Mongodb = Field(default_factory=Mongodb)
    postgres: Postgres | None = Field(default_factory=Postgres.given)
    redis: Redis | None = Field(default_factory=Redis.given)
