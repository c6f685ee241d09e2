/** A number with three digits that count, and a space before each group of three: 1 230 000, 87.5, 0.32. */
export function formatNumber(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  if (decimals > 0) return value.toFixed(Math.min(decimals, 2));
  return String(Number(value.toPrecision(3))).replace(/\B(?=(\d{3})+$)/g, " ");
}
