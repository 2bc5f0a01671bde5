/** The picture in README.md, between two markers that no reader sees. */

/** Says how the picture is renewed to whoever edits the file. */
export const begin = "<!-- the stack, drawn from its plan: npx vitest run ops/diagram -u -->";
export const end = "<!-- end of the drawing -->";

/**
 * The text with this diagram between its markers.
 *
 * @throws Error when the markers are not there once each, in order
 */
export function withDiagram(text: string, diagram: string): string {
  const [before, drawing, ...moreBegins] = text.split(begin);
  const [, after, ...moreEnds] = drawing?.split(end) ?? [];
  if (before === undefined || after === undefined || moreBegins.length + moreEnds.length > 0)
    throw new Error(`expected ${begin} and then ${end}, once each`);
  return `${before}${begin}\n\n\`\`\`mermaid\n${diagram}\`\`\`\n\n${end}${after}`;
}
