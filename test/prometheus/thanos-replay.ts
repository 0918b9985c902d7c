import { answering, type Handler, matrix, type Series } from './fake-api.ts';

/**
 * Answers as Thanos' documentation says of a querier with `--query.replica-label=replica` over two Prometheus replicas that
 * scrape the same exporter a second apart: merged unless `dedup=false`, and where a store does not answer, in part with a
 * warning unless `partial_response=false`, which makes it an error.
 */
export function thanosReplay(options: { readonly storeIsDown?: boolean } = {}): Handler {
  return (asked, response) => {
    const { storeIsDown = false } = options;
    if (storeIsDown && asked.query.get('partial_response') === 'false') {
      response.writeHead(422).end(JSON.stringify({ status: 'error', errorType: 'execution', error: lost }));
      return;
    }
    const merged = asked.query.get('dedup') !== 'false';
    const more = storeIsDown ? { warnings: [lost] } : {};
    const { ups, others } = merged ? scrapedBy(null, 0) : both;
    answering(ups, others, more)(asked, response);
  };
}

/** A querier that reaches no store at all. */
export const withoutStores: Handler = (_asked, response) =>
  void response.end(matrix([], { warnings: ['No StoreAPIs matched for this query'] }));

const lost =
  'receive series from Addr: 10.0.0.7:10901 LabelSets: {cluster="north"} MinTime: 0 MaxTime: 9223372036854775807: rpc error: code = Unavailable';

function scrapedBy(
  replica: string | null,
  laterSeconds: number,
): { readonly ups: Series[]; readonly others: Series[] } {
  const labels = { job: 'rigs', instance: 'a:1', ...(replica === null ? {} : { replica }) };
  const at = (seconds: number, value: string) => [seconds + laterSeconds, value] as const;
  return {
    ups: [
      [{ __name__: 'up', ...labels }, at(10, '1'), at(20, '1'), at(29, '1')],
      [{ __name__: 'scrape_samples_scraped', ...labels }, at(10, '2'), at(20, '2'), at(29, '2')],
    ],
    others: ['0', '1'].map((gpu) => [{ __name__: 'm', ...labels, gpu }, at(10, '5'), at(20, '5'), at(29, '6')]),
  };
}

const [a, b] = [scrapedBy('a', 0), scrapedBy('b', 1)];
const both = { ups: [...a.ups, ...b.ups], others: [...a.others, ...b.others] };
