import { convertMoney, exchangeRate } from '../economics/exchange.ts';
import type { Farm } from '../farm.ts';
import type { QuoteUsed } from '../ledger.ts';
import type { Money } from '../quantities.ts';

/** Prices and ratios that a row's money rests on, each once, converted to the farm's currency. */
export class QuoteList {
  readonly farm: Farm;
  readonly used: QuoteUsed[] = [];

  constructor(farm: Farm) {
    this.farm = farm;
  }

  use(quote: QuoteUsed): void {
    if (!this.used.some(({ what }) => what === quote.what)) this.used.push(quote);
  }

  useRatio(what: string, amount: number, source: string): void {
    this.use({ what, amount, currency: '', unit: 'ratio', source, asOfMs: null });
  }

  /** In the farm's currency, or null where no rate leads there. */
  convert(amount: Money): Money | null {
    const { currency, market } = this.farm;
    const rate = exchangeRate(amount.currency, currency, market.fx);
    if (rate === null) return null;
    if (amount.currency !== currency) {
      this.use({
        what: `fx:${amount.currency}/${currency}`,
        amount: rate,
        currency,
        unit: amount.currency,
        source: 'configuration',
        asOfMs: null,
      });
    }
    return convertMoney(amount, currency, market.fx);
  }
}
