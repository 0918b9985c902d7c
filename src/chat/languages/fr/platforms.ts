import type { Catalogue } from '../say.ts';

/** What the adapters of Discord and Slack say around replies. */
export const frenchPlatforms = {
  'Ask about the fleet: profitability, readiness, rigs': 'Interroger le parc : rentabilité, aptitude, rigs',
  Ask: 'Demander',
  Cancel: 'Annuler',
  Choose: 'Choisir',
  'For {name}:': 'Pour {name} :',
  'Discord did not take the answer. The log of Rigshift says more.':
    'Discord n’a pas accepté la réponse. Le journal de Rigshift en dit plus.',
  '{name} is too large for Discord ({megabytes} MB). Ask for less: one site, or one page.':
    '{name} est trop volumineux pour Discord ({megabytes} Mo). Demandez-en moins : un seul site ou une seule page.',
  'This button is of an older version of Rigshift, which nothing answers any more.':
    'Ce bouton vient d’une version antérieure de Rigshift et ne répond plus.',
  'Ask again with /fleet; help lists what can be asked.':
    'Reposez la question avec /fleet ; help liste ce que l’on peut demander.',
  'Type /fleet here: then you alone see the answer. Or write it to me directly.':
    'Tapez /fleet ici : la réponse ne sera visible que de vous. Ou écrivez-moi directement.',
  'The answer to that is for you alone.': 'La réponse à cette question n’est que pour vous.',
  'Slack did not take the answer. The log of Rigshift says more.':
    'Slack n’a pas accepté la réponse. Le journal de Rigshift en dit plus.',
  '{names}: in your direct messages with Rigshift.': '{names} : dans vos messages directs avec Rigshift.',
  '{names} could not be uploaded to Slack. The log of Rigshift says more.':
    'Échec de l’envoi à Slack : {names}. Le journal de Rigshift en dit plus.',
  'With the answer to what you asked:': 'Avec la réponse à votre question :',
  'a number, such as 0.5': 'un nombre, comme 0.5',
  'The form came too late for Slack. Press the button again.':
    'Le formulaire est arrivé trop tard pour Slack. Appuyez de nouveau sur le bouton.',
  'Slack did not open the form. Press the button again, or type the command.':
    'Slack n’a pas ouvert le formulaire. Appuyez de nouveau sur le bouton, ou tapez la commande.',
} as const satisfies Catalogue;
