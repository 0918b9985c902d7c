import { describe, expect, it } from 'vitest';
import { digest } from '../../commands/digest.ts';
import { commands } from '../../commands/index.ts';
import { languages } from '../../commands/languages.ts';
import { profit } from '../../commands/profit.ts';
import { readiness } from '../../commands/readiness.ts';
import { rig } from '../../commands/rig.ts';
import { rigs } from '../../commands/rigs.ts';
import { status } from '../../commands/status.ts';
import type { AnyCommand, Command } from '../../src/chat/command.ts';
import { mistakeReply } from '../../src/chat/failure-reply.ts';
import { bindOptions, createVocabulary, findCommand } from '../../src/chat/find-command.ts';
import { sayIn } from '../../src/chat/languages/say.ts';
import { UserError } from '../../src/domain/errors.ts';
import { noStates } from '../../src/domain/work-state.ts';
import type { FleetContext } from '../../src/fleet/context.ts';
import { textsOf } from '../support/answers.ts';
import { farmOf, nothingDeclared, siteOf } from '../support/farms.ts';
import { plainSpaces, quebec, saidInFrench } from '../support/french.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { northFarm, northRow } from '../support/north-farm.ts';
import { asicOf, gpuOf, looseMinerOf, miningCard, mixedRiserRig, rigOf, serverRig } from '../support/rigs.ts';
import { contextOf, snapshotOf } from '../support/snapshots.ts';

const farm = farmOf({
  sites: [siteOf({ pue: 1.1 }), siteOf({ name: 'texas' })],
  operations: { ...nothingDeclared, idleWatts: 25, rentalWatts: new Map([['RTX 3090', 300]]) },
});
const fleet = [
  rigOf([miningCard({ hashrate: 600e6, stateEvidence: 'hashrate above 0' })]),
  { ...mixedRiserRig(), name: 'b1' },
  { ...serverRig(), name: 'c1' },
];
const context = contextOf(snapshotOf(fleet), farm);

async function ask<Options, Facts>(
  command: Command<FleetContext, Options, Facts>,
  asked: Readonly<Record<string, string>>,
  of: FleetContext = context,
) {
  const facts = await command.run(command.parse.parse(asked), of);
  const reply = saidInFrench((reader) => command.present(facts, { ...reader, nowMs: of.clock.now() }), textsOf);
  return { facts, headline: plainSpaces(reply.headline), texts: textsOf(reply).map(plainSpaces) };
}

describe('in Quebec', () => {
  it('status', async () => {
    const { headline, texts } = await ask(status, {});
    expect(headline).toBe(
      'Le parc : 10 GPU sur 3 rigs, 1 en minage, 4 loués, 0 inactif ; net en ce moment : 0,134 $ US par jour (est.) pour 1 GPU sur 10.',
    );
    expect(texts).toEqual(
      expect.arrayContaining([
        'hors du net : 9 GPU, puissance non publiée',
        'observé il y a 12 s via les exportateurs ; réponses : 6 cibles',
      ]),
    );
  });

  it('ASICs and miners that print no cards', async () => {
    const asics = [
      asicOf({ state: 'mining', hashrate: 1e14, algorithm: 'sha256d', powerWatts: 3_400 }),
      asicOf({ key: 's19/asic#1', state: 'idle-unlisted' }),
    ];
    const looseMiners = [looseMinerOf({ algorithm: 'randomx', hashrate: 17_000 })];
    const apart = [rigOf([], { name: 's19', asics }), rigOf([], { name: 'cpu', looseMiners })];
    const of = contextOf(snapshotOf(apart), farm);
    const { headline, texts } = await ask(status, {}, of);
    expect(headline).toBe(
      'Le parc : 0 GPU sur 2 rigs, 0 en minage, 0 loué, 0 inactif, et 2 ASIC, 1 en minage ; net en ce moment : inconnu.',
    );
    expect(texts).toEqual(
      expect.arrayContaining([
        'hors du net et de la puissance de l’installation : 2 ASIC',
        'hors du net et de la puissance de l’installation : 1 rig dont le mineur ne publie pas de carte',
      ]),
    );
    expect((await ask(rigs, {}, of)).texts).toEqual(
      expect.arrayContaining(['1 ASIC en minage, 1 ASIC inactif', '3,40 kW (1 ASIC sur 2) à la prise']),
    );
    expect((await ask(rig, { name: 'cpu' }, of)).headline).toBe(
      'cpu (quebec) : rig entier en minage, 17,00 kH/s randomx ; net en ce moment : inconnu ; meilleur usage inconnu.',
    );
  });

  it('profit', async () => {
    const { headline, texts } = await ask(profit, { rig: 'a1' });
    expect(headline).toBe(
      'a1 : le minage hors location donne le meilleur net, 2,14 $ US par jour (est.) pour 1 GPU ; le minage 0,134 $ US, la location de GPU 2,08 $ US, l’arrêt 0,00 $ US.',
    );
    expect(texts).toEqual(
      expect.arrayContaining([
        '4,9 % ; le vôtre : 60 % (déclaré)',
        'location RTX 3090 : 0,220 $ US par GPU-heure, côté locataire, commission 25 %, taux d’occupation 60 % déclaré ; statique, sans date',
        'hypothèse : puissance de l’hôte de 0 W (hostWatts n’est pas déclaré)',
      ]),
    );
  });

  it('one rig', async () => {
    const { headline, texts } = await ask(rig, { name: 'a1' });
    expect(headline).toBe(
      'a1 (quebec) : 1 en minage ; net en ce moment : 0,134 $ US par jour (est.) ; meilleur usage : le minage hors location, 2,14 $ US par jour (est.).',
    );
    expect(texts).toContainEqual(expect.stringMatching(/^#\S+ en minage : hashrate supérieur à 0$/));
  });

  it('rigs', async () => {
    const { headline, texts } = await ask(rigs, { state: 'mining' });
    expect(headline).toBe('1 rig (en minage ; tous les sites), par nom.');
    expect(texts).toEqual(expect.arrayContaining(['Net par jour (est.)', '1 en minage', 'inconnu']));
  });

  it('readiness', async () => {
    const { headline } = await ask(readiness, {});
    expect(headline).toMatch(
      /^50 % des 10 GPU \(parc entier\) pourraient atteindre en l’état le palier « vérifiable »/,
    );
    const { headline: one, texts } = await ask(readiness, { rig: 'b1' });
    expect(one).toBe(
      'b1 : palier « non convertible » en l’état ; palier « proposable » bloqué par 3 critères : C04 même modèle dans le rig, C06 processeur, C07 RAM du système.',
    );
    expect(texts).toContain('2 cœurs, 2 threads, pas d’AVX');
  });

  it('digest', async () => {
    const now = Date.parse('2026-11-22T17:00:00Z');
    const ledger = new MemoryLedger();
    const rented = { mined: [], stateSeconds: { ...noStates(), rented: 3600 } };
    for (let hour = 0; hour < 24; hour += 1) {
      const startMs = Date.parse('2026-11-21T05:00:00Z') + hour * 3_600_000;
      const income = { rig: 'b1', ...rented, rentedRevenue: { amount: 0.5, currency: 'USD' } };
      await ledger.commit({ rows: [northRow({ startMs }), northRow({ startMs, ...income })], accounts: [] });
    }
    const { headline, texts } = await ask(
      digest,
      {},
      contextOf(null, northFarm(), { ledger, clock: { now: () => now } }),
    );
    expect(headline).toBe(
      'Hier (2026-11-21) : l’IA a rapporté 12,00 $ US (est.), le minage 24,00 $ US (est.), soit 33 % des revenus pour l’IA ; il reste 24,00 $ US (est.) après l’électricité.',
    );
    expect(texts).toContain('cours RVN : 0,020 $ US par RVN (configuration, sans date)');
  });

  it.each(commands.map(({ name }) => name))('help %s', async (name) => {
    const help = commands.find((command) => command.name === 'help');
    expect(help).toBeDefined();
    const { texts } = await ask(help as AnyCommand<FleetContext>, { command: name });
    expect(texts[0]).toMatch(new RegExp(`^${name} — [A-ZÀ-Ý].*\\.$`));
  });
});

it('in France: the same words, French spaces and dollars', async () => {
  const say = sayIn('fr-FR', languages);
  const facts = await profit.run(profit.parse.parse({ rig: 'a1' }), context);
  expect(profit.present(facts, { ...quebec, locale: 'fr-FR', say }).headline).toMatch(
    /^a1\u202f: le minage hors location donne le meilleur net, 2,14\u00a0\$US par jour \(est\.\) pour 1 GPU\u202f; /,
  );
});

describe('what is wrong', () => {
  const vocabulary = createVocabulary(commands);

  async function mistake(line: string, of: FleetContext = context) {
    try {
      const question = findCommand(line, vocabulary);
      const parsed = question.command.parse.parse(bindOptions(question));
      await question.command.run(parsed, of);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const reply = mistakeReply(error, null, quebec);
      const text = reply.blocks[0]?.kind === 'text' ? reply.blocks[0].text : '';
      return [reply.headline, ...text.split('\n')].map(plainSpaces);
    }
    throw new Error(`"${line}" is no mistake`);
  }

  it.each([
    ['rig a2', ['Il n’y a pas de rig nommé « a2 ».', 'Vouliez-vous dire rig:a1 ?']],
    ['profit site:zzzzzz', ['Il n’y a pas de site nommé « zzzzzz ».', 'Tapez status pour les voir.']],
    [
      'prifit',
      [
        'Il n’y a pas de commande « prifit ».',
        'prifit',
        '^',
        'Vouliez-vous dire profit ? Tapez help pour voir ce que l’on peut demander.',
      ],
    ],
    [
      'profit sit:quebec',
      [
        'Il n’y a pas d’option « sit » ici.',
        'profit sit:quebec',
        '       ^',
        'Vouliez-vous dire site:quebec ? Options possibles : rig:RIG, site:SITE.',
      ],
    ],
    [
      'rigs sort:tmp',
      [
        '« tmp » n’est pas un choix possible pour sort.',
        'rigs sort:tmp',
        '     ^',
        'Vouliez-vous dire sort:temp ? Choix possibles : name, margin, temp, power, gpus.',
      ],
    ],
    ['rig', ['La commande rig exige l’option name.', 'Tapez rig RIG.']],
    [
      'rig "a1',
      ['Un guillemet est ouvert ici et jamais fermé.', 'rig "a1', '    ^', 'Fermez-le avec " après la valeur.'],
    ],
    ['rigs page:9', ['Il n’y a pas de page 9 : la dernière est 1.', 'Tapez rigs page:1.']],
    [
      'digest 2030-01-01',
      [
        'Le 2030-01-01 n’a pas encore commencé (fuseau UTC).',
        'Demandez today (aujourd’hui), yesterday (hier) ou une date antérieure.',
      ],
    ],
    ['help zzzzzz', ['Il n’y a pas de commande « zzzzzz ».', 'Tapez help pour voir toutes les commandes.']],
    ['readiness a1 site:texas', ['a1 ne fait pas partie du site texas.', 'Tapez readiness a1 seul.']],
  ])('%s', async (line, expected) => expect(await mistake(line)).toEqual(expected));

  it('before the first observation', async () => {
    expect(await mistake('status', contextOf(null, farm))).toEqual([
      'Il n’y a pas encore d’observation du parc.',
      'Réessayez dans un instant ; status dit quand il y en a une.',
    ]);
  });
});

it.each(['{x, plural, other {boom}}', "'", "{'", '<b>', 'é # {0}'])('a rig called %s is called so', async (name) => {
  const odd = contextOf(snapshotOf([rigOf([gpuOf({ state: 'down' })], { name, state: 'down' })]), farm);
  const { headline } = await ask(rig, { name }, odd);
  expect(headline).toBe(`${name} (quebec) est hors ligne : aucun de ses exportateurs ne répond.`);
});
