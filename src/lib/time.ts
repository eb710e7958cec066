/** Times as text, without a clock. */

const DAY_MS = 86_400_000;
const ERA_DAYS = 146_097;

const padded = (n: number, digits = 2): string => String(n).padStart(digits, '0');

/** RFC 3339 in UTC with milliseconds, by arithmetic on the Gregorian calendar (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function isoTime(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const z = days + 719_468;
  const era = Math.floor(z / ERA_DAYS);
  const dayOfEra = z - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const seconds = Math.floor(rest / 1000);
  const time = `${padded(Math.floor(seconds / 3600))}:${padded(Math.floor(seconds / 60) % 60)}:${padded(seconds % 60)}`;
  return `${padded(year, 4)}-${padded(month)}-${padded(day)}T${time}.${padded(rest % 1000, 3)}Z`;
}
