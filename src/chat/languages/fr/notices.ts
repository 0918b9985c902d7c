import type { Catalogue } from '../say.ts';

/** Phrases of what the admins of a platform are told. */
export const frenchNotices = {
  'Rigshift may not register /fleet in server {server}.':
    'Rigshift n’a pas le droit d’enregistrer /fleet sur le serveur {server}.',
  'Invite it again with the scope applications.commands; mentions work meanwhile.':
    'Invitez-le à nouveau avec la portée applications.commands ; en attendant, les mentions fonctionnent.',
  'Rigshift may not write in channel {channel} on Discord ({reason}).':
    'Rigshift n’a pas le droit d’écrire dans le salon {channel} sur Discord ({reason}).',
  'Give its role View Channel, Send Messages, Send Messages in Threads, Embed Links, Attach Files and Read Message History there.':
    'Donnez-y à son rôle les permissions Voir le salon, Envoyer des messages, Envoyer des messages dans les fils, Intégrer des liens, Joindre des fichiers et Voir les anciens messages (View Channel, Send Messages, Send Messages in Threads, Embed Links, Attach Files, Read Message History).',
  'Channel {channel} is not on Discord any more, or Rigshift was removed from its server.':
    'Le salon {channel} n’existe plus sur Discord, ou Rigshift a été retiré de son serveur.',
  'What should be said there is not said.': 'Ce qui devait y être dit n’est pas dit.',
  'Discord does not let Rigshift write to the user of direct channel {channel}.':
    'Discord n’autorise pas Rigshift à écrire en message privé (salon {channel}).',
  "Set chat.discord.adminChannel, or let the server's members write to you.":
    'Réglez chat.discord.adminChannel, ou autorisez les membres du serveur à vous écrire.',
  'A {priority} for channel {channel} was not posted and will not be tried again.':
    '{priority, select, page {Une alerte} reply {Une réponse} digest {Un bilan} edit {Une modification} other {{priority}}} pour {channel} : échec de la publication, sans nouvel essai.',
  'A {priority} for channel {channel} may or may not have been posted: look there, it will not be posted again.':
    '{priority, select, page {Une alerte} reply {Une réponse} digest {Un bilan} edit {Une modification} other {{priority}}} pour {channel} : publication incertaine ; vérifiez sur place, il n’y aura pas de nouvel essai.',
  'It says: {text}': 'Son texte : {text}',
  'Discord asks to wait.': 'Discord demande d’attendre.',
  'Slack asks to wait.': 'Slack demande d’attendre.',
  'Discord refuses the bot token.': 'Discord refuse le jeton du bot.',
  'Slack refuses the bot token.': 'Slack refuse le jeton du bot.',
  'Slack opened no direct messages with the admin.': 'Slack n’a pas ouvert de messages directs avec l’administrateur.',
  'Rigshift is not in channel {channel} on Slack.': 'Rigshift n’est pas dans le canal {channel} sur Slack.',
  'Invite it there: /invite @Rigshift.': 'Invitez-le dans ce canal : /invite @Rigshift.',
  'There is no channel {channel} on Slack that Rigshift can see.': 'Rigshift ne voit aucun canal {channel} sur Slack.',
  'If it is private, invite Rigshift there: /invite @Rigshift.':
    'S’il est privé, invitez-y Rigshift : /invite @Rigshift.',
  'Channel {channel} on Slack is archived.': 'Le canal {channel} sur Slack est archivé.',
  'What should be said there is not said: unarchive it, or name another one.':
    'Ce qui devait y être dit n’est pas dit : désarchivez-le, ou indiquez-en un autre.',
  'What should be changed there is not changed: unarchive it, or name another one.':
    'Ce qui devait y être modifié ne l’est pas : désarchivez-le, ou indiquez-en un autre.',
  "The settings of Slack's channel {channel} do not let Rigshift post there.":
    'Les réglages du canal {channel} sur Slack n’autorisent pas Rigshift à y publier.',
  "Allow it in the channel's posting permissions.": 'Autorisez-le dans les permissions de publication du canal.',
  'The Slack app lacks a scope that Rigshift needs in channel {channel}.':
    'Il manque à l’application Slack une portée (scope) dont Rigshift a besoin dans le canal {channel}.',
  'Install it again with deploy/slack/manifest.yaml.': 'Réinstallez-la avec deploy/slack/manifest.yaml.',
  'The Slack app takes no direct messages: switch its Messages tab on, as deploy/slack/manifest.yaml does.':
    'L’application Slack n’accepte pas de messages directs : activez son onglet Messages, comme le fait deploy/slack/manifest.yaml.',
} as const satisfies Catalogue;
