/**
 * The contract as a class of pydantic-settings. As ruff and black lay it out, so that a backend that formats its sources
 * keeps the file as it is.
 */
import { contract, type Owner, type VariableName } from "../../infra/contract.ts";
import type { Group, Item, Subject } from "./groups.ts";

/** Python from 3.10, pydantic-settings from 2.0. */
export function python({ stack, groups, compressors }: Subject, line: string): string {
  // zlib is Python's own.
  const needed = compressors.filter((name) => name !== "zlib").map((name) => `\nIt needs pymongo[${name}].`);
  const about = stack === undefined ? "" : ` of the stack ${stack}`;
  return `"""What Kaïros' databases${about} give the backend.

Written by ${line}
Changes by hand are lost; --check of the same command says whether it is current.${needed.join("")}
"""

from typing import Any${groups.some(({ owner }) => owner === "postgres") ? ", Literal" : ""}

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


${groups.map(database).join("\n\n\n")}


class Databases(BaseModel):
    """All of them, from the environment: Databases()."""

${groups.map(member).join("\n")}
`;
}

const classOf = ({ owner }: Group) => owner.charAt(0).toUpperCase() + owner.slice(1);

/** \`MONGODB_DB_NAME\` → \`db_name\`, in the class of its owner. */
const field = (name: VariableName) => name.slice(contract[name].owner.length + 1).toLowerCase();

const database = (group: Group) => `class ${classOf(group)}(Database):
    """${group.title}."""

${group.items.map(declaration).join("\n")}

${options[group.owner]}`;

const member = (group: Group) =>
  group.isMandatory
    ? `    ${group.owner}: ${classOf(group)} = Field(default_factory=${classOf(group)})`
    : `    ${group.owner}: ${classOf(group)} | None = Field(default_factory=${classOf(group)}.given)`;

/** An alias and no prefix: messages then have the variable's own name, and no other variable can be meant. */
function declaration({ name, secret, range, description }: Item): string {
  const type = secret ? "SecretStr" : range === undefined ? "str" : "int";
  const bounds = range === undefined ? [] : [`ge=${range[0]}`, `le=${range[1]}`];
  const words = [`validation_alias="${name}"`, ...bounds, `description=${JSON.stringify(description.en)}`];
  const line = `    ${field(name)}: ${type} = Field(${words.join(", ")})`;
  if (line.length <= 88) return line;
  const inner = `        ${words.join(", ")}`;
  const broken = inner.length <= 88 ? [inner] : words.map((word) => `        ${word},`);
  return [`    ${field(name)}: ${type} = Field(`, ...broken, "    )"].join("\n");
}

const self = (name: VariableName) =>
  `self.${field(name)}${contract[name].secret ? ".get_secret_value()" : ""}`;

/** What each database's drivers are given. */
const options: Readonly<Record<Owner, string>> = {
  // Write safety and compression stand in the URL.
  mongodb: `    def client_options(self) -> dict[str, Any]:
        """For pymongo: MongoClient(**options), AsyncMongoClient(**options). Secret."""
        return {
            "host": ${self("MONGODB_URL")},
            "serverSelectionTimeoutMS": ${self("MONGODB_TIMEOUT_MS")},
            "connectTimeoutMS": ${self("MONGODB_TIMEOUT_MS")},
            "maxPoolSize": ${self("MONGODB_MAX_POOL_SIZE")},
            "minPoolSize": ${self("MONGODB_MIN_POOL_SIZE")},
        }`,
  // Sources: https://render.com/docs/postgresql-creating-connecting, https://docs.sqlalchemy.org/en/20/core/pooling.html
  postgres: `    def engine_options(
        self, driver: Literal["psycopg", "asyncpg"] = "psycopg"
    ) -> dict[str, Any]:
        """For SQLAlchemy: create_engine(**options), create_async_engine. Secret."""
        from sqlalchemy import URL

        # From outside Render's private network TLS is a must; inside, names are short.
        tls = "require" if ${self("POSTGRES_HOST")}.endswith(".render.com") else "prefer"
        return {
            "url": URL.create(
                f"postgresql+{driver}",
                username=${self("POSTGRES_USER")},
                password=${self("POSTGRES_PASSWORD")},
                host=${self("POSTGRES_HOST")},
                port=${self("POSTGRES_PORT")},
                database=${self("POSTGRES_DB")},
            ),
            "connect_args": {"ssl" if driver == "asyncpg" else "sslmode": tls},
            # Maintenance and failover close connections that a pool still holds.
            "pool_pre_ping": True,
        }`,
  // Source: https://redis.readthedocs.io/en/stable/connections.html
  redis: `    def client_options(self) -> dict[str, Any]:
        """For redis-py: Redis.from_url(**options), also of redis.asyncio. Secret."""
        url = ${self("REDIS_URL")}
        # Versions before 6 do not compare the host's name unless they are told to.
        tls = {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
        return {"url": url, **(tls if url.startswith("rediss://") else {})}`,
};
