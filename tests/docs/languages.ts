/** The languages of the task pages. Each page exists in both, under the same name. */
export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];
