/** Values as MongoDB's messages show them. */
import { Binary, BSONRegExp, Double, Int32, Long, ObjectId } from "bson";

export function show(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[ ${value.map(show).join(", ")} ]`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Binary)
    return value.sub_type === Binary.SUBTYPE_UUID
      ? `UUID("${value.toUUID().toHexString()}")`
      : `BinData(${value.sub_type}, ${value.toString("hex").toUpperCase()})`;
  if (value instanceof Double) return Number.isInteger(value.value) ? `${value.value}.0` : `${value.value}`;
  if (typeof value !== "object" || value instanceof Int32 || value instanceof Long) return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${show(field)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
