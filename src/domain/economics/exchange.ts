import type { FxRate } from '../farm.ts';
import type { Currency, Money } from '../quantities.ts';

/**
 * One unit of `from` in `to`: a given rate, its inverse, or through one currency in between. Null where no rates lead
 * there: amounts then stay apart (ECONOMICS.md).
 */
export function exchangeRate(from: Currency, to: Currency, rates: readonly FxRate[]): number | null {
  if (from === to) return 1;
  const direct = oneStep(from, to, rates);
  if (direct !== null) return direct;
  for (const { base, quote } of rates) {
    for (const via of [base, quote]) {
      const first = oneStep(from, via, rates);
      const second = oneStep(via, to, rates);
      if (first !== null && second !== null) return first * second;
    }
  }
  return null;
}

export function convertMoney(amount: Money, to: Currency, rates: readonly FxRate[]): Money | null {
  const rate = exchangeRate(amount.currency, to, rates);
  return rate === null ? null : { amount: amount.amount * rate, currency: to };
}

function oneStep(from: Currency, to: Currency, rates: readonly FxRate[]): number | null {
  for (const { base, quote, rate } of rates) {
    if (!(rate > 0)) continue;
    if (base === from && quote === to) return rate;
    if (base === to && quote === from) return 1 / rate;
  }
  return null;
}
