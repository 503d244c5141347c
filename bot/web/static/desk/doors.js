/** The addresses of the doors that several modules knock at. */

/** A case, or what `name` makes of it. */
export const caseDoor = (code, name = "") => `/api/cases/${encodeURIComponent(code)}${name && `/${name}`}`;
