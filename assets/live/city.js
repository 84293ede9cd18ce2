// The city file as this seat may see it, asked for once; and its administrative dong with the dong that lie in them.

let asked = null;

/** The features of the city; none when they can't be had. */
export function ask() {
  asked ??= fetch("/api/v1/city").then((answer) => (answer.ok ? answer.json() : { features: [] }));
  return asked;
}

/** Administrative dong by name, each with all that lies in it, itself too; empty until the city is here. */
export let wards = new Map();

/** Learns the administrative dong. */
export async function learnWards() {
  const table = Object.assign({}, ...(await ask()).features.map((f) => f.properties.wards || {}));
  const all = (name) => [name, ...(table[name] || []).flatMap(all)];
  wards = new Map(Object.keys(table).map((name) => [name, new Set(all(name))]));
}

/** Whether a dong lies, in whole or in part, in the administrative dong of this name, or is it. */
export const within = (dong, name) => dong === name || Boolean(wards.has(name) && wards.get(name).has(dong));

/** The administrative dong in which a dong lies, in whole or in part. */
export const wardsOf = (dong) => [...wards.keys()].filter((name) => name !== dong && within(dong, name));
