import type { types } from '@slack/bolt';
import { type Form, formOf, lineOfForm } from '../../src/chat/form.ts';
import type { ChatHost } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Answering, Question } from './answering.ts';
import type { SlackApi } from './api.ts';
import { isRefusal } from './api-failure.ts';
import { decodeFormContext, encodeFormContext, type FormContext } from './form-context.ts';
import type { People } from './people.ts';
import { renderForm, type ViewState, valuesOfView } from './render-form.ts';

/** How Slack says that a trigger's three seconds are over. */
const spentTrigger = ['expired_trigger_id', 'exchanged_trigger_id', 'invalid_trigger_id'] as const;

export interface SubmittedView {
  readonly private_metadata: string;
  readonly state: { readonly values: ViewState };
}

/** What a submitted form asks, or what is wrong with it by the block of each mistaken input. */
export type Submitted =
  | { readonly kind: 'line'; readonly line: string; readonly context: FormContext }
  | { readonly kind: 'mistakes'; readonly errors: Readonly<Record<string, string>> }
  /** Nothing that this version asks. */
  | { readonly kind: 'unknown' };

export interface FormsOptions {
  readonly api: SlackApi;
  readonly host: ChatHost;
  readonly people: People;
  readonly answering: Answering;
  readonly log: Log;
}

/** Forms that ask for a command's options: opened by a button, submitted as a line. */
export class Forms {
  readonly #options: FormsOptions;

  constructor(options: FormsOptions) {
    this.#options = options;
  }

  /** Opens the form of the command that a line begins; false where there is none. Never throws. */
  async open(line: string, triggerId: string, pressed: Omit<Question, 'line'>): Promise<boolean> {
    const { api, host, people, log } = this.#options;
    const form = formOf(line, host.commands);
    if (form === null || form.fields.length === 0) return false;
    const { place, userId, isPrivate, id } = pressed;
    const view: types.ModalView = {
      ...renderForm(form, host.presentation(await people.localeSoon(userId))),
      private_metadata: encodeFormContext({ command: form.command, ...place, isPrivate }),
    };
    try {
      await api.call('views.open', { trigger_id: triggerId, view });
    } catch (err) {
      log.warn({ err, id }, 'form not opened');
      await this.#notOpened(pressed, isRefusal(err, ...spentTrigger));
    }
    return true;
  }

  submitted({ private_metadata, state }: SubmittedView, userId: string): Submitted {
    const { host, people } = this.#options;
    const context = decodeFormContext(private_metadata);
    const form = context === null ? null : formOf(context.command, host.commands);
    if (context === null || form === null) return { kind: 'unknown' };
    const values = valuesOfView(state.values);
    const { say } = host.presentation(people.localeOf(userId));
    const errors = mistakesIn(form, values, say('a number, such as 0.5'));
    if (Object.keys(errors).length > 0) return { kind: 'mistakes', errors };
    return { kind: 'line', line: lineOfForm(form.command, values), context };
  }

  async #notOpened(pressed: Omit<Question, 'line'>, wasLate: boolean): Promise<void> {
    await this.#options.answering.whisper(pressed, (say) => ({
      headline: wasLate
        ? say('The form came too late for Slack. Press the button again.')
        : say('Slack did not open the form. Press the button again, or type the command.'),
      blocks: [],
      next: [],
    }));
  }
}

/** Only what is certain: everything else the command itself says, with the line that it was asked. */
function mistakesIn(form: Form, values: Readonly<Record<string, string | null>>, needed: string) {
  const mistaken = form.fields.filter(({ name, kind }) => {
    const value = values[name]?.trim() ?? '';
    return kind === 'number' && value !== '' && !/\d/.test(value);
  });
  return Object.fromEntries(mistaken.map(({ name }) => [name, needed]));
}
