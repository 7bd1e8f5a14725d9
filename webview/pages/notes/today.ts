/** The person's day, as YYYY-MM-DD: that of this device, whatever the server's clock is set to. */
export const today = (now: Date): string =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
