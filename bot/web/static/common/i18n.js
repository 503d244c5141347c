/** The words of the page, in the language that the server chose; they come inside the page, so none is ever missing late. */

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export const language = document.documentElement.lang === "en" ? "en" : "vi";
const plurals = new Intl.PluralRules(language);

/**
 * Return a text. `{name}` is replaced by `values.name`. Where the language tells one from many and `values.count` is
 * given, `key_one` is taken for one.
 */
export function t(key, values = {}) {
  const one = values.count !== undefined && plurals.select(values.count) === "one" ? words[`${key}_one`] : undefined;
  const text = one ?? words[key];
  if (text === undefined) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Return a text that may not exist, or the fallback. */
export function maybe(key, fallback) {
  return words[key] ?? fallback;
}

/** Like `t`, as a list of strings and of the given nodes: for names that must stay isolated inside a sentence. */
export function nodes(key, values) {
  return t(key)
    .split(/\{(\w+)\}/)
    .map((part, place) => (place % 2 ? (values[part] ?? "") : part));
}

/** Keep the other language and load the page anew in it. */
export function switchLanguage() {
  const other = language === "en" ? "vi" : "en";
  document.cookie = `letan_lang=${other}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
}
